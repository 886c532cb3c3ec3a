"""Changing what editors say of words: one event of the ledger for each change, however many entries it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gongkai.core.doing import Doing
from gongkai.core.finding.curating.entries import (
    CHANGED,
    MOST_ENTRIES,
    STREAM,
    WORDS,
    Entry,
    Key,
    Kind,
    UnfitEntry,
    checked,
    circles,
    fold,
)
from gongkai.core.finding.models import Word
from gongkai.core.freshness.touching import touch
from gongkai.core.ledger.append import Happening, Overtaken, Stream, append
from gongkai.core.ledger.projections import Recorded
from gongkai.core.writing import writing

TAG = "search:words"
_MOST_TOLD = 20
_WHOLE = Stream(STREAM, WORDS)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file of entries changed, or would."""

    added: list[Entry]
    changed: list[Entry]
    removed: list[Entry]
    unchanged: int


@writing()
def put(entry: Entry, doing: Doing, *, instead_of: int | None = None, seen: int = 0) -> Entry:
    """Add an entry, or put it in the place of the one with this number, which had last been changed by event `seen`.

    Raises UnfitEntry, Overtaken where somebody has changed or removed that one meanwhile.
    """
    entry, standing = checked(entry), _standing()
    old = None
    if instead_of is not None:
        row = Word.objects.filter(pk=instead_of).first()
        if row is None or row.sequence != seen:
            raise Overtaken(_WHOLE)
        old = _entry(row)
    if entry.key in standing and (old is None or old.key != entry.key):
        raise UnfitEntry(f"“{entry.told}”已经有了。")
    left = {key: one for key, one in standing.items() if old is None or key != old.key}
    _refuse_unfit({**left, entry.key: entry})
    if entry != old:
        _record([entry], [old] if old and old.key != entry.key else [], doing)
    return entry


@writing()
def remove(number: int, doing: Doing) -> Entry | None:
    """Take an entry out; returns it, None where it is gone already."""
    row = Word.objects.filter(pk=number).first()
    if row is None:
        return None
    _record([], [gone := _entry(row)], doing)
    return gone


@writing()
def bring(entries: Iterable[Entry], doing: Doing, *, only: bool = False, mark: int | None = None) -> Brought:
    """Bring the entries in line with a file, all or none. With `only`, what the file does not have goes.

    `mark` is the last event that was heeded when people were told what this would do. Raises UnfitEntry, Overtaken.
    """
    if mark is not None and mark != last_change():
        raise Overtaken(_WHOLE)
    brought = would_bring(entries, only=only)
    if new := [*brought.added, *brought.changed]:
        _record(new, brought.removed, doing)
    elif brought.removed:
        _record([], brought.removed, doing)
    return brought


def would_bring(entries: Iterable[Entry], *, only: bool = False) -> Brought:
    """What `bring` would do now. Raises UnfitEntry with everything that is wrong."""
    standing, wanted = _standing(), unlike(entries)
    kept = {key: entry for key, entry in standing.items() if key[0] == Kind.REFUSED or not only}
    _refuse_unfit({**kept, **wanted})
    return Brought(
        [entry for key, entry in wanted.items() if key not in standing],
        [entry for key, entry in wanted.items() if key in standing and standing[key] != entry],
        [entry for key, entry in standing.items() if key not in wanted and key not in kept],
        sum(standing.get(key) == entry for key, entry in wanted.items()),
    )


def unlike(entries: Iterable[Entry]) -> dict[Key, Entry]:
    """The entries, checked, by their keys; the same twice is one. Raises UnfitEntry where two of one key differ."""
    found: dict[Key, Entry] = {}
    problems: list[str] = []
    for one in entries:
        try:
            entry = checked(one)
        except UnfitEntry as error:
            problems += error.problems
            continue
        known = found.setdefault(entry.key, entry)
        if (known.weight, known.note) != (entry.weight, entry.note):
            problems.append(f"“{entry.told}”写了两次，权重或说明不一样，请只留一条。")
    if problems:
        raise UnfitEntry(*_first(problems))
    return found


def last_change() -> int:
    """The number of the last event about words; 0 before the first."""
    return Word.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def _refuse_unfit(entries: dict[Key, Entry]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise UnfitEntry(f"一共会有 {len(entries)} 条，最多 {MOST_ENTRIES} 条。请删去用不着的，再添加或导入。")
    if found := circles(entries.values()):
        raise UnfitEntry(*_first([f"同义词绕了一圈：{circle}。请去掉其中一条。" for circle in found]))


def _first(problems: Sequence[str]) -> list[str]:
    more = len(problems) - _MOST_TOLD
    return [*problems[:_MOST_TOLD], *([f"另有 {more} 处类似的问题。"] if more > 0 else [])]


def _standing() -> dict[Key, Entry]:
    return {entry.key: entry for entry in map(_entry, Word.objects.order_by("pk"))}


def _entry(row: Word) -> Entry:
    return Entry(Kind(row.kind), row.said, row.target, row.weight, row.note)


def _record(new: Sequence[Entry], gone: Sequence[Entry], doing: Doing) -> None:
    payload = {"set": [entry.written() for entry in new], "removed": [entry.written() for entry in gone]}
    (event,) = append(_WHOLE, [Happening(CHANGED, payload)], actor=doing.actor, at=doing.at)
    _write({entry.key: _row(entry, doing.actor, doing.at, event.sequence) for entry in new}, [entry.key for entry in gone])


def _row(entry: Entry, actor: str, at: datetime, sequence: int) -> Word:
    _, folded, aim = entry.key
    told = {"kind": str(entry.kind), "said": entry.said, "target": entry.target, "weight": entry.weight, "note": entry.note}
    return Word(**told, folded=folded, aim=aim, actor=actor, changed_at=at, sequence=sequence)


_CHANGING = ["said", "target", "weight", "note", "actor", "changed_at", "sequence"]


def _write(new: dict[Key, Word], gone: Sequence[Key]) -> None:
    numbers = {(row[1], row[2], row[3]): row[0] for row in Word.objects.values_list("pk", "kind", "folded", "aim")}
    for key, row in new.items():
        row.pk = numbers.get(key)
    Word.objects.bulk_create([row for row in new.values() if row.pk is None], batch_size=500)
    Word.objects.bulk_update([row for row in new.values() if row.pk is not None], _CHANGING, batch_size=200)
    left = [numbers[key] for key in gone if key in numbers]
    for start in range(0, len(left), 500):
        Word.objects.filter(pk__in=left[start : start + 500]).delete()
    touch(TAG)


def rebuild_words(happened: Sequence[Recorded], today: date) -> list[str]:
    """Fold the events anew and write the rows; returns what had been different."""
    del today
    wanted = {key: _row(entry, event.actor, event.happened_at, event.sequence) for key, (entry, event) in fold(happened).items()}
    there = {(row.kind, row.folded, row.aim): row for row in Word.objects.all()}
    wrong = [key for key, row in wanted.items() if key not in there or _said(there[key]) != _said(row)]
    gone = [key for key in there if key not in wanted]
    if wrong or gone:
        _write({key: wanted[key] for key in wrong}, gone)
    return [f"检索词 {said}：与台账不一致" for _, said, _ in [*wrong, *gone]]


def _said(row: Word) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _CHANGING)
