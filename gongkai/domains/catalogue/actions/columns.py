"""Defining and removing columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from gongkai.core.freshness.touching import touch
from gongkai.core.ledger.append import Happening, Stream, append
from gongkai.core.ledger.chain import canonical, digest
from gongkai.core.ledger.projections import Recorded, recorded
from gongkai.core.writing import writing
from gongkai.domains.catalogue import events
from gongkai.domains.catalogue.events import ColumnData
from gongkai.domains.catalogue.models import Column, Definition
from gongkai.domains.catalogue.state import fold
from gongkai.domains.library.actions.doing import Doing

STEP = 10.0


@dataclass(slots=True)
class Arranged:
    """What became of the catalogue, by the names of the columns."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A column as a file gives it; `placed` tells whether the file says where it stands."""

    data: ColumnData
    placed: bool


@writing()
def arrange(drafts: Sequence[Draft], doing: Doing, *, only: bool = False) -> Arranged:
    """Bring the catalogue in line with these columns, by their slugs.

    A column that is known keeps its place unless the file gives another; a new one comes after
    the one before it in the file. With `only`, the file says all: its order holds and columns
    it does not name are removed.
    """
    done = Arranged()
    standing = {c.slug: c for c in Column.objects.select_for_update(of=("self",)).select_related("definition")}
    for data in _placed(drafts, standing, only=only):
        _define(data, standing.get(data["slug"]), doing, done)
    if only:
        named = {d.data["slug"] for d in drafts}
        for column in standing.values():
            if column.slug not in named:
                _remove(column, doing, done)
    return done


def begin(drafts: Sequence[Draft], doing: Doing) -> Arranged | None:
    """The columns a new site starts with; None where columns have ever been defined."""
    return None if Definition.objects.exists() else arrange(drafts, doing)


def _placed(drafts: Sequence[Draft], standing: dict[str, Column], *, only: bool) -> list[ColumnData]:
    """The definitions with the places they get."""
    taken: dict[str, list[float]] = {entry: [] for entry in events.ENTRIES}
    if not only:
        for column in standing.values():
            taken[column.entry].append(column.order)
    before: dict[str, float] = {}
    out = []
    for draft in drafts:
        entry, known = draft.data["entry"], standing.get(draft.data["slug"])
        if draft.placed:
            place = draft.data["order"]
        elif known is not None and known.entry == entry and not only:
            place = known.order
        else:
            place = _after(before.get(entry), taken[entry])
        before[entry] = place
        taken[entry].append(place)
        out.append(ColumnData(**{**draft.data, "order": place}))
    return out


def _after(previous: float | None, taken: Sequence[float]) -> float:
    """A place after `previous` and before what comes next; at the end where there is no previous."""
    if previous is None:
        return max(taken, default=0.0) + STEP
    following = [place for place in taken if place > previous]
    return (previous + min(following)) / 2 if following else previous + STEP


def _define(data: ColumnData, column: Column | None, doing: Doing, done: Arranged) -> None:
    mark = digest([canonical(dict(data))])
    if column is not None and column.definition_id == mark:
        done.unchanged += 1
        return
    Definition.objects.get_or_create(digest=mark, defaults={"content": data, "made_at": doing.at})
    kind = events.DEFINED if column is None else events.REDEFINED
    _record(data["slug"], Happening(kind, {"slug": data["slug"], "digest": mark}), doing)
    (done.added if column is None else done.changed).append(data["name"])


def _remove(column: Column, doing: Doing, done: Arranged) -> None:
    _record(column.slug, Happening(events.REMOVED, {"slug": column.slug, "digest": column.definition_id}), doing)
    done.removed.append(cast(ColumnData, column.definition.content)["name"])


def _record(slug: str, happening: Happening, doing: Doing) -> None:
    stream = Stream(events.STREAM, slug)
    append(stream, [happening], actor=doing.actor, at=doing.at)
    rebuild_column(stream, recorded(stream), doing.today)


def rebuild_column(stream: Stream, happened: Sequence[Recorded], today: date) -> list[str]:
    """Fold a column's events and write its row; returns what had been different."""
    del today
    mark = fold(happened).digest
    row = Column.objects.filter(slug=stream.id).first()
    if mark is None:
        if row is not None:
            touch("columns", f"column:{row.pk}")
            row.delete()
        return [f"栏目 {stream.id}：应已删除"] if row is not None else []
    definition = Definition.objects.filter(pk=mark).first()
    if definition is None:
        raise LookupError(f"台账中的栏目 {stream.id} 没有对应的内容记录，请从备份恢复。")
    data = cast(ColumnData, definition.content)
    values = {"entry": data["entry"], "order": data["order"], "definition_id": mark}
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return []
    written, _ = Column.objects.update_or_create(slug=stream.id, defaults=values)
    touch("columns", f"column:{written.pk}")
    return [f"栏目 {stream.id}"]
