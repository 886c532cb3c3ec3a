"""A manuscript (sample/papers/*.yaml) as a run of pieces that every producer sets in its own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PAPERS = Path(__file__).parents[1] / "papers"


@dataclass(slots=True, frozen=True)
class Piece:
    """One paragraph or table of a paper and the part it plays."""

    role: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class Manuscript:
    """A manuscript as loaded; `data` keeps every key of the YAML."""

    slug: str
    data: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Manuscript:
        """Read one YAML file."""
        return cls(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))

    @property
    def target(self) -> Path:
        """Where its file goes, below sample/files."""
        return Path(str(self.data["folder"]), str(self.data["filename"]))

    @property
    def title(self) -> str:
        """The title in one line."""
        return "".join(self.data["title"])

    def pieces(self, *, red_head: bool = True) -> Iterator[Piece]:
        """The paper from red head to imprint."""
        d = self.data
        if d["registration"]:
            yield Piece("registration", d["registration"])
        if d["head"] and red_head:
            yield Piece("red_head", d["head"])
        if d["number"]:
            yield Piece("number", d["number"])
        yield from (Piece("title", line) for line in d["title"])
        if d["addressees"]:
            yield Piece("addressees", d["addressees"])
        yield from _paragraphs(d["body"])
        yield from _attachment_list(d["attachment_list"])
        yield from (Piece("signature", name) for name in d["signature"])
        if d["date"]:
            yield Piece("date", d["date"])
        if d["note"]:
            yield Piece("note", f"（{d['note']}）")
        for attachment in d["attachments"] or ():
            yield Piece("attachment_title", attachment["title"])
            yield from _paragraphs(attachment["body"])
        if d["copies_to"]:
            yield Piece("copies_to", f"抄送：{d['copies_to']}")
        if d["printed_by"]:
            yield Piece("printed", f"{d['printed_by']}　　{d['printed_on']}印发")


def _attachment_list(names: list[str]) -> Iterator[Piece]:
    for index, name in enumerate(names or ()):
        yield Piece("attachment_item", f"附件：{name}" if index == 0 else name)


def _paragraphs(body: str | None) -> Iterator[Piece]:
    rows: list[tuple[str, ...]] = []
    for line in (body or "").splitlines():
        if line.strip().startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
            if not all(set(cell) <= {"-", ":"} and cell for cell in cells):
                rows.append(cells)
            continue
        if rows:
            yield Piece("table", rows=tuple(rows))
            rows = []
        if line.strip():
            yield Piece(_role(line.strip()), line.strip())
    if rows:
        yield Piece("table", rows=tuple(rows))


def _role(line: str) -> str:
    if line.startswith("第") and "章" in line[:5]:
        return "chapter"
    if line[1:2] == "、" or line[2:3] == "、" or line[3:4] == "、":
        return "heading1" if len(line) <= 40 and not line.endswith(("。", "；", "：")) else "paragraph"
    return "paragraph"


def manuscripts() -> list[Manuscript]:
    """All manuscripts in the order of their numbers."""
    return [Manuscript.load(path) for path in sorted(PAPERS.glob("*.yaml"))]
