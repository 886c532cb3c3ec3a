"""Which public papers have a word in their title, or a subtopic.

All titles are read once, for all words together. After that, the ledger tells which documents
something has happened to, and only their titles are read again, so that one publication costs
the same however large the library is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from django.db import connection

from gongkai.core.ledger.models import Event
from gongkai.domains.library.events import STREAM
from gongkai.domains.library.models import Document, DocumentQuerySet

_BATCH = 5_000
_MANY = 2_000  # changed documents from which on it is quicker to read all
Row = tuple[int, str, str, str]


def plain_title(title: str, organs: str) -> str:
    """A title without the names of the organs that issue it, so that 县自然资源和规划局 is no 规划.

    `organs` is as lists show them, divided by 、. What stands before 关于 is left out as well.
    """
    for name in organs.split("、"):
        if name:
            title = title.replace(name, "")
    head, about, rest = title.partition("关于")
    return rest if about and "《" not in head else title


def words_in(values: Iterable[str]) -> set[str]:
    """The single words of values that may hold several each."""
    return {word for value in values for word in value.split()}


@dataclass(slots=True)
class TitleSets:
    """Sets of public papers by word of the title and by subtopic, as true as the ledger was at `position`."""

    words: dict[str, bytearray]
    subtopics: dict[str, bytearray]
    position: tuple[int, str] = (0, "")

    def with_words(self, words: str) -> int:
        """Papers whose title has all of these words, divided by blanks."""
        found = -1
        for word in words.split():
            found &= int.from_bytes(self.words[word], "little")
        return max(found, 0)

    def of_subtopics(self, names: Iterable[str]) -> int:
        """Papers of any of these subtopics."""
        found = 0
        for name in names:
            found |= int.from_bytes(self.subtopics[name], "little")
        return found

    def copy(self) -> TitleSets:
        """The same sets, to be changed apart: others may be reading these."""
        words = {word: bytearray(marks) for word, marks in self.words.items()}
        return TitleSets(words, {name: bytearray(marks) for name, marks in self.subtopics.items()}, self.position)

    def take(self, batch: list[Row]) -> None:
        """Add papers. Words are looked for in all titles run together; each find is traced to its paper."""
        titles = [plain_title(title, organs) for _, title, organs, _ in batch]
        starts = list(accumulate((len(title) + 1 for title in titles), initial=0))
        together = "\n".join(titles)
        for word, marks in self.words.items():
            at = together.find(word)
            while at >= 0:
                place = bisect_right(starts, at) - 1
                _mark(marks, batch[place][0])
                at = together.find(word, starts[place + 1])
        for number, _, _, subtopic in batch:
            if subtopic in self.subtopics:
                _mark(self.subtopics[subtopic], number)

    def drop(self, numbers: Iterable[int]) -> None:
        """Take papers out of every set."""
        for number in numbers:
            for marks in (*self.words.values(), *self.subtopics.values()):
                if number >> 3 < len(marks):
                    marks[number >> 3] &= ~(1 << (number & 7))


@dataclass(slots=True)
class _Memory:
    """What this process worked out last."""

    sets: TitleSets = field(default_factory=lambda: TitleSets({}, {}))


_memory = _Memory()


def title_sets(words: Collection[str], subtopics: Collection[str]) -> TitleSets:
    """The sets of these words and subtopics. Inside a transaction they are read afresh and not remembered."""
    if not words and not subtopics:
        return TitleSets({}, {})
    if connection.in_atomic_block:
        return _read_all(words, subtopics)
    position = _last_event()  # before the rows: what happens meanwhile is read twice rather than not at all
    known = _memory.sets
    asked_before = known.words.keys() == set(words) and known.subtopics.keys() == set(subtopics)
    changed = _changed_since(known.position) if asked_before else None
    if changed is None:
        sets = _read_all(words, subtopics)
    else:
        sets = known.copy()
        sets.drop(changed)
        for batch in _rows(Document.objects.filter(pk__in=changed).public() if changed else Document.objects.none()):
            sets.take(batch)
    sets.position = position
    _memory.sets = sets
    return sets


def _read_all(words: Collection[str], subtopics: Collection[str]) -> TitleSets:
    sets = TitleSets({word: bytearray() for word in words}, {name: bytearray() for name in subtopics})
    for batch in _rows(Document.objects.public()):
        sets.take(batch)
    return sets


def _rows(documents: DocumentQuerySet) -> Iterator[list[Row]]:
    """The rows of these documents in batches, plain: making 100,000 of them into objects would cost as much again."""
    if documents.query.is_empty():
        return
    sql, parameters = documents.values_list("pk", "title", "organs_label", "subtopic").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while batch := cursor.fetchmany(_BATCH):
            yield batch


def _last_event() -> tuple[int, str]:
    """Position and hash of the last event of the ledger."""
    last = Event.objects.order_by("-id").values_list("id", "hash").first()
    return last or (0, "")


def _changed_since(position: tuple[int, str]) -> list[int] | None:
    """Documents something has happened to; None where that is not known, or too many.

    The hash tells that it is still the same ledger, not another database or one restored from a backup.
    """
    at, mark = position
    if not at or not Event.objects.filter(pk=at, hash=mark).exists():
        return None
    happened = Event.objects.filter(pk__gt=at, stream_kind=STREAM).values_list("stream_id", flat=True)
    streams = set(happened[: 4 * _MANY])
    return [int(stream) for stream in streams] if len(streams) <= _MANY else None


def _mark(marks: bytearray, number: int) -> None:
    if number >> 3 >= len(marks):
        marks.extend(bytes((number >> 3) + 1024 - len(marks)))
    marks[number >> 3] |= 1 << (number & 7)
