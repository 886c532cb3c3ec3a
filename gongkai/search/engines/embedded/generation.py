"""One generation on disk: what it was made for, opened for reading, and what is wrong with it."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import tantivy

from gongkai.search.analysis.prepare import ANALYSIS
from gongkai.search.engines.embedded.fields import PAIRS, WORDS
from gongkai.search.engines.embedded.texts import Texts
from gongkai.search.levels import Level
from gongkai.search.port import Collection, Count, Fault, IndexDamaged, IndexOutdated
from gongkai.search.remembered import Bounded, Remembered

FORMAT = 2
_FOOTER = struct.Struct("<II")
_FOOTER_MAGIC = 1337
_KINDS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
_REMEMBERED = 1 << 16
_MOST_COUNTED = 200
"""Result sets, some 30,000 bytes each."""


def about(collection: Collection) -> dict[str, Any]:
    """What an index made now for a collection is: compared when it is opened."""
    fields = [[field.name, field.kind.value] for field in collection.fields]
    said = hashlib.blake2b(json.dumps(fields).encode(), digest_size=8).hexdigest()
    return {"format": FORMAT, "analysis": ANALYSIS, "tantivy": version("tantivy"), "fields": said}


def fault_of_kind(path: Path, collection: Collection) -> Fault | None:
    """Whether a generation was made by another version or for other fields."""
    try:
        made = json.loads((path / "about.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return Fault(IndexDamaged, f"索引“{path}”的 about.json 缺失或已损坏（{error}）。请重建索引。")
    if made == about(collection):
        return None
    return Fault(IndexOutdated, f"索引“{path}”由另一版本建立，或字段已变更，不能使用。请重建索引。")


@dataclass(slots=True)
class Characters:
    """How many windows there are, how long they are together, in how many each character stands; and how long `texts` is."""

    windows: int = 0
    length: int = 0
    texts: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Characters:
        """As they were at the last commit; empty where there was none."""
        try:
            told = json.loads((path / "characters.json").read_text(encoding="utf-8"))
            return cls(int(told["windows"]), int(told["length"]), int(told["texts"]), dict(told["seen"]))
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"索引“{path}”的 characters.json 已损坏。请重建索引。") from error

    def write(self, path: Path) -> None:
        """Write them, in one step."""
        told = {"windows": self.windows, "length": self.length, "texts": self.texts, "seen": self.seen}
        made = path / "characters.new"
        made.write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        made.replace(path / "characters.json")


class Opened:
    """A generation open for reading; `view` shows its last commit."""

    def __init__(self, path: Path, collection: Collection) -> None:
        self._path = path
        if fault := fault_of_kind(path, collection):
            raise fault.error(fault.told)
        try:
            self._index = tantivy.Index.open(str(path / "index"))
            self._index.config_reader("manual")
            self._texts = Texts(path / "texts")
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"索引“{path}”打不开：{error}。请重建索引。") from error

    def view(self) -> View:
        """The last commit."""
        try:
            self._index.reload()
        except ValueError as error:
            raise IndexDamaged(f"索引“{self._path}”的文件缺失或已损坏：{error}。请重建索引。") from error
        return View(self._index.searcher(), self._index.schema, self._texts, Characters.load(self._path))


Facets = Mapping[str, tuple[Count, ...]]
Counted = tuple[Level, int, int, Facets]


class View:
    """One commit of a generation, as long as somebody looks at it.

    It has so many documents, and their bodies so many windows, of this length on average. `counted` are numbers of result
    sets that were asked for: how far the question was widened, how many answer, how many have all of it, the facets.
    """

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, texts: Texts, characters: Characters) -> None:
        self.searcher = searcher
        self.schema = schema
        self.texts = texts
        self.documents = searcher.num_docs
        self.windows = max(characters.windows, self.documents)
        self.average = characters.length / max(characters.windows, 1)
        self.counted = Bounded[Hashable, Counted](_MOST_COUNTED)
        self._characters = characters.seen
        self._pairs = Remembered(partial(searcher.doc_freq, PAIRS), _REMEMBERED)
        self._words = Remembered(partial(searcher.doc_freq, WORDS), _REMEMBERED)

    def pair(self, pair: str) -> int:
        """In how many documents a pair stands."""
        return self._pairs[pair]

    def word(self, word: str) -> int:
        """In how many documents a word stands."""
        return self._words[word]

    def character(self, character: str) -> int:
        """In how many windows a character stands."""
        return self._characters.get(character, 0)


def faults(path: Path, *, thorough: bool = False) -> list[Fault]:
    """Files of the committed index that are missing, cut short or, looked at thoroughly, changed."""
    try:
        segments = json.loads((path / "index" / "meta.json").read_text(encoding="utf-8"))["segments"]
        names = [segment["segment_id"].replace("-", "") for segment in segments]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [Fault(IndexDamaged, f"索引“{path}”的 meta.json 缺失或已损坏（{error}）。请重建索引。")]
    sound: Callable[[Path], bool] = _sound if thorough else _whole
    broken = [file for name in names for file in _files(path / "index", name) if not sound(file)]
    if not _has_texts(path):
        broken.append(path / "texts")
    return [Fault(IndexDamaged, f"索引文件“{file}”缺失或已损坏。请重建索引。") for file in broken]


def _has_texts(path: Path) -> bool:
    try:
        return (path / "texts").stat().st_size >= Characters.load(path).texts
    except (OSError, IndexDamaged):
        return False


def _files(folder: Path, segment: str) -> Iterator[Path]:
    yield from (folder / f"{segment}.{kind}" for kind in _KINDS)
    yield from folder.glob(f"{segment}.*.del")


def _whole(file: Path) -> bool:
    """Whether a file of tantivy's ends as it should."""
    try:
        with file.open("rb") as opened:
            opened.seek(-_FOOTER.size, 2)
            return bool(_FOOTER.unpack(opened.read(_FOOTER.size))[1] == _FOOTER_MAGIC)
    except (OSError, struct.error):
        return False


def _sound(file: Path) -> bool:
    """Whether a file of tantivy's has the checksum that its footer tells."""
    if not _whole(file):
        return False
    with file.open("rb") as opened:
        size, _ = _FOOTER.unpack(_tail(opened, _FOOTER.size))
        footer = _tail(opened, _FOOTER.size + size)[:size]
        left, crc = opened.tell() - _FOOTER.size - size, 0
        opened.seek(0)
        while left and (piece := opened.read(min(left, 1 << 20))):
            crc, left = zlib.crc32(piece, crc), left - len(piece)
    try:
        return left == 0 and int(json.loads(footer)["crc"]) == crc
    except (ValueError, KeyError, TypeError):
        return False


def _tail(opened: BinaryIO, size: int) -> bytes:
    opened.seek(-size, 2)
    return opened.read(size)
