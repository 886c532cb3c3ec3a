"""Finding what was tampered with, and anchoring what is there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS

from gongkai.core.ledger.append import hash_of
from gongkai.core.ledger.chain import ALGORITHM, GENESIS, digest, moment
from gongkai.core.ledger.models import Event, StreamHead

ANCHORS = "ledger-anchors.jsonl"  # in the data folder


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the ledger that is not as it was written."""

    position: int
    where: str
    what: str

    def __str__(self) -> str:
        return f"第 {self.position} 条（{self.where}）：{self.what}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A short proof of the first `count` events, kept outside the database."""

    count: int
    root: str
    taken_at: str


@dataclass(slots=True)
class Verdict:
    """The outcome of a verification; `faults` empty means that nothing was changed."""

    events: int
    streams: int
    faults: list[Fault]


def verify(anchors: list[Anchor] | None = None) -> Verdict:
    """Read the whole ledger once and check every hash, chain, position, head and anchor."""
    heads = {(h.stream_kind, h.stream_id): h for h in StreamHead.objects.all()}
    last: dict[tuple[str, str], tuple[int, str]] = {}
    faults: list[Fault] = []
    wanted = {a.count: a for a in anchors or []}
    root, position = GENESIS, 0
    for event in Event.objects.order_by("id").iterator(chunk_size=2000):
        faults += _check(event, position, last)
        position = event.id
        last[event.stream_kind, event.stream_id] = (event.sequence, event.hash)
        root = digest([root, event.hash])
        anchor = wanted.pop(event.id, None)
        if anchor is not None and anchor.root != root:
            faults.append(Fault(event.id, "封存点", f"与 {anchor.taken_at} 封存的摘要不符，此前的记录被整体改写"))
    faults += list(_check_heads(heads, last))
    faults += [Fault(a.count, "封存点", f"{a.taken_at} 封存时有 {a.count} 条，现只有 {position} 条") for a in wanted.values()]
    return Verdict(position, len(last), faults)


def _check(event: Event, position: int, last: dict[tuple[str, str], tuple[int, str]]) -> Iterator[Fault]:
    where = f"{event.stream_kind}/{event.stream_id} #{event.sequence}"
    if event.id != position + 1:
        yield Fault(event.id, where, f"前面缺少 {event.id - position - 1} 条记录")
    sequence, previous = last.get((event.stream_kind, event.stream_id), (0, GENESIS))
    if event.sequence != sequence + 1:
        yield Fault(event.id, where, f"所属序列在第 {sequence} 号之后断开")
    if event.previous_hash != previous:
        yield Fault(event.id, where, "与上一条记录的摘要接不上")
    if hash_of(event) != event.hash:
        yield Fault(event.id, where, "内容与摘要不符，已被改动")


def _check_heads(heads: dict[tuple[str, str], StreamHead], last: dict[tuple[str, str], tuple[int, str]]) -> Iterator[Fault]:
    for key in sorted(heads.keys() | last.keys()):
        where = "/".join(key)
        sequence, hash_ = last.get(key, (0, ""))
        head = heads.get(key)
        if head is None:
            yield Fault(0, where, "缺少序列尾记录")
        elif (head.sequence, head.hash) != (sequence, hash_):
            yield Fault(0, where, f"序列应到第 {head.sequence} 号，实际到第 {sequence} 号，末尾记录被删或被改")


def take_anchor(at: datetime, using: str = DEFAULT_DB_ALIAS) -> Anchor:
    """The anchor of the ledger as it stands, or as the connection named `using` sees it."""
    root, count = GENESIS, 0
    for hash_ in Event.objects.using(using).order_by("id").values_list("hash", flat=True).iterator(chunk_size=5000):
        root, count = digest([root, hash_], ALGORITHM), count + 1
    return Anchor(count, root, moment(at))


def load_anchors(path: Path) -> list[Anchor]:
    """The anchors kept in a file, one JSON object a line; [] when there is none yet."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Anchor(**json.loads(line)) for line in lines if line.strip()]


def keep_anchor(path: Path, anchor: Anchor) -> None:
    """Add an anchor to the file, unless nothing has happened since the last one."""
    known = load_anchors(path)
    if anchor.count and (not known or known[-1].count != anchor.count):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(anchor)) + "\n")
