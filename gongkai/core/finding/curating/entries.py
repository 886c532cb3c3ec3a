"""An editor's entries and what the events about them add up to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gongkai.core.ledger.happened import Happened
from gongkai.search.analysis.fold import tight

STREAM, WORDS = "search", "words"
CHANGED = "changed"
MOST_ENTRIES = 5_000
LONGEST_SAID, LONGEST_TARGET, LONGEST_NOTE = 60, 120, 200
_LONGEST_FOLDED = 80
_ADDRESS = re.compile(r"/[\w\-./%]*")


class Kind(StrEnum):
    """What an entry is for.

    A synonym leads from what people say to an official term (weight 0: what the software itself knows of the pair is
    switched off). A best bet puts a record first for a question. A stop word is left out of questions. What is blocked is
    never suggested and never shown as a past question. Refused: learned from what people opened, and not wanted.
    """

    SYNONYM = "synonym"
    BEST = "best"
    STOP = "stop"
    BLOCKED = "blocked"
    REFUSED = "refused"


LABELS: Mapping[Kind, str] = {
    Kind.SYNONYM: "同义词", Kind.BEST: "编辑推荐", Kind.STOP: "停用词", Kind.BLOCKED: "屏蔽词", Kind.REFUSED: "不采用的对应",
}  # fmt: skip
Key = tuple[str, str, str]  # kind, folded words, target
Change = tuple["Entry | None", "Entry | None"]


class UnfitEntry(Exception):
    """Entries that cannot stand; `problems` say which and why."""

    def __init__(self, *problems: str) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `target` is an official term, the path of a public page, or "" where the kind has none; `weight` 0–1."""

    kind: Kind
    said: str
    target: str = ""
    weight: float = 1.0
    note: str = ""

    @property
    def key(self) -> Key:
        """What there is one entry of: the same words, however written, to the same target."""
        return self.kind, tight(self.said), tight(self.target) if self.kind is Kind.SYNONYM else self.target

    @property
    def told(self) -> str:
        """What it says, in a line."""
        weight = {1.0: "", 0.0: "（不用）"}.get(self.weight, f"（{self.weight:g}）") if self.kind is Kind.SYNONYM else ""
        return f"{self.said} → {self.target}{weight}" if self.target else self.said

    def written(self) -> list[Any]:
        """As an event holds it."""
        return [str(self.kind), self.said, self.target, self.weight, self.note]

    @classmethod
    def of(cls, told: Sequence[Any]) -> Entry:
        """What `written` gave."""
        return cls(Kind(told[0]), *told[1:])


def checked(entry: Entry) -> Entry:
    """The entry without needless blanks. Raises UnfitEntry."""
    said, target, note = (" ".join(part.split()) for part in (entry.said, entry.target, entry.note))
    problems = [*_unfit_said(said), *_unfit_target(entry.kind, said, target)]
    if not 0 <= entry.weight <= 1:
        problems.append("权重应当在 0 和 1 之间。")
    if len(note) > LONGEST_NOTE:
        problems.append(f"说明有 {len(note)} 字，最多 {LONGEST_NOTE} 字。")
    if problems:
        raise UnfitEntry(*problems)
    if entry.kind not in (Kind.SYNONYM, Kind.BEST, Kind.REFUSED):
        target = ""
    return Entry(entry.kind, said, target, round(entry.weight, 2) if entry.kind is Kind.SYNONYM else 1.0, note)


def _unfit_said(said: str) -> Iterable[str]:
    if not tight(said):
        yield "请填写词语，要有汉字、字母或数字。"
    if len(said) > LONGEST_SAID:
        yield f"“{said[:20]}……”有 {len(said)} 字，最多 {LONGEST_SAID} 字。"
    elif len(tight(said)) > _LONGEST_FOLDED:  # a few signs of Unicode stand for whole sentences
        yield f"“{said[:20]}”里有不能检索的符号。"


def _unfit_target(kind: Kind, said: str, target: str) -> Iterable[str]:
    if kind is Kind.SYNONYM:
        if not tight(target):
            yield f"“{said}”没有对应的规范用语。"
        elif tight(said) == tight(target):
            yield f"“{said}”对应到它自己，不必添加。"
    elif kind in (Kind.BEST, Kind.REFUSED) and not _ADDRESS.fullmatch(target):
        yield f"“{said}”要推荐哪个页面，请写本站网址里域名后面的部分，如 /library/12/。"
    if len(target) <= LONGEST_TARGET < len(tight(target)):
        yield f"“{target[:20]}”里有不能检索的符号。"
    if len(target) > LONGEST_TARGET:
        yield f"“{target[:20]}……”有 {len(target)} 字，最多 {LONGEST_TARGET} 字。"


def circles(entries: Iterable[Entry]) -> list[str]:
    """Synonyms that lead back to where they began, each circle told once."""
    leads: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind is Kind.SYNONYM and entry.weight:
            leads.setdefault(tight(entry.said), []).append(entry)
    done: set[str] = set()
    told: list[str] = []
    for start in leads:
        path: list[str] = []
        waiting = [(start, 0)]
        while waiting:
            term, depth = waiting.pop()
            del path[depth:]
            if term in path:
                told.append(" → ".join([*path[path.index(term) :], term]))
            elif term not in done:
                path.append(term)
                done.add(term)
                waiting += [(tight(entry.target), depth + 1) for entry in leads.get(term, ())]
    return told


def fold(happened: Iterable[Happened]) -> dict[Key, tuple[Entry, Happened]]:
    """All entries as they stand, each with the event that made it so."""
    standing: dict[Key, tuple[Entry, Happened]] = {}
    for event, changes in turns(happened):
        for before, after in changes:
            if after:
                standing[after.key] = (after, event)
            elif before:
                standing.pop(before.key, None)
    return standing


def turns(happened: Iterable[Happened]) -> Iterator[tuple[Happened, list[Change]]]:
    """Each event with what it changed: entries before and after, None where there was or is none."""
    standing: dict[Key, Entry] = {}
    for event in happened:
        taken = (standing.pop(Entry.of(told).key, None) for told in event.payload.get("removed", ()))
        changes: list[Change] = [(gone, None) for gone in taken if gone]
        for told in event.payload.get("set", ()):
            entry = Entry.of(told)
            changes.append((standing.get(entry.key), entry))
            standing[entry.key] = entry
        yield event, changes
