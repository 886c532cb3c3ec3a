"""A reading as HTML: paragraphs, headings and tables, every clause with its anchor.

Only elements and classes made here come out; no markup of the file survives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby

from gongkai.text.blanks import squeeze
from gongkai.text.compose import Line
from gongkai.text.model import Cell, Clause
from gongkai.text.reading import Reading

_HEADINGS = {"book", "part", "chapter", "section", "heading1", "heading2"}
_LONGEST_HEADING = 60


def to_html(reading: Reading) -> str:
    """The paper's own text. The title is left out: a page sets it itself."""
    starts = {a.starts_at: attachment_anchor(n) for n, a in enumerate(reading.attachments, 1) if a.starts_at is not None}
    return draw(list(_body(reading)), reading.clauses, starts, lambda line: _class(line, reading))


def draw(lines: Sequence[Line], clauses: Sequence[Clause], starts: Mapping[int, str], look: Callable[[Line], str]) -> str:
    """Lines as HTML, one element each.

    Args:
        lines: what to draw, in order; table rows that follow one another make one table.
        clauses: the clause tree, whose sources index the same text as the lines' positions.
        starts: where the text of an attachment begins, and its anchor.
        look: the class of a line that opens no clause.
    """
    anchors = {clause.source[0]: clause for clause in walk(clauses)}
    tags = _tags(clauses, {line.start: line for line in lines})
    tables = 0
    out: list[str] = []
    for table, group in groupby(lines, key=lambda line: line.block.table if line.block.kind == "row" else None):
        if table is not None:
            tables += 1
            out.append(_table(list(group), tables))
            continue
        for line in group:
            if line.start in starts:
                out.append(f'<p id="{starts[line.start]}" class="attachment-mark">{escape(line.text)}</p>')
            else:
                out.append(_paragraph(line, anchors.get(line.start), tags, look))
    return "\n".join(out)


def _tags(clauses: Iterable[Clause], lines: Mapping[int, Line], depth: int = 2) -> dict[str, str]:
    """The heading element of each clause that is one, by anchor: one level below the heading it stands under."""
    out: dict[str, str] = {}
    for clause in clauses:
        line = lines.get(clause.source[0])
        is_heading = clause.level in _HEADINGS and clause.heading and line and len(line.text) <= _LONGEST_HEADING
        if is_heading:
            out[clause.anchor] = f"h{min(depth, 6)}"
        out |= _tags(clause.children, lines, depth + bool(is_heading))
    return out


def attachment_anchor(number: int) -> str:
    """The anchor at which the text of an attachment begins."""
    return f"attachment-{number}"


def walk(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """All clauses, depth first, in the order of the text."""
    for clause in clauses:
        yield clause
        yield from walk(clause.children)


def _body(reading: Reading) -> Iterator[Line]:
    """The lines below the head; the history of a law stays, it is part of what the law says."""
    title_end = reading.title.source[1] if reading.title and reading.title.source else 0
    for line in reading.lines:
        if line.start >= reading.body_at or (title_end and line.start > title_end and line.text.startswith(("（", "("))):
            yield line


def _paragraph(line: Line, clause: Clause | None, tags: Mapping[str, str], look: Callable[[Line], str]) -> str:
    text = escape(line.text)
    if clause is None:
        return f'<p class="{look(line)}">{text}</p>'
    tag = tags.get(clause.anchor, "p")
    label = escape(clause.label)
    if text.startswith(label):
        text = f'<span class="clause-label">{label}</span>{text[len(label) :]}'
    return f'<{tag} id="{clause.anchor}" class="clause clause-{clause.level}">{text}</{tag}>'


def _class(line: Line, reading: Reading) -> str:
    signed = [f.source for f in (*reading.signature, reading.issued_on) if f and f.source]
    if any(line.start <= s[0] and s[1] <= line.end for s in signed) and line.end - line.start < 60:
        return "sign"
    if reading.addressees and (source := reading.addressees[0].source) and source[0] == line.start:
        return "addressees"
    if reading.title and len(line.text) >= 6 and squeeze(line.text).strip("《》") in squeeze(reading.title.value):
        return "instrument-title"
    return "center" if line.block.align == "center" else "sign" if line.block.align == "right" else "text"


def _table(rows: list[Line], number: int) -> str:
    body = "".join(f"<tr>{''.join(map(_cell, row.block.cells))}</tr>" for row in rows)
    frame = f'<div class="table-scroll" tabindex="0" role="region" aria-label="表格 {number}">'
    return f"{frame}<table><tbody>{body}</tbody></table></div>"


def _cell(cell: Cell) -> str:
    spans = (f' colspan="{cell.width}"' if cell.width > 1 else "") + (f' rowspan="{cell.height}"' if cell.height > 1 else "")
    return f"<td{spans}>{escape(cell.text)}</td>"
