"""What many people asked: figures for editors, questions for suggestions. Nothing of fewer than five."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Max, Sum

from gongkai.core.finding.counting.actions import TAG
from gongkai.core.finding.counting.marking import ENOUGH, as_bits, at_least
from gongkai.core.finding.curating.entries import Kind
from gongkai.core.finding.curating.queries import words_now
from gongkai.core.finding.models import Crowd, Opening, Tally, Word
from gongkai.core.freshness.touching import kept
from gongkai.search.analysis.fold import tight

SPANS = (7, 28, 90)
_MOST = 200
_MOST_SUGGESTED = 2_000
_SELDOM = 0.2  # of the askings that found something


class Report(StrEnum):
    """Which questions: those without results, from whose results next to nobody opened anything, asked anew, or all."""

    EMPTY = "empty"
    UNOPENED = "unopened"
    ANEW = "anew"
    MOST = "most"


LABELS = {Report.EMPTY: "没有结果的", Report.UNOPENED: "没人点开的", Report.ANEW: "换了说法再问的", Report.MOST: "问得最多的"}


@dataclass(frozen=True, slots=True)
class Figures:
    """How a question was asked in a span of days. A figure of one to four is None: it may be one person's."""

    question: str
    askings: int
    empty: int | None
    opened: int | None
    anew: int | None
    last: date


def report(which: Report, today: date, days: int) -> list[Figures]:
    """The questions of a report over the last days, the weightiest first, two hundred at most."""
    asked = (
        Tally.objects.filter(day__gt=today - timedelta(days=days), day__lte=today)
        .exclude(crowd__question="")
        .values("crowd__question")
        .annotate(n=Sum("askings"), e=Sum("empty"), o=Sum("opened"), a=Sum("anew"), last=Max("day"))
        .filter(n__gte=ENOUGH)
    )
    by = {Report.EMPTY: "-e", Report.UNOPENED: "-n", Report.ANEW: "-a", Report.MOST: "-n"}[which]
    if which in (Report.EMPTY, Report.ANEW):
        asked = asked.filter(**{f"{by[1]}__gte": ENOUGH})
    words, found = words_now(), list[Figures]()
    for row in asked.order_by(by, "crowd__question"):
        answered = row["n"] - row["e"]
        if which is Report.UNOPENED and not (answered >= ENOUGH and row["o"] < _SELDOM * answered):
            continue
        if words.are_blocked(row["crowd__question"]):
            continue
        found.append(Figures(row["crowd__question"], row["n"], _shown(row["e"]), _shown(row["o"]), _shown(row["a"]), row["last"]))
        if len(found) == _MOST:
            break
    return found


def _shown(figure: int) -> int | None:
    return None if 0 < figure < ENOUGH else figure


def is_known(question: str) -> bool:
    """Whether a question is many people's."""
    return Crowd.objects.filter(question=question).exclude(question="").exists()


@kept(1, of=(TAG,))
def past_questions() -> tuple[str, ...]:
    """Questions of many people, the most asked first; whether they still find something is the caller's to see."""
    found = Crowd.objects.exclude(question="").values("question").annotate(n=Sum("tally__askings")).filter(n__gte=ENOUGH)
    return tuple(found.order_by("-n").values_list("question", flat=True)[:_MOST_SUGGESTED])


@dataclass(frozen=True, slots=True)
class Learned:
    """A page that at least five people opened from a question that no entry of the editors leads there yet."""

    question: str
    address: str
    people: int


def learned() -> list[Learned]:
    """What people open from their questions, most people first; a hundred at most. Titles are the caller's to compare."""
    told = set(Word.objects.filter(kind__in=(Kind.BEST, Kind.REFUSED)).values_list("folded", "target"))
    return sorted(_learned(told), key=lambda one: (-one.people, one.question))[:100]


def _learned(told: set[tuple[str, str]]) -> Iterator[Learned]:
    bits: dict[tuple[str, str], int] = {}
    opened = Opening.objects.exclude(crowd__question="").order_by("-pk").values_list("crowd__question", "address", "bits")
    words = words_now()
    for question, address, kept_bits in opened[:20_000]:
        bits[question, address] = max(bits.get((question, address), 0), as_bits(kept_bits), key=at_least)
    for (question, address), found in bits.items():
        if at_least(found) >= ENOUGH and (tight(question), address) not in told and not words.are_blocked(question):
            yield Learned(question, address, at_least(found))
