"""Which documents stand on a page: by relevance, in an order by a field, or in groups."""

from __future__ import annotations

from collections.abc import Sequence

from tantivy import Order, Query

from gongkai.search.engines.embedded.candidates import Candidate, Candidates, candidates
from gongkai.search.engines.embedded.fields import values_of
from gongkai.search.engines.embedded.generation import View
from gongkai.search.levels import Level
from gongkai.search.ordering import Cursor, cursor_of
from gongkai.search.port import DEEPEST, LARGEST_PAGE, Request, Sort

Page = tuple[list[list[Candidate]], str]
"""Groups of documents, the best of each first, and the cursor after them ("" at the end)."""

_FIRST_GUESS = 3
_NO_VALUE = ""


class Paging:
    """The pages of one question. `sort` is None for relevance."""

    def __init__(self, view: View, found: Candidates, request: Request, sort: Sort | None) -> None:
        self._view = view
        self._found = found
        self._sort = sort
        self._grouped = request.grouped
        self.size = min(max(request.size, 1), LARGEST_PAGE)
        self._cursor = cursor_of(request, sort)

    def page(self, level: Level, total: int = -1) -> Page:
        """The page that was asked for, of `total` documents where that is known."""
        skip = self._cursor.skip
        if skip >= (DEEPEST if self._cursor.at is None else self._view.documents):  # tantivy makes room for all it skips
            return [], ""
        if self._sort and not self._grouped:
            return self._in_order(level, self._sort)
        groups = self._groups(level, skip + self.size + 1, total)
        more = len(groups) > skip + self.size and skip + self.size < DEEPEST
        return groups[skip : skip + self.size], Cursor(skip + self.size).told() if more else ""

    def _groups(self, level: Level, number: int, total: int) -> list[list[Candidate]]:
        """The first `number` groups, or single documents where nothing is grouped."""
        if not self._grouped:
            return [[one] for one in self._found.first(level, min(number, DEEPEST), total)]
        asked = number * _FIRST_GUESS
        while True:
            asked = min(asked, DEEPEST)
            found = (
                [one for one, _ in self._valued(level, self._sort, asked, 0)]
                if self._sort
                else self._found.first(level, asked, total)
            )
            groups: dict[int, list[Candidate]] = {}
            for one in found:
                groups.setdefault(one.group, []).append(one)
            if len(groups) >= number or len(found) < asked or asked == DEEPEST:
                return list(groups.values())
            asked *= _FIRST_GUESS

    def _in_order(self, level: Level, sort: Sort) -> Page:
        """Goes on from a value, so that any depth costs no more than the first page; those without a value come last."""
        skip, at, wanted = self._cursor.skip, self._cursor.at, self.size + 1
        found = self._without(level, sort, wanted, skip) if at == _NO_VALUE else self._valued(level, sort, wanted, skip)
        if at not in (None, _NO_VALUE) and len(found) < wanted:
            found += self._without(level, sort, wanted - len(found), 0)
        values = [value for _, value in found]
        page = [[one] for one, _ in found[: self.size]]
        return page, self._next(values, sort).told() if len(found) == wanted else ""

    def _next(self, values: Sequence[float | None], sort: Sort) -> Cursor:
        skip, at, last = self._cursor.skip, self._cursor.at, values[self.size - 1]
        if last is None and at is None and values[0] is None:
            return Cursor(skip + self.size, sort.field)
        same = sum(value == last for value in values[: self.size])
        if last is None:
            return Cursor(same + (skip if at == _NO_VALUE else 0), sort.field, _NO_VALUE)
        return Cursor(same + (skip if at == last else 0), sort.field, last)

    def _valued(self, level: Level, sort: Sort, number: int, skip: int) -> list[tuple[Candidate, float | None]]:
        at = self._cursor.at
        beyond = [] if at is None else [self._found.asker.beyond(sort, at)]
        order = Order.Desc if sort.descending else Order.Asc
        query = self._found.query(level, must=beyond)
        hits = self._view.searcher.search(
            query, number, count=False, order_by_field=values_of(sort.field), offset=skip, order=order
        ).hits
        found = candidates(self._view.searcher, [address for _, address in hits], [0.0] * len(hits))
        return list(zip(found, [value for value, _ in hits], strict=True))

    def _without(self, level: Level, sort: Sort, number: int, skip: int) -> list[tuple[Candidate, float | None]]:
        query = self._found.query(level, out=[Query.exists_query(values_of(sort.field))])
        hits = self._view.searcher.search(query, number, count=False, offset=skip).hits
        found = candidates(self._view.searcher, [address for _, address in hits], [0.0] * len(hits))
        return [(one, None) for one in found]
