"""This site's own index, asked: what faces call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import present_names
from gongkai.core.finding.asking.answer import Answer
from gongkai.core.finding.asking.answering import answer
from gongkai.core.finding.asking.items import shown
from gongkai.core.finding.asking.question import Question
from gongkai.core.finding.asking.suggesting import Suggested, suggest
from gongkai.core.finding.counting.queries import past_questions
from gongkai.core.finding.curating.actions import TAG
from gongkai.core.finding.curating.queries import words_now
from gongkai.core.finding.opening import searcher, vocabulary
from gongkai.core.freshness.touching import kept
from gongkai.search.port import LARGEST_PAGE, Request, SearchError, Stamp
from gongkai.search.understanding.model import Understood
from gongkai.search.understanding.understand import understand
from gongkai.search.understanding.vocabulary.store import Vocabulary


def answered(question: Question, today: date) -> Answer:
    """What the site answers. Raises IndexMissing, IndexOutdated, IndexDamaged, EngineUnreachable, VocabularyUnreadable."""
    if question.is_blank:  # nothing to look for, and so nothing that an index is needed for
        return Answer(question)
    words, known = words_now(), vocabulary()
    said = _understood(question.words, today, known)
    return answer(question, today, searcher(), known, organ_names(), words=words, understood=said)


@kept(1_000, of=(TAG,))
def _understood(words: str, today: date, known: Vocabulary) -> Understood:
    """Who asks something narrows it, orders it and turns its pages; what was meant stays the same."""
    return understand(words, known, today, words_now().own)


def state() -> tuple[Stamp, Vocabulary]:
    """Which index and vocabulary answer now: while they are the same, so are all answers of a day. Raises as `answered` does."""
    return searcher().stamp(), vocabulary()


def suggested(typed: str) -> list[Suggested]:
    """What goes on from what was typed. Raises as `answered` does."""
    return suggest(typed, searcher(), vocabulary(), past_questions(), words_now())


@kept(1)
def organ_names() -> Mapping[str, str]:
    """What the organs of this government are called, by code, as the facet has them."""
    names = present_names()
    return {code: names[pk] for pk, code in Agency.objects.values_list("pk", "code") if pk in names}


def titles_at(addresses: Sequence[str]) -> Mapping[str, str] | None:
    """What the public pages at these paths are called, without those that cannot be found; None while nothing can be asked."""
    wanted = tuple(dict.fromkeys(address for address in addresses if address))
    if not wanted:
        return {}
    try:
        parts = (wanted[start : start + LARGEST_PAGE] for start in range(0, len(wanted), LARGEST_PAGE))
        asked = (Request(chosen={"address": part}, size=LARGEST_PAGE, counted=False, marked=False) for part in parts)
        return {item.address: item.name for request in asked for item in map(shown, searcher().search(request).hits)}
    except SearchError:
        return None
