"""The one collection in which everything public is found: its fields, its kinds of record, the names of its records.

Ids are the offer's name and the record's key: `document:12`, `organ:5`. A record's `group` is what it is shown
under: the law it is a version of (`work:3`), the paper it interprets (`document:7`), else itself.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from gongkai.search.port import Collection, Field, Kind

NO_END = date(9999, 12, 31)
"""`until` of what is in force without an end."""
LAST_RANK = 1_000_000
"""`rank` of organs that are not this government's."""
QUALITY = {"repealed": 0.5, "expired": 0.5, "superseded": 0.6}
"""How far papers of a legal status sink; all others do not."""
QUALITY_OF_INTERPRETATION = 0.8


class Sort(StrEnum):
    """What a record is: the value of its facet `kind`."""

    DOCUMENT = "document"
    INTERPRETATION = "interpretation"
    ORGAN = "organ"
    COLUMN = "column"


SITE = Collection(
    "site",
    (
        Field("title", Kind.TEXT, 4.0),
        Field("number", Kind.TEXT, 3.0),  # the document number and the index number
        Field("organs", Kind.TEXT, 1.5),  # names and short names of who issued it; all names of an organ
        Field("more", Kind.TEXT, 1.0),  # a summary; telephone, address, hours of an organ
        Field("kind", Kind.KEYWORD, facet=True),  # a `Sort`
        Field("paper", Kind.KEYWORD, facet=True),  # of documents: normative, policy …
        Field("organ", Kind.KEYWORD, facet=True),  # code of an organ of ours, name of any other
        Field("topic", Kind.KEYWORD, facet=True),
        Field("status", Kind.KEYWORD, facet=True),  # legal status today: in_force, repealed …
        Field("address", Kind.KEYWORD),  # path of the public page
        Field("shown_number", Kind.KEYWORD),
        Field("shown_organs", Kind.KEYWORD),
        Field("telephone", Kind.KEYWORD),
        Field("hours", Kind.KEYWORD),
        Field("place", Kind.KEYWORD),
        Field("day", Kind.DATE, facet=True),  # issued on; its facet counts years
        Field("from", Kind.DATE),  # first day in force
        Field("until", Kind.DATE),  # first day no longer in force, or NO_END
        Field("rank", Kind.NUMBER),  # place of the first organ in the order of organs
    ),
)


def id_of(name: str, key: int) -> str:
    """The id of a record by the name of its offer and its key."""
    return f"{name}:{key}"
