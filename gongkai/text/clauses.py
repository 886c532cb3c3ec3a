"""The clause tree of a paper, with anchors that stay when other clauses come and go.

An anchor is built from a clause's own label and its parents' (`art-3`, `art-3-item-2`,
`s-1-2`), never from its position, so that a link to article 12 survives the insertion of
article 11之一. What stands in a printed instrument or an attachment carries its prefix
(`a1-`), save the articles of the first instrument, which are simply `art-N`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from gongkai.text.compose import Line
from gongkai.text.markers import Mark, mark_of
from gongkai.text.model import Clause
from gongkai.text.numerals import to_int

_RANK = {"book": 0, "part": 1, "chapter": 2, "section": 3, "article": 4}
_PREFIX = {"book": "book", "part": "part", "chapter": "ch", "section": "sec", "article": "art"}
_LEVEL = {"book": "book", "part": "part", "chapter": "chapter", "section": "section", "article": "article"}
_ATTACHMENT = re.compile(
    r"^附\s*件\s*(?P<n>[\d一二三四五六七八九十]{0,3})\s*[：:]?\s*$|^附\s*件\s*(?P<m>\d{1,2})\s*[：:\s]\s*\S.{0,60}$"
)
_TOC = re.compile(r"^目\s*[录次]$")


@dataclass(slots=True)
class _Open:
    clause: Clause
    mark: Mark


class _Tree:
    """Builds the tree line by line; `path` is the chain of clauses that are open."""

    def __init__(self) -> None:
        self.roots: list[Clause] = []
        self.path: list[_Open] = []
        self.zone = ""
        self._used: set[str] = set()
        self._paragraphs = 0
        self._list_order: list[str] = []

    def enter_zone(self, prefix: str, line: Line) -> None:
        """A new attachment or instrument begins."""
        self.close(line.start - 1)
        self.path, self.zone, self._list_order = [], prefix, []

    def close(self, end: int) -> None:
        """Everything open ends here."""
        for item in self.path:
            item.clause.source = (item.clause.source[0], max(end, item.clause.source[1]))

    def add(self, line: Line, mark: Mark) -> None:
        """A line that opens a clause."""
        while self.path and not self._contains(self.path[-1].mark, mark):
            done = self.path.pop()
            done.clause.source = (done.clause.source[0], max(line.start - 1, done.clause.source[1]))
        parent = self.path[-1] if self.path else None
        level = self._level(mark)
        clause = Clause(self._anchor(mark, parent), mark.label, level, _heading(line.text, mark, level), line.span())
        (parent.clause.children if parent else self.roots).append(clause)
        self.path.append(_Open(clause, mark))
        self._paragraphs = 1

    def text(self, line: Line) -> None:
        """A line without a mark belongs to the open clause; under an article it is a further 款."""
        for item in self.path:
            item.clause.source = (item.clause.source[0], line.end)
        article = next((i for i in reversed(self.path) if i.mark.kind == "article"), None)
        if article is None or line.block.kind == "row":
            return
        del self.path[self.path.index(article) + 1 :]
        self._paragraphs = sum(c.level == "paragraph" for c in article.clause.children) + 2
        anchor = self._unique(f"{article.clause.anchor}-p{self._paragraphs}")
        article.clause.children.append(Clause(anchor, f"第{_han(self._paragraphs)}款", "paragraph", None, line.span()))

    def _contains(self, outer: Mark, inner: Mark) -> bool:
        if outer.kind in _RANK and inner.kind in _RANK:
            return _RANK[outer.kind] < _RANK[inner.kind]
        if outer.kind in _RANK:
            return True
        if inner.kind in _RANK:
            return False
        return self._order(outer) < self._order(inner)

    def _order(self, mark: Mark) -> int:
        """Depth of a list style, by the order in which this part of the paper first uses them."""
        key = f"decimal{mark.key.count('-')}" if mark.kind == "decimal" else mark.kind
        standard = ("han", "han_bracket", "arabic", "arabic_bracket", "circled")
        if key in standard and all(k in standard for k in self._list_order):
            if key not in self._list_order:
                self._list_order.append(key)
                self._list_order.sort(key=standard.index)
        elif key not in self._list_order:
            self._list_order.append(key)
        return self._list_order.index(key)

    def _level(self, mark: Mark) -> str:
        if mark.kind in _LEVEL:
            return _LEVEL[mark.kind]
        if any(i.mark.kind == "article" for i in self.path):
            return "item"
        depth = sum(i.mark.kind not in _RANK for i in self.path)
        return f"heading{min(depth + 1, 4)}"

    def _anchor(self, mark: Mark, parent: _Open | None) -> str:
        if mark.kind == "article":
            plain = f"art-{mark.key}"
            return self._unique(plain if self.zone in ("", "a1-") and plain not in self._used else f"{self.zone}{plain}")
        if mark.kind in _PREFIX:
            own = "" if self.zone == "a1-" else self.zone
            above = f"{parent.clause.anchor}-" if parent and mark.kind == "section" else own
            return self._unique(f"{above}{_PREFIX[mark.kind]}-{mark.key}")
        if parent is None:
            return self._unique(f"{self.zone}s-{mark.key}")
        joint = "item-" if parent.mark.kind == "article" else ""
        return self._unique(f"{parent.clause.anchor}-{joint}{mark.key}")

    def _unique(self, anchor: str) -> str:
        candidate, again = anchor, 2
        while candidate in self._used:
            candidate, again = f"{anchor}.{again}", again + 1
        self._used.add(candidate)
        return candidate


def read_clauses(lines: Sequence[Line], body_at: int, instrument_at: Sequence[int], apart: Set[int]) -> list[Clause]:
    """The clauses from line `body_at` on; a new zone begins at each line in `instrument_at`.

    Lines in `apart` (signature, notes, list of attachments, imprint) belong to no clause.
    """
    tree = _Tree()
    skip = _contents_lines(lines, body_at) | apart
    zones = _Zones(instrument_at)
    last = lines[-1].end if lines else 0
    for index in range(body_at, len(lines)):
        line = lines[index]
        if index in skip:
            continue
        if (prefix := zones.opened_by(index, line.text)) is not None:
            if prefix:
                tree.enter_zone(prefix, line)
            continue
        mark = mark_of(line.text) if line.block.kind != "row" else None
        if mark is None and line.block.kind == "heading" and line.block.level > 1:
            mark = Mark("md", line.text, _slug(line.text), len(line.text))
        if mark is not None and _is_clause(line, mark):
            tree.add(line, mark)
        else:
            tree.text(line)
    tree.close(last)
    return tree.roots


def opens_attachment(line: str) -> bool:
    """Whether a line looks like the head of an attachment: 附件1, 附件2：……."""
    return _ATTACHMENT.match(line) is not None


class _Zones:
    """Which line opens an attachment or a printed instrument, and the anchor prefix it gives.

    The prefix comes from the attachment's own number, so that it stays when others are added.
    """

    def __init__(self, instrument_at: Sequence[int]) -> None:
        self._instruments = instrument_at
        self._count = 0
        self._last = -10

    def opened_by(self, index: int, text: str) -> str | None:
        """The new prefix; '' for a title line inside a zone just opened; None for any other line."""
        attachment = _ATTACHMENT.match(text)
        if attachment is None and index not in self._instruments:
            return None
        if attachment is None and index - self._last <= 3:
            return ""
        number = to_int((attachment["n"] or attachment["m"] or "") if attachment else "")
        self._count = number or self._count + 1
        self._last = index
        return f"a{self._count}-"


def _is_clause(line: Line, mark: Mark) -> bool:
    """Marks that are no clauses: a bare figure, or 第三条 in the middle of a flowing list."""
    if mark.kind == "arabic" and (mark.length == len(line.text) or re.match(r"\d+\.\d", line.text)):
        return False
    return not (mark.kind == "decimal" and mark.length >= len(line.text))


def _contents_lines(lines: Sequence[Line], body_at: int) -> set[int]:
    """The lines of a table of contents: from 目录 up to where its first entry comes again."""
    for index in range(body_at, min(len(lines), body_at + 120)):
        if not _TOC.match(lines[index].text):
            continue
        if index + 1 >= len(lines):
            return {index}
        first = _entry(lines[index + 1].text)
        for again in range(index + 2, len(lines)):
            if _entry(lines[again].text) == first:
                return set(range(index, again))
        return {index}
    return set()


def _entry(text: str) -> str:
    return re.sub(r"[\s.…·\d]+$|\s", "", text)


def _heading(text: str, mark: Mark, level: str) -> str | None:
    rest = text[mark.length :].strip()
    if not rest:
        return None
    if level in ("book", "part", "chapter", "section"):
        return rest
    if level == "article":
        named = re.match(r"^[【〔（(]([^【】〔〕（()）]{2,30})[】〕)）]", rest)
        return named[1] if named else None
    if not re.search(r"[。；：]", rest) and len(rest) <= 80:
        return rest
    first = re.match(r"^([^。；：]{2,40})[。：]", rest)
    return first[1] if first and level.startswith("heading") else None


def _slug(text: str) -> str:
    return re.sub(r"[^\w一-鿿]+", "", text)[:20] or "x"


def _han(number: int) -> str:
    digits = "〇一二三四五六七八九十"
    return digits[number] if number <= 10 else f"十{digits[number - 10]}" if number < 20 else str(number)
