"""A question to the site, and what can be chosen in it. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gongkai.search.port import Sort

PAGE_SIZE = 10
MAX_PAGE = 100
FACETS: Mapping[str, str] = {
    "kind": "kind", "status": "status", "paper": "paper", "organ": "organ", "topic": "topic", "year": "day",
}  # fmt: skip
"""What can be chosen, by its name in a question: the field of the collection that it is."""
SORTS: Mapping[str, Sort | None] = {
    "relevance": None,
    "newest": Sort("day"),
    "oldest": Sort("day", descending=False),
    "organ": Sort("rank", descending=False),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. Values that do not exist simply match nothing.

    `since` and `until` are days of issue, both included; `as_of` the day on which a paper must be in force. `as_typed`: the
    words are searched as they stand, whatever else they may mean.
    """

    words: str = ""
    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    paper: tuple[str, ...] = ()
    organ: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    sort: str = "relevance"
    page: int = 1
    as_typed: bool = False

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values chosen in one facet."""
        values: tuple[str, ...] = getattr(self, facet)
        return values

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words was asked."""
        return any(self.chosen(facet) for facet in FACETS) or bool(self.since or self.until or self.as_of)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was asked at all."""
        return not self.words and not self.is_narrowed

    @property
    def widest(self) -> Question:
        """The same words without any condition."""
        return Question(self.words, as_typed=self.as_typed)
