"""A document's legal life as a small picture: stretches of time in their state, turning points, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from gongkai.domains.library.models import Legal
from gongkai.domains.library.queries.entries import Entry

ENDINGS = ("修订，改用新文本", "废止", "宣布失效", "有效期届满失效")
_MOST = 9  # more turning points than a phone's width can tell apart are left to the list
_APART = 10.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A day in a document's life."""

    on: date
    label: str
    by: Entry | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the line, in per cent of its width, in one legal status."""

    at: float
    width: float
    status: str


@dataclass(frozen=True, slots=True)
class Point:
    """A turning point at its place on the line, with the number it has in the list."""

    at: float
    number: int


@dataclass(frozen=True, slots=True)
class Life:
    """The picture and the sentence that says what it shows."""

    sentence: str
    stretches: list[Stretch]
    points: list[Point]


def life_of(moments: list[Moment], status: str, today: date) -> Life | None:
    """The picture of these moments, which are in order; None where there is nothing to see or too much."""
    if not 1 < len(moments) <= _MOST or status == Legal.NONE:
        return None
    places = _spread(moments, today)
    return Life(_sentence(moments, status, today), _stretches(moments, places), _points(places))


def _spread(moments: list[Moment], today: date) -> list[float]:
    """Where each moment stands: in proportion to time, but never on top of one another."""
    first, last = moments[0].on, max(moments[-1].on, today)
    days = max((last - first) // timedelta(days=1), 1)
    apart = min(_APART, 88 / len(moments))
    places = [4 + 88 * ((m.on - first) // timedelta(days=1)) / days for m in moments]
    for at in range(1, len(places)):
        places[at] = max(places[at], places[at - 1] + apart)
    limit = 96.0
    for at in range(len(places) - 1, -1, -1):
        places[at] = min(places[at], limit)
        limit = places[at] - apart
    return [round(p, 1) for p in places]


def _points(places: list[float]) -> list[Point]:
    return [Point(place, number) for number, place in enumerate(places, 1)]


def _stretches(moments: list[Moment], places: list[float]) -> list[Stretch]:
    """From each moment to the next in the status it brought; the last one runs on to the right edge."""
    out: list[Stretch] = []
    status = "not_yet"
    for moment, place, following in zip(moments, places, [*places[1:], 100.0], strict=True):
        status = _after(status, moment.label)
        if following > place:
            out.append(Stretch(place, round(following - place, 1), status))
    return out


def _after(status: str, label: str) -> str:
    if label in ENDINGS:
        return "ended"
    if label == "施行":
        return "in_force" if status == "not_yet" else status
    if label == "修改":
        return "amended" if status != "ended" else status
    return status


def _sentence(moments: list[Moment], status: str, today: date) -> str:
    """The line told in words: each moment with its day, then how things stand."""
    days = [(day, "、".join(m.label for m in same)) for day, same in groupby(moments, key=lambda m: m.on)]
    told = [f"{day.year}年{day.month}月{day.day}日{'将' if day > today else ''}{label}" for day, label in days]
    return f"这份文件{'，'.join(told)}；目前{Legal(status).label}。"
