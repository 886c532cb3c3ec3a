"""Answering a question: understand it, ask the index, and say what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from gongkai.core.finding.asking.answer import Answer, Block, Item, Nearest
from gongkai.core.finding.asking.blocks import block_of
from gongkai.core.finding.asking.finds import finds
from gongkai.core.finding.asking.items import item_of
from gongkai.core.finding.asking.question import FACETS, MAX_PAGE, PAGE_SIZE, SORTS, Question
from gongkai.core.finding.asking.recommending import led, recommended, without_stop_words
from gongkai.core.finding.asking.wording import Wording, as_typed, worded
from gongkai.core.finding.curating.queries import NO_WORDS, Words
from gongkai.search.analysis.fold import tight
from gongkai.search.port import Match, Range, Request, Results, Searcher
from gongkai.search.understanding.data import abbreviations
from gongkai.search.understanding.model import IntentKind, Understood
from gongkai.search.understanding.understand import understand
from gongkai.search.understanding.vocabulary.store import Vocabulary

_FACETS = tuple(FACETS.values())
_LAST_DAY = date(9999, 12, 30)
_NONE = ("-",)
_NEAR, _SHORTEST = 4, 2


def answer(
    question: Question,
    today: date,
    searcher: Searcher,
    vocabulary: Vocabulary,
    organs: Mapping[str, str] | None = None,
    *,
    words: Words = NO_WORDS,
    understood: Understood | None = None,
) -> Answer:
    """The answer to `question`.

    `organs` are the names of the facet's values, for who names an organ in words (机关:民政局), `words` the editors' entries,
    `understood` what the words mean where that is known. Any words are answered. Raises IndexMissing, IndexOutdated,
    IndexDamaged, EngineUnreachable.
    """
    said = without_stop_words(understood or understand(question.words, vocabulary, today, words.own), words)
    if said.is_empty and not said.excluded and not question.is_narrowed:
        return Answer(question, unread=True, nearest=Nearest())
    wording = as_typed(said) if question.as_typed else worded(said, searcher)
    chosen = _chosen(question, said, organs or {}, searcher)
    request = _request(question, said, wording, chosen)
    results = _found(request, searcher)
    number = wording.number
    if number and not results.total:
        wording = as_typed(said)
        request = _request(question, said, wording, chosen)
        results = _found(request, searcher)
    items = tuple(item_of(hit, request, searcher) for hit in results.hits)
    first = question.page == 1
    block = block_of(said, items, searcher) if first and not question.as_typed else None
    best = recommended(question, said, words, searcher)
    total = max(results.total, len(best))
    return Answer(
        question=question,
        items=_beside(led(items, best), block),
        total=total,
        whole=max(results.whole, len(best)),
        facets={name: results.facets.get(field, ()) for name, field in FACETS.items()},
        more=bool(results.after) and question.page < MAX_PAGE,
        block=block,
        instead=wording.instead,
        from_letters=bool(wording.instead and said.readings),
        offered=wording.offered,
        dates=() if question.since or question.until or question.year else said.dates,
        absent=number if first and not block and not question.is_narrowed else "",
        shortened=results.shortened,
        nearest=None if total else _nearest(question, said, request, searcher, vocabulary),
    )


def _request(question: Question, said: Understood, wording: Wording, chosen: Mapping[str, Sequence[str]]) -> Request:
    return Request(
        wording.text,
        phrases=wording.phrases,
        excluded=said.excluded,
        sayings=wording.sayings,
        chosen=chosen,
        ranges=_ranges(question),
        facets=_FACETS,
        sort=SORTS.get(question.sort),
        size=PAGE_SIZE,
        offset=(min(max(question.page, 1), MAX_PAGE) - 1) * PAGE_SIZE,
        grouped=True,
    )


def _chosen(question: Question, said: Understood, organs: Mapping[str, str], searcher: Searcher) -> Mapping[str, Sequence[str]]:
    """What was chosen; what the words themselves ask for by 机关: and 年: narrows it."""
    chosen: dict[str, Sequence[str]] = {field: question.chosen(name) for name, field in FACETS.items() if question.chosen(name)}
    named: dict[str, Sequence[str]] = {}
    if said.filters.organs:
        named["organ"] = _named(said.filters.organs, organs, searcher)
    if said.filters.years:
        named["day"] = tuple(map(str, said.filters.years))
    for field, values in named.items():
        both = tuple(value for value in values if value in chosen[field]) if field in chosen else values
        chosen[field] = both or _NONE
    return chosen


def _named(typed: Sequence[str], organs: Mapping[str, str], searcher: Searcher) -> tuple[str, ...]:
    """The organs with papers whose names have one of these words in them, or what a short name stands for."""
    there = searcher.search(Request(facets=("organ",), size=1, counted=False, marked=False)).facets["organ"]
    forms = {tight(name) for name in typed} | {pair.official for name in typed for pair in abbreviations().get(tight(name), ())}
    named = ((count.value, tight(organs.get(count.value, count.value))) for count in there)
    return tuple(value for value, name in named if any(form and form in name for form in forms))


def _ranges(question: Question) -> dict[str, Range]:
    ranges = {"day": Range(question.since, question.until)} if question.since or question.until else {}
    if question.as_of:
        day = min(question.as_of, _LAST_DAY)
        ranges |= {"from": Range(None, day), "until": Range(day + timedelta(days=1), None)}
    return ranges


def _found(request: Request, searcher: Searcher) -> Results:
    """In an order by day or organ what has a part of the words would stand before what has all: only where nothing has all."""
    if request.sort and request.text:
        strict = searcher.search(replace(request, match=Match.ALL))
        if strict.total:
            return strict
    return searcher.search(request)


def _beside(items: tuple[Item, ...], block: Block | None) -> tuple[Item, ...]:
    """What a block has said, the list below it does not say again: the organ, the document of that number, the clause."""
    if block is None or block.kind in (IntentKind.DISCLOSURE_REQUEST, IntentKind.FORM):
        return items
    if block.kind is IntentKind.CLAUSE:
        return (replace(items[0], extract=()), *items[1:])
    told = {item.id for item in block.items}
    return tuple(item for item in items if item.id not in told)


def _nearest(question: Question, said: Understood, request: Request, searcher: Searcher, vocabulary: Vocabulary) -> Nearest:
    unconditioned = 0
    if question.is_narrowed:
        counting = replace(request, chosen={}, ranges={}, facets=(), size=1, offset=0, marked=False, grouped=False, depth=1)
        unconditioned = searcher.search(counting).total
    return Nearest(unconditioned, tuple(_near_words(said.whole or "".join(said.phrases[:1]), searcher, vocabulary)))


def _near_words(typed: str, searcher: Searcher, vocabulary: Vocabulary) -> Iterator[str]:
    """Words that begin as what was typed does, and that stand somewhere; as long a beginning as any word has."""
    for length in range(min(len(typed), 12), _SHORTEST - 1, -1):
        ahead = [word for word in vocabulary.ahead(typed[:length], _NEAR) if word != typed]
        found = [word for word in ahead if finds(searcher, phrase=word)]
        if found:
            yield from found
            return
