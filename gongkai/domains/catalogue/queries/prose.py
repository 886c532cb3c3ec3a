"""A column's own text as blocks a page can show. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gongkai.domains.catalogue.events import BLOCKS

_BRACED = re.compile(r"[{｛]([^{}｛｝\n]{1,20})[}｝]")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a list of items, or a place for something of the page (`kind` one of `events.BLOCKS`)."""

    kind: str
    text: str = ""
    items: list[str] = field(default_factory=list)


def blocks_of(text: str, values: Mapping[str, str]) -> list[Block]:
    """The blocks of a text, names in braces replaced by their values."""
    out: list[Block] = []
    fresh = True
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            fresh = True
            continue
        block = _block(line, values)
        last = out[-1] if out else None
        if block.kind == "list" and last is not None and last.kind == "list" and not fresh:
            last.items.extend(block.items)
        elif block.kind == "paragraph" and last is not None and last.kind == "paragraph" and not fresh:
            out[-1] = Block("paragraph", last.text + block.text)
        else:
            out.append(block)
        fresh = False
    return out


def _block(line: str, values: Mapping[str, str]) -> Block:
    whole = _BRACED.fullmatch(line)
    if whole and whole[1] in BLOCKS:
        return Block(whole[1])
    told = _BRACED.sub(lambda m: values.get(m[1], ""), line)
    if told.startswith("##"):
        return Block("heading", told.lstrip("#").strip())
    if told.startswith(("- ", "－ ", "· ")):
        return Block("list", items=[told[2:].strip()])
    return Block("paragraph", told)
