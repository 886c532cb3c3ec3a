"""What editors say of words, for pages and for answering."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gongkai.core.finding.curating.actions import TAG
from gongkai.core.finding.curating.entries import LABELS, STREAM, WORDS, Change, Entry, Kind, turns
from gongkai.core.finding.models import Word
from gongkai.core.freshness.touching import kept
from gongkai.core.ledger.append import Stream
from gongkai.core.ledger.happened import Happened
from gongkai.core.ledger.projections import recorded
from gongkai.core.staff.queries import names_of
from gongkai.search.analysis.fold import tight
from gongkai.search.understanding.data import Pair
from gongkai.search.understanding.expanding import NOTHING_OWN, Own

_MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Words:
    """The entries in force: own synonyms, addresses of best bets by folded question, folded stop and blocked words."""

    own: Own = NOTHING_OWN
    best: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stop: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()

    def are_blocked(self, text: str) -> bool:
        """Whether a blocked word stands in a text."""
        folded = tight(text) if self.blocked else ""
        return any(word in folded for word in self.blocked)


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in a list, who made it so and when; `sequence` tells a later state from this one."""

    number: int
    entry: Entry
    who: str
    at: datetime
    sequence: int


@kept(1, of=(TAG,))
def words_now() -> Words:
    """The entries in force."""
    pairs: dict[str, list[Pair]] = {}
    best: dict[str, list[str]] = {}
    off: set[tuple[str, str]] = set()
    plain: dict[str, list[str]] = {Kind.STOP: [], Kind.BLOCKED: []}
    for kind, folded, target, weight in Word.objects.order_by("pk").values_list("kind", "folded", "target", "weight"):
        if kind == Kind.SYNONYM and weight:
            pairs.setdefault(folded, []).append(Pair(folded, target, weight))
        elif kind == Kind.SYNONYM:
            off.add((folded, tight(target)))
        elif kind == Kind.BEST:
            best.setdefault(folded, []).append(target)
        elif kind in plain:
            plain[kind].append(folded)
    return Words(
        Own({said: tuple(found) for said, found in pairs.items()}, max(map(len, pairs), default=0), frozenset(off)),
        {said: tuple(addresses) for said, addresses in best.items()},
        tuple(sorted(plain[Kind.STOP], key=len, reverse=True)),
        tuple(plain[Kind.BLOCKED]),
    )


def rows(kind: str = "", words: str = "", *, start: int = 0, size: int = 50) -> tuple[list[Row], int]:
    """Entries of a kind (all but the refused, for none) with these words in them, the newest first; and how many there are."""
    found = Word.objects.filter(kind=kind) if kind else Word.objects.exclude(kind=Kind.REFUSED)
    if folded := tight(words):
        found = found.filter(folded__contains=folded) | found.filter(target__contains=words)
    total = found.count()
    return _rows(found.order_by("-changed_at", "-pk")[start : start + size]), total


def row(number: int) -> Row | None:
    """One entry."""
    return next(iter(_rows(Word.objects.filter(pk=number))), None)


def all_entries() -> list[Entry]:
    """Every entry, in the order in which they were made."""
    return [_entry(one) for one in Word.objects.order_by("pk")]


def is_refused(question: str, address: str) -> bool:
    """Whether an editor does not want this page for this question."""
    return Word.objects.filter(kind=Kind.REFUSED, folded=tight(question), target=address).exists()


def _rows(found: Iterable[Word]) -> list[Row]:
    listed = list(found)
    who = names_of(one.actor for one in listed)
    return [Row(one.pk, _entry(one), who[one.actor], one.changed_at, one.sequence) for one in listed]


def _entry(one: Word) -> Entry:
    return Entry(Kind(one.kind), one.said, one.target, one.weight, one.note)


@dataclass(frozen=True, slots=True)
class Past:
    """A change of the entries: who made it, when, and lines of (kind, before, after); `more` lines are not shown."""

    at: datetime
    who: str
    lines: list[tuple[str, str, str]]
    more: int = 0


def history(size: int = 100) -> list[Past]:
    """The last changes, the newest first."""
    happened = list(turns(recorded(Stream(STREAM, WORDS))))[-size:]
    who = names_of(event.actor for event, _ in happened)
    return [
        Past(event.happened_at, who[event.actor], lines(changes), max(0, len(changes) - _MOST_LINES))
        for event, changes in reversed(happened)
    ]


def lines_of_last(happened: Iterable[Happened]) -> list[tuple[str, str, str]]:
    """What the last of these events changed, as (kind, before, after)."""
    found: list[Change] = []
    for _, found in turns(happened):  # noqa: B007 - the last one counts
        pass
    more = len(found) - _MOST_LINES
    return [*lines(found), *([("另有", "", f"{more} 条")] if more > 0 else [])]


def lines(changes: Iterable[Change]) -> list[tuple[str, str, str]]:
    """Changes as people read them, the first twenty."""
    out = []
    for before, after in list(changes)[:_MOST_LINES]:
        kind = (after or before or Entry(Kind.STOP, "")).kind
        out.append((LABELS[kind], _told(before), _told(after)))
    return out


def _told(entry: Entry | None) -> str:
    return "" if entry is None else f"{entry.told}{f'　{entry.note}' if entry.note else ''}"
