"""What is shown of a hit: its title with the words found in it, and the passage that answers. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from gongkai.search.analysis.fold import spaced, tight_with_places
from gongkai.search.analysis.grams import END, pairs
from gongkai.search.analysis.passages import WINDOW_END, body_of
from gongkai.search.planning import Plan
from gongkai.search.port import Collection, Extract, Hit, Kind, Piece
from gongkai.search.ranking import Scale

EXTRACT = 160
"""Characters of a passage that are shown at most."""
_BEFORE = 40
_SENTENCE_ENDS = "。；;！？\n"


@dataclass(frozen=True, slots=True)
class Found:
    """A document as an engine found it: its score, the window that answers, and what was stored of it.

    `told` is what `prepare` wrote of it; `text` gives the text of its n-th passage.
    """

    score: float
    window: int
    folded: str
    told: Mapping[str, Any]
    text: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked where it stands: folded texts, the longest first, but none of `seams` by itself."""

    texts: tuple[str, ...] = ()
    seams: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.texts)

    def within(self, folded: str) -> Marks:
        """Those that stand in a folded text."""
        return Marks(tuple([text for text in self.texts if text in folded]), self.seams)


def hit_of(found: Found, collection: Collection, marks: Marks, scale: Scale) -> Hit:
    """What is shown of a document; with `marks`, its texts in pieces and the passage that answers."""
    told, values, marked = found.told, {}, {}
    heads = iter(found.folded.split(END))
    for field in collection.fields:
        head = next(heads) if field.kind is Kind.TEXT else ""
        if (listed := told["values"].get(field.name)) is None:
            continue
        value = values[field.name] = _value(listed, field.kind)
        if marks and field.kind is Kind.TEXT:
            marked[field.name] = pieces(str(value), marks.within(head))
    return Hit(told["id"], found.score, told["group"], values, marked, _extract(found, marks, scale) if marks else None)


def _value(listed: Sequence[str], kind: Kind) -> str | float | tuple[str, ...]:
    if kind is Kind.KEYWORD:
        return tuple(listed)
    return float(listed[0]) if kind is Kind.NUMBER else " ".join(listed)


def _extract(found: Found, marks: Marks, scale: Scale) -> Extract | None:
    """The best passage of the best window; of a document found by its title alone, the first."""
    passages = found.told["passages"]
    if not passages:
        return None
    best = 0
    if found.window >= 0:
        ends = list(accumulate([folded for _, _, folded in passages], initial=0))
        windows = found.folded.rpartition(END)[2].split(WINDOW_END)
        start = sum(map(len, windows[: found.window])) - max(found.window - 1, 0)  # each but the first repeats one character
        stop = start + len(windows[found.window]) - bool(found.window)
        best = bisect_right(ends, start) - 1
        last = bisect_left(ends, stop)
        if last > best + 1:
            body = body_of(WINDOW_END.join(windows))
            weights = scale.windows(WINDOW_END.join([body[ends[n] : ends[n + 1]] for n in range(best, last)]))
            best += weights.index(max(weights))
    return Extract(passages[best][0], extract(found.text(best), marks))


def sought(plan: Plan) -> Marks:
    """What is marked of a question: pairs of the question and forms that these do not make up, phrases in every spelling."""
    forms = {form for concept in plan.concepts for form in concept if not plan.pairs.keys() >= set(pairs(form))}
    spelled = [form for phrase in plan.phrases for form in phrase]
    return Marks(tuple(sorted({*plan.pairs, *forms, *spelled}, key=len, reverse=True)), plan.seams)


def pieces(text: str, marks: Marks) -> tuple[Piece, ...]:
    """`text` in pieces, those that say one of `marks` told apart."""
    if not marks:
        return (Piece(text),) if text else ()
    folded, places = spaced(text), None
    if len(folded) != len(text):  # some character is folded into several
        folded, places = tight_with_places(text)
    shown, at = [], 0
    for start, end in _hits(folded, marks):
        first, last = (start, end) if places is None else (places[start], places[end - 1] + 1)
        if first > at:
            shown.append(Piece(text[at:first]))
        shown.append(Piece(text[first:last], hit=True))
        at = last
    return tuple([*shown, Piece(text[at:])] if at < len(text) else shown)


def _hits(folded: str, marks: Marks) -> list[tuple[int, int]]:
    """Where marks stand, those that touch or overlap as one."""
    spots = []
    for mark in marks.texts:
        start = folded.find(mark)
        while start >= 0:
            spots.append((start, start + len(mark)))
            start = folded.find(mark, start + 1)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spots):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return [(start, end) for start, end in joined if folded[start:end] not in marks.seams]


def extract(text: str, marks: Marks) -> tuple[Piece, ...]:
    """The part of a passage that says most of what was sought, in pieces; … where something is left out."""
    found = pieces(text, marks)
    if len(text) <= EXTRACT:
        return found
    start = _best_start(found, len(text))
    end = start + EXTRACT
    shown = [Piece("…")] if start else []
    at = 0
    for piece in found:
        if part := piece.text[max(0, start - at) : max(0, end - at)]:
            shown.append(Piece(part, piece.hit))
        at += len(piece.text)
    return tuple([*shown, Piece("…")] if end < len(text) else shown)


def _best_start(found: Sequence[Piece], length: int) -> int:
    """Where the span of EXTRACT characters with the most marked ones begins, a little before its first mark."""
    hits, at = [], 0
    for piece in found:
        if piece.hit:
            hits.append((at, len(piece.text)))
        at += len(piece.text)
    covered = [sum(size for place, size in hits if start <= place <= start + EXTRACT - _BEFORE) for start, _ in hits]
    first = hits[covered.index(max(covered))][0] if hits else 0
    text = "".join(piece.text for piece in found)
    begun = max(text.rfind(mark, max(0, first - _BEFORE), first) for mark in _SENTENCE_ENDS) + 1
    return min(begun or max(0, first - _BEFORE // 2), max(0, length - EXTRACT)) if first > _BEFORE // 2 else 0
