"""Bringing the index in line with what changed, a little at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from gongkai.core.finding.collection import id_of
from gongkai.core.finding.models import Change
from gongkai.core.finding.offers import Offer, offers
from gongkai.core.finding.outbox import REBUILD
from gongkai.search.port import Indexer

_CHANGES_AT_ONCE = 200
RECORDS_AT_ONCE = 50


@dataclass(slots=True)
class _Round:
    """An offer of which every record is brought in again, and the changes that are settled by that."""

    offer: Offer
    changes: list[int] = field(default_factory=list)
    left: Iterator[Sequence[int]] | None = None  # None before it has begun


class Feeder:
    """Feeds one indexer from the outbox. What it had not finished is begun again by the next one.

    A change is struck only when the index has been committed with it, and what is indexed is read after the change
    was seen, so a feeder that dies loses nothing. Records that are asked for one by one come before rounds.
    """

    def __init__(self, indexer: Indexer) -> None:
        self._indexer = indexer
        self._rounds: deque[_Round] = deque()
        self._held: set[int] = set()
        self._day: date | None = None
        self.rebuild_asked = False

    def feed(self, today: date) -> bool:
        """Take the next changes in; False where nothing was left to be done."""
        self._begin_day(today)
        fed = self.feed_changes(today)
        return self._go_on(today) or fed

    def feed_changes(self, today: date) -> bool:
        """Take in the records that changed one by one, and note what asks for more; False where there were none."""
        changes = list(Change.objects.exclude(pk__in=self._held).order_by("pk").values_list("pk", "tag")[:_CHANGES_AT_ONCE])
        wanted = {
            offer.name: (offer, {key for _, tag in changes if (key := offer.key_of(tag)) is not None}) for offer in offers()
        }
        for offer, keys in wanted.values():
            self._bring(offer, sorted(keys), today)
        if any(keys for _, keys in wanted.values()):
            self._indexer.commit()
        for number, tag in changes:
            self._note(number, tag)
        strike([number for number, _ in changes if number not in self._held])
        return bool(changes)

    def _note(self, number: int, tag: str) -> None:
        """A change that asks for a whole round, or for everything, is struck when that is done."""
        if tag == REBUILD:
            self.rebuild_asked = True
            self._held.add(number)
        for offer in offers():
            if tag in offer.whole:
                self._round(offer).changes.append(number)
                self._held.add(number)

    def take_rounds(self) -> list[int]:
        """The changes that wait for a round or for everything, now the caller's to do and to strike."""
        self._rounds.clear()
        self.rebuild_asked = False
        return sorted(self._held)

    def done(self, changes: Sequence[int]) -> None:
        """Strike changes that the caller has taken over."""
        strike(changes)
        self._held.difference_update(changes)

    def _round(self, offer: Offer) -> _Round:
        """The next round of an offer that has not begun yet."""
        found = next((one for one in self._rounds if one.offer is offer and one.left is None), None)
        if found is None:
            self._rounds.append(found := _Round(offer))
        return found

    def _begin_day(self, today: date) -> None:
        if self._day not in (None, today):
            for offer in offers():
                if offer.daily:
                    self._round(offer)
        self._day = today

    def _go_on(self, today: date) -> bool:
        """One step of the first round."""
        if not self._rounds:
            return False
        first = self._rounds[0]
        if first.left is None:
            first.left = parts(first.offer.keys(), RECORDS_AT_ONCE)
        if (keys := next(first.left, None)) is not None:
            self._bring(first.offer, keys, today)
            self._indexer.commit()
            return True
        self._rounds.popleft()
        waiting = {number for one in self._rounds for number in one.changes}
        self.done([number for number in first.changes if number not in waiting])
        return True

    def _bring(self, offer: Offer, keys: Sequence[int], today: date) -> None:
        if not keys:
            return
        documents = list(offer.documents(keys, today))
        there = {document.id for document in documents}
        self._indexer.delete(name for key in keys if (name := id_of(offer.name, key)) not in there)
        self._indexer.index(documents)


def parts(keys: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """The keys, so many at a time."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


def strike(changes: Sequence[int]) -> None:
    """These changes are in the index."""
    for part in parts(changes, _CHANGES_AT_ONCE):
        Change.objects.filter(pk__in=part).delete()
