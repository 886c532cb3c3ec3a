"""Queries of the hot pages, compiled once.

Working a queryset out into SQL costs several times what running it does. A statement is written as
a queryset all the same, so that it follows the models; it is compiled at its first use, and then
only its values change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Row = tuple[Any, ...]


def adapted(value: Any) -> Any:
    """A value as this database takes it: days and moments are not written alike in all of them."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


class Statement:
    """A queryset of plain values, told by a function that takes its values.

    The values must come out as the last parameters of the SQL, in the order in which they go in;
    a statement for which that is not so is refused at its first use.
    """

    def __init__(self, written: Callable[..., QuerySet[Any, Any]], stand_ins: Sequence[Any], *, paged: bool = False) -> None:
        self._written, self._stand_ins, self._paged = written, list(stand_ins), paged

    @cached_property
    def _compiled(self) -> tuple[str, list[Any], Callable[[list[Row]], list[Row]]]:
        compiler = self._written(*self._stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        fixed = len(params) - len(self._stand_ins)
        if list(params[fixed:]) != [adapted(value) for value in self._stand_ins]:
            raise TypeError(f"the values {self._stand_ins} are not the last of {params}")
        converters = compiler.get_converters([selected[0] for selected in compiler.select])

        def convert(rows: list[Row]) -> list[Row]:
            return [tuple(row) for row in compiler.apply_converters(rows, converters)] if converters else rows

        return sql + (" LIMIT %s OFFSET %s" if self._paged else ""), list(params[:fixed]), convert

    def rows(self, *values: Any) -> list[Row]:
        """What the database answers; days must be `adapted`; of a paged statement the last two values are limit and offset."""
        sql, fixed, convert = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, [*fixed, *values])
            return convert(cursor.fetchall())
