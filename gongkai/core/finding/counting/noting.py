"""Counting in the memory of a worker, within bounds; nothing here waits for a database. No Django.

What a worker remembers of who asks are marks of at most an hour: so that one person's pages, reloads and repetitions count
once, and a program that asks without end counts as little as somebody who asks a lot.
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from gongkai.core.finding.counting.marking import Salts, bit_of, mark_of
from gongkai.search.understanding.cleaning import clean, words

_MOST_QUESTIONS = 5_000  # that wait to be written
_MOST_ADDRESSES = 20  # opened from one question
_MOST_ASKERS = 5_000  # remembered, for an hour at most
_MOST_OF_ONE = 40  # questions of one asker in that hour that count
_HOUR = 3600.0
LONGEST_QUESTION = 60
_NUMBER = re.compile(r"\d{7}|(?:\d ?){11}")  # a telephone's, an identity card's, a bank account's
_PROGRAMS = re.compile(
    r"bot|crawl|spider|slurp|curl|wget|python|java/|go-http|okhttp|libwww|scrapy|headless|httpclient|axios|monitor|probe", re.I
)


@dataclass(slots=True)
class Counted:
    """What was counted of a question on a day since the last writing. `opened_at` are bits by address."""

    question: str
    bits: int = 0
    askings: int = 0
    empty: int = 0
    opened: int = 0
    anew: int = 0
    opened_at: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Asker:
    since: float
    told: set[int] = field(default_factory=set)


def folded(question: str) -> str:
    """A question as it is counted: the same words are the same question, however written; "" for none that may be kept."""
    line = words(clean(question[:500]))
    return line if len(line) <= LONGEST_QUESTION and not _NUMBER.search(line) else ""


Batch = dict[tuple[date, str], Counted]


def is_program(agent: str) -> bool:
    """Whether it says of itself that it is no person's browser."""
    return not agent or bool(_PROGRAMS.search(agent))


class Notes:
    """What this process has counted and not written yet."""

    def __init__(self, salts: Salts, clock: Callable[[], float] = time.monotonic) -> None:
        self._salts, self._clock = salts, clock
        self._lock = threading.Lock()
        self._batch: Batch = {}
        self._askers: OrderedDict[int, _Asker] = OrderedDict()
        self.left_out = 0

    def asked(self, question: str, asker: str, day: date, *, found: bool, before: str = "") -> bool:
        """Somebody asks a folded question, perhaps in place of another (`before`); False where it is not counted."""
        salt = self._salts.of(day)
        mark = mark_of(question, salt)
        with self._lock:
            counted = self._first(f"?{mark}", asker, salt) and self._counted(day, mark, question)
            if not counted:
                return False
            counted.askings += 1
            counted.empty += not found
            counted.bits |= bit_of(mark, asker, salt)
            if before and before != question and (former := self._counted(day, mark_of(before, salt), before)):
                former.anew += 1
        return True

    def opened(self, question: str, address: str, asker: str, day: date) -> bool:
        """Somebody opens a page from the results of a folded question; False where it is not counted."""
        salt = self._salts.of(day)
        mark = mark_of(question, salt)
        with self._lock:
            first = self._first(f"!{mark}", asker, salt)
            again = not first and self._first(f"!{mark}{address}", asker, salt)
            counted = (first or again) and self._counted(day, mark, question)
            if not counted:
                return False
            counted.opened += first  # of how many askings something was opened, not how much
            if address in counted.opened_at or len(counted.opened_at) < _MOST_ADDRESSES:
                counted.opened_at[address] = counted.opened_at.get(address, 0) | bit_of(mark + address, asker, salt)
        return True

    def take(self) -> Batch:
        """All that was counted since the last time, now the caller's to write."""
        with self._lock:
            batch, self._batch = self._batch, {}
        return batch

    def give_back(self, batch: Batch) -> None:
        """What could not be written waits for the next time, as far as there is room."""
        with self._lock:
            for (day, mark), old in batch.items():
                if (counted := self._counted(day, mark, old.question)) is None:
                    continue
                counted.bits |= old.bits
                for name in ("askings", "empty", "opened", "anew"):
                    setattr(counted, name, getattr(counted, name) + getattr(old, name))
                for address, bits in old.opened_at.items():
                    counted.opened_at[address] = counted.opened_at.get(address, 0) | bits

    def _counted(self, day: date, mark: str, question: str) -> Counted | None:
        found = self._batch.get((day, mark))
        if found is None:
            if len(self._batch) >= _MOST_QUESTIONS:
                self.left_out += 1
                return None
            found = self._batch[day, mark] = Counted(question)
        return found

    def _first(self, what: str, asker: str, salt: bytes) -> bool:
        """Whether this asker has not done this within the hour, nor too much else."""
        now, key, did = self._clock(), _asker(asker, salt), hash(what)
        known = self._askers.get(key)
        if known is None or now - known.since > _HOUR:
            known = self._askers[key] = _Asker(now)
            self._askers.move_to_end(key)
            if len(self._askers) > _MOST_ASKERS:
                self._askers.popitem(last=False)
        if did in known.told or len(known.told) >= _MOST_OF_ONE:
            return False
        known.told.add(did)
        return True


def _asker(asker: str, salt: bytes) -> int:
    """What stands for an asker in the memory of a worker for an hour; never written."""
    return int(mark_of(f"asker {asker}", salt)[:16], 16)
