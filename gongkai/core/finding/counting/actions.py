"""Writing down what workers counted; forgetting what never became many people's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import TypeVar

from gongkai.core.finding.counting.marking import ENOUGH, WINDOW, as_bits, as_kept, at_least, window_of
from gongkai.core.finding.counting.noting import LONGEST_QUESTION, Batch, Counted
from gongkai.core.finding.models import Crowd, Opening, Tally
from gongkai.core.freshness.touching import touch
from gongkai.core.writing import writing

TAG = "search:past"
KEPT_DAYS = 400
_MOST_UNCLEAR = 50_000  # questions of few people in a window; a flood of made-up ones ends here
_WRITTEN_AT_ONCE = 100
_AT_ONCE = 400
T = TypeVar("T")


def parts_of(batch: Batch) -> Iterator[Batch]:
    """What was counted, in parts to be written one after another: nobody else who writes waits long for one."""
    return ({key: batch[key] for key in part} for part in _parts(list(batch), _WRITTEN_AT_ONCE))


@writing()
def write(batch: Batch) -> int:
    """Add what was counted; returns how many questions became known as many people's."""
    marks = {mark: day for day, mark in batch}
    there = {crowd.mark: crowd for crowd in Crowd.objects.filter(mark__in=list(marks))}
    new = {mark: Crowd(window=window_of(day), mark=mark) for mark, day in marks.items() if mark not in there}
    room = max(0, _MOST_UNCLEAR - Crowd.objects.filter(question="").count()) if new else 0
    crowds = there | dict(islice(new.items(), room))
    changed = [_heed(crowds[mark], counted) for (_, mark), counted in batch.items() if mark in crowds]
    Crowd.objects.bulk_create([crowd for mark, crowd in crowds.items() if mark in new])
    _save(there.values(), ["bits", "question"])
    _tally(batch, crowds)
    _openings(batch, crowds)
    if any(changed):
        touch(TAG)
    return sum(changed)


@writing()
def forget(today: date) -> None:
    """Drop counters of windows that have ended and in which too few asked, and figures older than 400 days."""
    Crowd.objects.filter(window__lt=window_of(today), question="").delete()
    Tally.objects.filter(day__lt=today - timedelta(days=KEPT_DAYS)).delete()
    Crowd.objects.filter(window__lt=window_of(today - timedelta(days=KEPT_DAYS + WINDOW))).delete()


def _heed(crowd: Crowd, counted: Counted) -> bool:
    """Who asked; once they are enough, what they asked. Whether they are so now for the first time."""
    bits = as_bits(crowd.bits) | counted.bits
    crowd.bits = as_kept(bits)
    if crowd.question or at_least(bits) < ENOUGH:
        return False
    crowd.question = counted.question[:LONGEST_QUESTION]
    return True


def _tally(batch: Batch, crowds: dict[str, Crowd]) -> None:
    wanted = {(crowds[mark].pk, day): counted for (day, mark), counted in batch.items() if mark in crowds}
    days, numbers = {day for _, day in wanted}, [pk for pk, _ in wanted]
    found = (tally for part in _parts(numbers) for tally in Tally.objects.filter(crowd__in=part, day__in=days))
    there = {(tally.crowd_id, tally.day): tally for tally in found}
    new = {key: Tally(crowd_id=key[0], day=key[1]) for key in wanted if key not in there}
    for key, counted in wanted.items():
        tally = there.get(key) or new[key]
        tally.askings += counted.askings
        tally.empty += counted.empty
        tally.opened += counted.opened
        tally.anew += counted.anew
    Tally.objects.bulk_create(new.values(), batch_size=_AT_ONCE)
    _save((there[key] for key in wanted if key in there), ["askings", "empty", "opened", "anew"])


def _openings(batch: Batch, crowds: dict[str, Crowd]) -> None:
    wanted: dict[tuple[int, str], int] = {}
    for (_, mark), counted in batch.items():
        for address, bits in counted.opened_at.items() if mark in crowds else ():
            wanted[crowds[mark].pk, address] = wanted.get((crowds[mark].pk, address), 0) | bits
    numbers = list({pk for pk, _ in wanted})
    there = {(o.crowd_id, o.address): o for part in _parts(numbers) for o in Opening.objects.filter(crowd__in=part)}
    new = [key for key in wanted if key not in there]
    for key in wanted.keys() & there.keys():
        there[key].bits = as_kept(as_bits(there[key].bits) | wanted[key])
    Opening.objects.bulk_create(
        [Opening(crowd_id=pk, address=to, bits=as_kept(wanted[pk, to])) for pk, to in new], batch_size=_AT_ONCE
    )
    _save((there[key] for key in wanted.keys() & there.keys()), ["bits"])


def _save(rows: Iterable[Crowd | Tally | Opening], names: Sequence[str]) -> None:
    """One by one, which is faster than `bulk_update` with its statements of many cases."""
    for row in rows:
        row.save(update_fields=names)


def _parts(keys: Sequence[T], size: int = _AT_ONCE) -> Iterator[Sequence[T]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))
