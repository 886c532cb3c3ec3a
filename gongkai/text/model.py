"""What a format reader hands over (`Raw`) and what reading a paper gives (`Reading`).

Every span is `(start, end)` in code points of `Reading.text`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

Span = tuple[int, int]
Format = Literal["docx", "pdf", "ofd", "html", "md", "txt", "doc", "image"]
RelationKind = Literal["repeals", "amends", "based_on", "forwards", "implements", "interprets"]
T = TypeVar("T")


@dataclass(slots=True)
class Cell:
    """One table cell; `width` and `height` are the columns and rows it covers."""

    text: str
    width: int = 1
    height: int = 1


@dataclass(slots=True)
class Block:
    """A paragraph, heading or table row as the file gives it, in reading order.

    `broken` marks a physical line (plain text): it may go on in the next block.
    """

    text: str
    kind: Literal["paragraph", "heading", "row"] = "paragraph"
    level: int = 0
    align: Literal["", "center", "right"] = ""
    red: bool = False
    size: float = 0.0
    indent: bool = False
    broken: bool = False
    table: int = 0
    cells: list[Cell] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class Metadatum:
    """A value that stands beside the text, such as a portal's `<meta name="PubDate">`."""

    key: str
    value: str
    origin: str


@dataclass(slots=True, frozen=True)
class Link:
    """A file or page the document links to; `href` as written."""

    name: str
    href: str


@dataclass(slots=True)
class Raw:
    """What a format reader gives. `heading` is what a page sets above the article, if it is not in it."""

    format: Format
    blocks: list[Block]
    metadata: list[Metadatum] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    pages: int = 0
    heading: str | None = None


@dataclass(slots=True, frozen=True)
class Found(Generic[T]):
    """A value, how sure the reader is (0–1), where it stands, and what part told it."""

    value: T
    confidence: float
    source: Span | None
    origin: str = "text"

    def to_json(self) -> dict[str, Any]:
        """The field as the contract `gongkai read --json` writes it."""
        return {
            "value": self.value,
            "confidence": round(self.confidence, 2),
            "source": list(self.source) if self.source else None,
            "origin": self.origin,
        }


@dataclass(slots=True, frozen=True)
class Attachment:
    """An attachment: its name, and where its own text starts, if it is in this paper."""

    value: str
    starts_at: int | None
    source: Span | None

    def to_json(self) -> dict[str, Any]:
        """The attachment as the contract writes it."""
        return {"value": self.value, "starts_at": self.starts_at, "source": _listed(self.source)}


@dataclass(slots=True, frozen=True)
class Relation:
    """What this paper does to, or takes from, another one.

    `act` and `on` are set where the paper's own history names them (公布, 修订 …), `act` also
    where a list declares papers void rather than repealed (宣布失效), and `on` where a repeal
    names its own day.
    """

    kind: RelationKind
    title: str | None
    document_number: str | None
    source: Span | None
    act: str | None = None
    on: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The relation as the contract writes it."""
        out: dict[str, Any] = {
            "kind": self.kind,
            "title": self.title,
            "document_number": self.document_number,
            "source": _listed(self.source),
        }
        if self.act:
            out |= {"act": self.act, "on": self.on}
        return out


@dataclass(slots=True, frozen=True)
class Validity:
    """From when and how long a paper holds, as far as it says so.

    `from_issue`: the period or the commencement counts from the day of issue;
    `days_after_issue`: it commences that many days later. Days are ISO strings.
    """

    effective_on: str | None = None
    expires_on: str | None = None
    term_years: int | None = None
    term_months: int | None = None
    from_issue: bool = False
    days_after_issue: int | None = None
    source: Span | None = None

    def to_json(self) -> dict[str, Any]:
        """The validity as the contract writes it."""
        return {
            "effective_on": self.effective_on,
            "expires_on": self.expires_on,
            "term_years": self.term_years,
            "term_months": self.term_months,
            "from_issue": self.from_issue,
            "days_after_issue": self.days_after_issue,
            "source": _listed(self.source),
        }


@dataclass(slots=True)
class Clause:
    """A node of the clause tree. `anchor` depends on the clause's own label, not its place."""

    anchor: str
    label: str
    level: str
    heading: str | None
    source: Span
    children: list[Clause] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The clause and all below it as the contract writes them."""
        return {
            "anchor": self.anchor,
            "label": self.label,
            "level": self.level,
            "heading": self.heading,
            "source": list(self.source),
            "children": [child.to_json() for child in self.children],
        }


@dataclass(slots=True, frozen=True)
class Conflict:
    """A field on which the paper and the portal's metadata disagree; the paper wins."""

    field: str
    paper: str
    metadata: str


def _listed(span: Span | None) -> list[int] | None:
    return list(span) if span else None
