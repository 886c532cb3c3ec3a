"""A text that a person has edited: its clauses and anchors worked out anew, and nothing else moved.

What a paragraph is (a signature, the title of a printed instrument, a heading of a file that had
headings) stands in no edited text. It is taken over from the stored text, paragraph by paragraph,
so that saving a text unedited gives the same clauses, anchors and words, and a changed paragraph
changes only itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, cast

from gongkai.text.blanks import squeeze
from gongkai.text.clauses import opens_attachment, read_clauses
from gongkai.text.compose import Line
from gongkai.text.markers import mark_of
from gongkai.text.markup import draw, walk
from gongkai.text.model import Block, Cell, Clause
from gongkai.text.written import Written, written_in_html

_BELOW_SIGNATURE = 9  # lines among which a printed instrument begins
_ALIKE = 0.5  # from here on a line in the place of another is that line, edited


@dataclass(frozen=True, slots=True)
class Text:
    """A text as a revision keeps it; see `gongkai.text.compose` and `gongkai.text.markup`."""

    text: str
    html: str
    clauses: list[dict[str, Any]]


def lines_of(stored: Text) -> list[Line]:
    """The lines of a stored text that its page shows, the head (red head, number, title) left out."""
    return _Standing(stored).lines


def edited(stored: Text, written: Sequence[Written]) -> Text:
    """`stored` with its body replaced by what an editor gave back; `stored` itself when that says the same."""
    standing = _Standing(stored)
    if _same(standing.written, written):
        return stored
    origins = _origins(standing.written, written)
    text, lines = _laid_out(standing, written, origins)
    apart = _apart_of(standing, lines, origins)
    instruments = [p for p in range(len(lines)) if origins.get(p) in standing.instruments]
    clauses = read_clauses(lines, 0, instruments, apart)
    _settle_anchors(clauses, None, _Anchors(standing, origins, lines))
    starts, looks = {}, {}
    for place, (line, one) in enumerate(zip(lines, written, strict=True)):
        before = standing.written[origins[place]] if place in origins else None
        looks[line.start] = _look_of(one, before)
        if looks[line.start] == "attachment-mark" and before is not None:
            starts[line.start] = before.anchor
    html = draw(lines, clauses, starts, lambda line: looks[line.start])
    return Text(text, html, [clause.to_json() for clause in clauses])


def _laid_out(standing: _Standing, written: Sequence[Written], origins: Mapping[int, int]) -> tuple[str, list[Line]]:
    """The new text, and the lines of it that its page shows; lines that the page leaves out stay where they were."""
    left_out = [(standing.shown[origin] if (origin := origins.get(p)) is not None else -1) for p in range(len(written))]
    words: list[str] = []
    lines: list[Line] = []
    position, passed = 0, 0
    for place, one in enumerate(written):
        while passed < left_out[place]:
            if passed in standing.hidden:
                words.append(standing.everything[passed].text)
                position += len(words[-1]) + 1
            passed += 1
        block = _block(one, standing, origins.get(place))
        lines.append(Line(position, position + len(one.text), one.text, block))
        words.append(one.text)
        position += len(one.text) + 1
    rest = [standing.everything[at].text for at in sorted(standing.hidden) if at >= passed]
    return "\n".join([*words, *rest]), lines


def _same(standing: Sequence[Written], written: Sequence[Written]) -> bool:
    """Whether an editor gave back what it was given; plain lines do not say how they look."""
    if len(standing) != len(written):
        return False
    pairs = zip(standing, written, strict=True)
    return all(a.text == b.text and b.look in ("", a.look) and _cells_same(a, b) for a, b in pairs)


def _cells_same(one: Written, other: Written) -> bool:
    if other.look:
        return one.cells == other.cells
    return [c.text for c in one.cells or [Cell(one.text)]] == [c.text for c in other.cells or [Cell(other.text)]]


def _look_of(one: Written, before: Written | None) -> str:
    look = one.look or (before.look if before is not None else "")
    if look == "attachment-mark" and (before is None or not before.anchor):
        return "text"
    return look if look and look not in ("heading", "row") else "text"


def _block(one: Written, standing: _Standing, origin: int | None) -> Block:
    before = standing.lines[origin].block if origin is not None else None
    was_row, was_heading = (before is not None and before.kind == kind for kind in ("row", "heading"))
    if one.look == "row" or (not one.look and (one.table or was_row)):
        return Block(one.text, "row", table=one.table, cells=_cells(one, before))
    return Block(one.text, "heading", level=2) if one.look == "heading" or (not one.look and was_heading) else Block(one.text)


def _cells(one: Written, before: Block | None) -> list[Cell]:
    """The cells of a row; plain lines do not say how far a cell reaches, so each reaches as far as it did."""
    cells = list(one.cells) or [Cell(one.text)]
    if one.look or before is None or len(before.cells) != len(cells):
        return cells
    return [replace(old, text=new.text) for old, new in zip(before.cells, cells, strict=True)]


def _apart_of(standing: _Standing, lines: Sequence[Line], origins: Mapping[int, int]) -> set[int]:
    """Lines that were no clause stay none, unless they now open one; a new line between two such lines is none either."""
    was = {p: origin in standing.apart for p, origin in origins.items()}
    apart = set()
    for place, line in enumerate(lines):
        if place in was:
            opens = mark_of(line.text) is not None and mark_of(standing.lines[origins[place]].text) is None
            inside = was[place] and not opens
        else:
            before = next((was[p] for p in range(place - 1, -1, -1) if p in was), False)
            inside = before and next((was[p] for p in range(place + 1, len(lines)) if p in was), False)
        if inside:
            apart.add(place)
    return apart


def _origins(old: Sequence[Written], new: Sequence[Written]) -> dict[int, int]:
    """Which stored line each edited line was, by place; lines that are new have no entry."""
    found: dict[int, int] = {}
    matcher = SequenceMatcher(None, [w.text for w in old], [w.text for w in new], autojunk=False)
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and i_end - i == j_end - j):
            found.update(zip(range(j, j_end), range(i, i_end), strict=True))
        elif kind == "replace":
            found.update(_nearest(old, new, range(i, i_end), range(j, j_end)))
    return found


def _nearest(old: Sequence[Written], new: Sequence[Written], left: range, wanted: range) -> Iterator[tuple[int, int]]:
    """Pairs of lines that are alike enough, in their order."""
    first = left.start
    for place in wanted:
        for candidate in range(first, left.stop):
            likeness = SequenceMatcher(None, old[candidate].text[:400], new[place].text[:400], autojunk=False)
            if likeness.quick_ratio() >= _ALIKE and likeness.ratio() >= _ALIKE:
                yield place, candidate
                first = candidate + 1
                break


class _Standing:
    """A stored text taken apart: its lines, and which of them are no clauses or open a printed instrument.

    `shown` are the places of `lines` among `everything`, `hidden` those of the others.
    """

    def __init__(self, stored: Text) -> None:
        self.everything = list(_plain_lines(stored.text))
        self.written = written_in_html(stored.html)
        self.shown = _shown(self.everything, self.written)
        self.hidden = set(range(len(self.everything))) - set(self.shown)
        self.clauses = {clause["source"][0]: clause for clause in _walked(stored.clauses)}
        pairs = zip(self.shown, self.written, strict=True)
        self.lines = [self._line(self.everything[at], one, self.clauses) for at, one in pairs]
        self.instruments: set[int] = set()
        self.apart: set[int] = set()
        self.exact = self._recover(stored.clauses)

    @staticmethod
    def _line(line: Line, one: Written, opened: Mapping[int, Any]) -> Line:
        if one.look == "row":
            return replace(line, block=Block(one.text, "row", table=one.table, cells=list(one.cells)))
        headed = line.start in opened and mark_of(line.text) is None and opened[line.start]["level"] != "paragraph"
        return replace(line, block=Block(line.text, "heading", level=2) if headed else Block(line.text))

    def _recover(self, clauses: list[dict[str, Any]]) -> bool:
        """Find out what the reader knew: the lines apart, and where a printed instrument begins; whether that succeeds."""
        wanted = _told(clauses)
        nearest, listed = len(wanted) + 1, frozenset[int]()
        for move in [None, *self._moves(), *self._moves()]:
            instruments = [move] if isinstance(move, int) else sorted(self.instruments)
            more = move if isinstance(move, frozenset) else frozenset()
            apart = self._apart(instruments, listed | more)
            found = [c.to_json() for c in read_clauses(self.lines, 0, instruments, apart)]
            if (wrong := len(wanted ^ _told(found))) < nearest:
                nearest, listed = wrong, listed | more
                self.apart, self.instruments = apart, set(instruments)
            if wrong == 0:
                return found == clauses
        return False

    def _moves(self) -> list[int | frozenset[int]]:
        """What may be tried: a title of an instrument; lines that look like heads of attachments and only list them."""
        heads = [place for place, line in enumerate(self.lines) if opens_attachment(line.text)]
        lists = [frozenset(heads[first:]) for first in range(len(heads))]
        return [*self._may_be_titles(), *lists, *(frozenset({place}) for place in heads)]

    def _may_be_titles(self) -> list[int]:
        """Lines that may be the title of a printed instrument: the likeliest first, then those below a signature."""
        signed = [place for place, one in enumerate(self.written) if one.look == "sign"]
        below = {place + step for place in signed for step in range(1, _BELOW_SIGNATURE)}
        plain = [p for p, line in enumerate(self.lines) if line.start not in self.clauses and len(squeeze(line.text)) >= 4]
        titles = [p for p in plain if self.written[p].look == "instrument-title"]
        return titles + [p for p in plain if p in below and p not in titles]

    def _apart(self, instruments: list[int], known: Set[int]) -> set[int]:
        """The lines that would open a clause and did not, and those known before."""
        at = {line.start: place for place, line in enumerate(self.lines)}
        apart = set(known)
        while True:
            starts = {c.source[0] for c in walk(read_clauses(self.lines, 0, instruments, apart))}
            wrong = sorted(starts - self.clauses.keys())
            if not wrong:
                return apart
            apart |= {at[start] for start in wrong}


def _plain_lines(text: str) -> Iterator[Line]:
    position = 0
    for line in text.split("\n"):
        yield Line(position, position + len(line), line, Block(line))
        position += len(line) + 1


def _shown(lines: Sequence[Line], written: Sequence[Written]) -> list[int]:
    """Which of the lines the page shows, found from the end: the head is what is left at the beginning."""
    found: list[int] = []
    at = len(lines) - 1
    for one in reversed(written):
        while at >= 0 and lines[at].text != one.text:
            at -= 1
        if at < 0:
            raise ValueError("the page shows a line that the text does not have")
        found.append(at)
        at -= 1
    return found[::-1]


def _walked(clauses: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for clause in clauses:
        yield clause
        yield from _walked(clause["children"])


def _told(clauses: Sequence[Mapping[str, Any]]) -> set[tuple[str, int, int]]:
    """The clauses in short, for counting in how many two trees differ."""
    return {(c["anchor"], c["source"][0], c["source"][1]) for c in _walked(clauses)}


class _Anchors:
    """Which anchors stay: those of clauses whose line, label and parent are as they were."""

    def __init__(self, standing: _Standing, origins: Mapping[int, int], lines: Sequence[Line]) -> None:
        self._before: dict[int, Mapping[str, Any]] = {}
        for place, origin in origins.items():
            old = standing.lines[origin]
            if old.text == lines[place].text and old.start in standing.clauses:
                self._before[lines[place].start] = standing.clauses[old.start]
        self._parents = {child["anchor"]: c["anchor"] for c in standing.clauses.values() for child in c["children"]}
        self.taken = {clause["anchor"] for clause in self._before.values()}

    def kept(self, clause: Clause, parent: str | None) -> str | None:
        """The anchor this clause had, if it is to keep it."""
        before = self._before.get(clause.source[0])
        if before is None or before["label"] != clause.label or self._parents.get(before["anchor"]) != parent:
            return None
        return cast("str", before["anchor"])


def _settle_anchors(clauses: Sequence[Clause], parent: tuple[str, str] | None, anchors: _Anchors) -> None:
    """Give unchanged clauses their old anchors; the others yield. `parent`: its anchor as built and as settled."""
    for clause in clauses:
        built = clause.anchor
        if parent is not None and built.startswith(parent[0]):
            clause.anchor = parent[1] + built[len(parent[0]) :]
        kept = anchors.kept(clause, parent[1] if parent else None)
        if kept is not None:
            clause.anchor = kept
        elif clause.anchor in anchors.taken:
            base, again = clause.anchor, 2
            while clause.anchor in anchors.taken:
                clause.anchor, again = f"{base}.{again}", again + 1
            anchors.taken.add(clause.anchor)
        _settle_anchors(clause.children, (built, clause.anchor), anchors)
