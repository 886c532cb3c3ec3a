"""Tables drawn with lines: which rectangles of ruling form cells, and what text falls in each."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

Rule = tuple[float, float, float, float]
_THIN = 3.0
_SNAP = 5.0  # rules closer than this are one: cells with borders of their own draw two


@dataclass(slots=True)
class Grid:
    """A ruled table: sorted column and row edges, and the rules that really stand there."""

    xs: list[float]
    ys: list[float]
    verticals: list[Rule]
    horizontals: list[Rule]
    _texts: dict[tuple[int, int], list[str]] = field(default_factory=dict)

    @property
    def filled(self) -> bool:
        """Whether any text has been put into it."""
        return bool(self._texts)

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside the table."""
        return self.xs[0] - 1 <= x <= self.xs[-1] + 1 and self.ys[0] - 1 <= y <= self.ys[-1] + 1

    def add(self, x: float, y: float, text: str) -> None:
        """Put a line of text into the cell at this point."""
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        self._texts.setdefault(self._owner(column, row), []).append(text)

    def _owner(self, column: int, row: int) -> tuple[int, int]:
        """The top-left box of the merged cell that this box belongs to."""
        while column > 0 and not self._ruled_left(column, row):
            column -= 1
        while row > 0 and not self._ruled_above(column, row):
            row -= 1
        return row, column

    def _ruled_left(self, column: int, row: int) -> bool:
        x, middle = self.xs[column], (self.ys[row] + self.ys[row + 1]) / 2
        return any(abs(v[0] - x) <= _SNAP and v[1] - _SNAP <= middle <= v[3] + _SNAP for v in self.verticals)

    def _ruled_above(self, column: int, row: int) -> bool:
        y, middle = self.ys[row], (self.xs[column] + self.xs[column + 1]) / 2
        return any(abs(h[1] - y) <= _SNAP and h[0] - _SNAP <= middle <= h[2] + _SNAP for h in self.horizontals)

    def rows(self) -> list[list[tuple[str, int, int]]]:
        """Row by row the cells that begin there, as (text, columns covered, rows covered)."""
        out: list[list[tuple[str, int, int]]] = []
        for row in range(len(self.ys) - 1):
            cells: list[tuple[str, int, int]] = []
            for column in range(len(self.xs) - 1):
                if self._owner(column, row) == (row, column):
                    text = "".join(self._texts.get((row, column), []))
                    cells.append((text, self._span(column, row), self._drop(column, row)))
            out.append(cells)
        return out

    def _span(self, column: int, row: int) -> int:
        span = 1
        while column + span < len(self.xs) - 1 and not self._ruled_left(column + span, row):
            span += 1
        return span

    def _drop(self, column: int, row: int) -> int:
        drop = 1
        while row + drop < len(self.ys) - 1 and not self._ruled_above(column, row + drop):
            drop += 1
        return drop


def divided(rules: list[Rule], x0: float, x1: float, y: float) -> bool:
    """Whether a vertical rule stands between two points on one line of text."""
    return any(r[2] - r[0] <= _THIN and x0 - 2 <= r[0] <= x1 + 2 and r[1] - 1 <= y <= r[3] + 1 for r in rules)


def tables_of(rules: list[Rule]) -> list[Grid]:
    """The tables that a page's rules draw: groups that touch, with at least 2 × 2 boxes or one column of two."""
    verticals = [r for r in rules if abs(r[2] - r[0]) <= _THIN and r[3] - r[1] > 6]
    horizontals = [r for r in rules if abs(r[3] - r[1]) <= _THIN and r[2] - r[0] > 6]
    grids = []
    for group in _groups(verticals + horizontals):
        v = [r for r in group if r in verticals]
        h = [r for r in group if r in horizontals]
        xs = _edges([r[0] for r in v])
        ys = _edges([*(r[1] for r in h), *(r[1] for r in v), *(r[3] for r in v)])  # a page break leaves rows open
        if len(xs) >= 3 and len(ys) >= 2 and h:
            grids.append(Grid(xs, ys, v, h))
    return grids


def _groups(rules: list[Rule]) -> list[list[Rule]]:
    """Rules that touch one another, by sweeping from top to bottom."""
    groups: list[tuple[list[float], list[Rule]]] = []
    for rule in sorted(set(rules), key=lambda r: (r[1], r[0])):
        box = [rule[0] - _SNAP, rule[1] - _SNAP, rule[2] + _SNAP, rule[3] + _SNAP]
        members = [rule]
        apart = []
        for other, theirs in groups:
            if box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]:
                box = [min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])]
                members = theirs + members
            else:
                apart.append((other, theirs))
        groups = [*apart, (box, members)]
    return [members for _, members in groups if len(members) >= 4]


def _edges(values: list[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SNAP:
            edges.append(value)
    return edges
