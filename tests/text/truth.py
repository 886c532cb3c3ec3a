"""Hand-read answers for real papers, and what the reader says of the same papers, body alone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.text.blanks import squeeze
from gongkai.text.markup import walk
from gongkai.text.read import read_bytes
from gongkai.text.reading import Reading

EXPECTED = Path(__file__).with_name("expected")
FOLDERS = {"seeds": "seeds", "gov_cn": "corpus/gov_cn", "portals": "corpus/portals", "laws": "corpus/laws"}
FIELDS = (
    "title", "document_number", "issued_on", "organs", "addressees", "signature", "note", "attribute", "attachments",
    "effective_on", "expires_on", "term_years", "from_issue", "repeals", "amends", "printed_on", "first_clauses", "article_count",
)  # fmt: skip
STRICT = ("title", "document_number", "issued_on", "organs")


@dataclass(slots=True)
class Paper:
    """A real paper: the truth and the reading."""

    corpus: str
    name: str
    truth: dict[str, Any]
    reading: Reading

    def wanted(self, field: str) -> Any:
        """The true value, in the form `got` gives."""
        truth = self.truth
        if field == "addressees":
            return squeeze(truth.get("addressees_text", ""))
        if field in ("organs", "signature"):
            return sorted(_plain(name) for name in truth.get(field, []) if name)
        if field == "attachments":
            return [squeeze(name) for name in truth.get(field, [])]
        if field in ("repeals", "amends"):
            return sorted(squeeze(r["title"]) for r in truth.get(field, []))
        if field == "first_clauses":
            return [squeeze(label).rstrip("、.．：") for label in truth.get(field, [])]
        value = truth.get(field, "")
        if field == "document_number":
            return _plain(value).replace("国务院令", "国令")
        return squeeze(value) if field == "title" else value

    def got(self, field: str) -> Any:
        """What the reader found in the body."""
        reading, validity = self.reading, self.reading.validity
        if field in ("title", "document_number", "issued_on", "note", "attribute", "printed_on"):
            found = getattr(reading, field)
            value = found.value if found is not None and found.source is not None else ""
            return squeeze(value) if field == "title" else value
        if field == "addressees":
            return squeeze("".join(a.value for a in reading.addressees))
        if field in ("organs", "signature"):
            return sorted(
                _plain(o.value) for o in getattr(reading, field) if not o.origin.startswith(("table", "header", "meta"))
            )
        if field == "attachments":
            return [squeeze(re.sub(r"\.(docx?|xlsx?|pdf)$", "", a.value)) for a in reading.attachments]
        if field in ("effective_on", "expires_on"):
            return (getattr(validity, field) if validity else None) or ""
        if field == "term_years":
            return (validity.term_years if validity else None) or 0
        if field == "from_issue":
            return bool(validity and validity.from_issue)
        if field in ("repeals", "amends"):
            return sorted(squeeze(r.title or "") for r in reading.relations if r.kind == field)
        return self._clauses(field)

    def _clauses(self, field: str) -> Any:
        clauses = [c for c in walk(self.reading.clauses) if c.level != "paragraph"]
        articles = [c for c in clauses if c.level == "article" and not re.match(r"a[2-9]", c.anchor)]
        if field == "article_count":
            return len(articles)
        shown = [c for c in clauses if not articles or not (c.level == "item" or c.level.startswith("heading"))]
        return [squeeze(c.label).rstrip("、.．：") for c in shown[:5]]

    def doubtful(self, field: str) -> bool:
        """Whether two experts could disagree on the field."""
        return any(d.partition(":")[0].strip().removesuffix("_text") == field for d in self.truth.get("doubtful", []))


def _plain(name: str) -> str:
    return squeeze(name).replace("中华人民共和国", "")


def truths() -> list[Path]:
    """All files of hand-read answers."""
    return sorted(EXPECTED.glob("*/*.toml"))


def paper_of(truth: Path, shared: Path) -> Paper:
    """One real paper, read without what stands beside its body."""
    told = tomllib.loads(truth.read_text(encoding="utf-8"))
    corpus = truth.parent.name
    data = (shared / FOLDERS[corpus] / told["file"]).read_bytes()
    return Paper(corpus, truth.stem, told, read_bytes(*body_alone(corpus, data)))


def papers(shared: Path) -> Iterator[Paper]:
    """All hand-read papers."""
    for truth in truths():
        yield paper_of(truth, shared)


def body_alone(corpus: str, data: bytes) -> tuple[bytes, str]:
    """A file without its header, head metadata or telling name."""
    if corpus == "gov_cn":
        lines = data.decode().split("\n")
        while re.match(r"(title|source|meta):", lines[0]):
            lines.pop(0)
        return "\n".join(lines).encode(), "paper.txt"
    if corpus == "portals":
        page = re.sub(r"(?is)<meta\s+name[^>]*>|<title>.*?</title>", "", data.decode("utf-8", "replace"))
        return page.encode(), "page.html"
    return data, "paper.md" if corpus == "laws" else "paper.txt"
