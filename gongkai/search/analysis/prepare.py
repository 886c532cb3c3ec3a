"""A document as engines take it in: folded, in pairs and words, cut into windows. Pure; the costly half of indexing."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.search.analysis.fold import spaced, whole
from gongkai.search.analysis.grams import END, stream
from gongkai.search.analysis.passages import windowed
from gongkai.search.analysis.words import Lexicon
from gongkai.search.port import BadRequest, Collection, Document, Kind, Value

ANALYSIS = 1
"""Raised with every change to what a text becomes: indexes made before must be rebuilt."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """`heads` are the folded text fields in the collection's order, `windows` is the folded body cut into windows."""

    id: str
    group: str
    quality: float
    heads: tuple[str, ...]
    windows: str
    pairs: str
    words: str
    keywords: tuple[tuple[str, tuple[str, ...]], ...]
    days: tuple[tuple[str, int], ...]
    numbers: tuple[tuple[str, float], ...]
    shown: bytes
    text: bytes

    @property
    def folded(self) -> str:
        """What is weighed: each text field, then the body in windows, END between."""
        return END.join([*self.heads, self.windows])


def prepare(document: Document, collection: Collection, lexicon: Lexicon) -> Prepared:
    """Fold, pair and divide a document. Raises BadRequest for values that its collection has no field for."""
    values = {name: _listed(value) for name, value in document.values.items()}
    for name in values:
        collection.get(name)
    texts = [spaced(" ".join(values.get(field.name, ()))) for field in collection.of_kind(Kind.TEXT)]
    passages = [spaced(passage.text) for passage in document.passages]
    heads, pieces = [_tight(text) for text in texts], [_tight(passage) for passage in passages]
    body = "".join(pieces)
    written = [passage.text.encode("utf-16-le", "replace") for passage in document.passages]
    return Prepared(
        id=whole(document.id),
        group=whole(document.group or document.id),
        quality=document.quality,
        heads=tuple(heads),
        windows=windowed(body, [len(piece) for piece in pieces]),
        pairs=stream([*heads, body]),
        words=lexicon.words("  ".join([*texts, *passages])),
        keywords=tuple((field.name, tuple(values.get(field.name, ()))) for field in collection.of_kind(Kind.KEYWORD)),
        days=tuple((f.name, _day(document, f.name)) for f in collection.of_kind(Kind.DATE) if document.values.get(f.name)),
        numbers=tuple(_numbers(document, collection)),
        shown=_shown(document, values, [len(text) for text in written], [len(piece) for piece in pieces]),
        text=b"".join(written),
    )


def digest(data: bytes) -> int:
    """What stored bytes are recognised by."""
    return zlib.crc32(data)


def _tight(text: str) -> str:
    return text.replace(" ", "")


def _listed(value: Value) -> list[str]:
    if isinstance(value, str):
        return [whole(value)] if value else []
    if isinstance(value, Sequence):
        return [whole(str(one)) for one in value]
    return [value.isoformat() if isinstance(value, date) else str(value)]


def _day(document: Document, name: str) -> int:
    value = document.values[name]
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).toordinal()
    except ValueError as error:
        raise BadRequest(f"“{document.id}”的字段“{name}”应为日期（如 2026-01-31），现为“{value}”。") from error


def _numbers(document: Document, collection: Collection) -> list[tuple[str, float]]:
    found = []
    for field in collection.of_kind(Kind.NUMBER):
        value = document.values.get(field.name)
        if isinstance(value, int | float):
            found.append((field.name, float(value)))
        elif value is not None:
            raise BadRequest(f"“{document.id}”的字段“{field.name}”应为数字，现为“{value}”。")
    return found


def _shown(document: Document, values: dict[str, list[str]], written: list[int], folded: list[int]) -> bytes:
    """What is told of a hit: its values, and of each passage its anchor, its length in bytes and its folded length."""
    anchors = [whole(passage.anchor) for passage in document.passages]
    passages = list(zip(anchors, written, folded, strict=True))
    told = {"id": whole(document.id), "group": whole(document.group or document.id), "values": values, "passages": passages}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
