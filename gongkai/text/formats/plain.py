"""Plain text and Markdown, stray Markdown in plain text included."""

from __future__ import annotations

import re

from gongkai.text.encodings import decode
from gongkai.text.model import Block, Cell, Metadatum, Raw

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_EMPHASIS = re.compile(r"\*{2,3}|(?<![\w\\])__|__(?!\w)|(?<!\\)`{1,3}")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_RULE = re.compile(r"^\s*([-*_=—－─━]\s*){4,}$|^\s*(\*\s*){3}$")
_PIPE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?\n)---\s*\n", re.S)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!~<>|-])")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")


def read_text(data: bytes) -> Raw:
    """A TXT file; each line is a physical line that may go on in the next."""
    text, encoding = decode(data)
    raw = Raw("txt", _blocks(text, markdown=False))
    _note_encoding(raw, encoding)
    return raw


def read_markdown(data: bytes) -> Raw:
    """A Markdown file: headings, pipe tables and emphasis are understood, the rest is text."""
    text, encoding = decode(data)
    metadata: list[Metadatum] = []
    if front := _FRONT_MATTER.match(text):
        pairs = (line.partition(":") for line in front[1].splitlines())
        metadata = [Metadatum(k.strip(), v.strip().strip("\"'"), "front matter") for k, _, v in pairs if v.strip()]
        text = text[front.end() :]
    text = _COMMENT.sub("", text)
    raw = Raw("md", _blocks(_LINK.sub(r"\1", _IMAGE.sub(r"\1", text)), markdown=True), metadata)
    _note_encoding(raw, encoding)
    return raw


def _note_encoding(raw: Raw, encoding: str) -> None:
    raw.metadata.append(Metadatum("encoding", encoding.rstrip("?"), "bytes"))
    if encoding.endswith("?"):
        raw.warnings.append(f"部分字符无法按 {encoding[:-1]} 编码还原，显示为“�”，请对照原件核对。")


def _blocks(text: str, *, markdown: bool) -> list[Block]:
    blocks: list[Block] = []
    table = 0
    in_table = False
    for line in re.split(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]", text):
        if markdown and not line.strip() and blocks:
            blocks[-1].broken = False  # in Markdown a blank line ends the paragraph
        cells = _cells(line, markdown=markdown)
        if cells is None:
            in_table = False
            if (block := _line(line, markdown=markdown)) is not None:
                blocks.append(block)
            continue
        table += not in_table
        in_table = True
        if cells:
            blocks.append(Block("\t".join(c.text for c in cells), "row", table=table, cells=cells))
    return blocks


def _line(line: str, *, markdown: bool) -> Block | None:
    if not line.strip() or _RULE.match(line):
        return None
    indent = line.startswith(("  ", "\u3000", "\t", "\u00a0"))
    if heading := _HEADING.match(line):
        return Block(_EMPHASIS.sub("", heading[2]), "heading", level=len(heading[1]))
    line = _EMPHASIS.sub("", line)
    if markdown:
        line = _ESCAPE.sub(r"\1", line.lstrip("> ") if line.lstrip().startswith(">") else line)
    return Block(line, indent=indent, broken=True) if line.strip() else None


def _cells(line: str, *, markdown: bool) -> list[Cell] | None:
    """The cells of a table row; [] for a rule between rows; None when it is no row."""
    if markdown or line.strip().startswith("|"):
        if _PIPE_RULE.match(line) and "|" in line:
            return []
        if line.strip().startswith("|") and line.strip().endswith("|") and line.count("|") > 2:
            return [Cell(_EMPHASIS.sub("", c).strip()) for c in line.strip().strip("|").split("|")]
    if "\t" in line.strip() and len(parts := line.split("\t")) > 1 and sum(bool(p.strip()) for p in parts) > 1:
        return [Cell(part.strip()) for part in parts]
    if line.startswith("\t") and line.strip() and line.endswith("\t"):
        return [Cell(part.strip()) for part in line.split("\t")]
    return None
