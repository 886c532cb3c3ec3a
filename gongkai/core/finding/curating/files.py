"""Entries as a YAML file that people review, and back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from gongkai.core.finding.curating.entries import MOST_ENTRIES, Entry, Kind, UnfitEntry

LARGEST = 2 * 1024 * 1024  # bytes
_SECTIONS = {
    "synonyms": (Kind.SYNONYM, "say", "official"), "best_bets": (Kind.BEST, "ask", "address"),
    "stop_words": (Kind.STOP, "word", ""), "blocked": (Kind.BLOCKED, "word", ""), "refused": (Kind.REFUSED, "ask", "address"),
}  # fmt: skip
_HEAD = """\
# 本站编辑的检索词：synonyms 同义词（say 群众的说法，official 规范用语，weight 0 到 1，0 为不用），
# best_bets 编辑推荐（ask 问题，address 排在最前的页面），stop_words 停用词，blocked 屏蔽词，refused 不采用的对应。
# 改好后用 gongkai search entries import 文件 导入，或者在工作台“检索”的“检索词”里导入。
"""


def written(entries: Iterable[Entry]) -> str:
    """The entries as a file."""
    listed: dict[str, list[Any]] = {name: [] for name in _SECTIONS}
    for entry in entries:
        name, (_, said, target) = next((n, told) for n, told in _SECTIONS.items() if told[0] is entry.kind)
        told: dict[str, Any] = {said: entry.said}
        if target:
            told[target] = entry.target
        if entry.kind is Kind.SYNONYM and entry.weight != 1:
            told["weight"] = entry.weight
        if entry.note:
            told["note"] = entry.note
        listed[name].append(told if len(told) > 1 else entry.said)
    return _HEAD + yaml.safe_dump({k: v for k, v in listed.items() if v}, allow_unicode=True, sort_keys=False, width=120)


def read(data: bytes) -> list[Entry]:
    """What a file says; not yet checked as entries. Raises UnfitEntry."""
    found: list[Entry] = []
    problems: list[str] = []
    for name, rows in _sections(data).items():
        if not isinstance(rows, list):
            problems.append(f"{name} 应当是一个列表。")
            continue
        if len(rows) > MOST_ENTRIES:
            raise UnfitEntry(f"{name} 有 {len(rows)} 条，一共最多 {MOST_ENTRIES} 条。")
        for place, row in enumerate(rows, 1):
            try:
                found.append(_entry(name, row))
            except (KeyError, TypeError, ValueError):
                problems.append(f"{name} 第 {place} 条读不出来，应当写 {'、'.join(_wanted(name))}。")
    if problems:
        raise UnfitEntry(*problems[:20])
    return found


def _sections(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise UnfitEntry(f"文件有 {len(data) / 1048576:.1f} MB，最多 {LARGEST // 1048576} MB。")
    try:
        told = yaml.load(data.decode("utf-8-sig"), Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise UnfitEntry("文件不是 UTF-8 文字，请另存为 UTF-8 后再导入。") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise UnfitEntry(f"文件不是正确的 YAML{f'，第 {mark.line + 1} 行附近' if mark else ''}。请改好再导入。") from error
    if not isinstance(told, dict) or not told.keys() <= _SECTIONS.keys():
        raise UnfitEntry(f"文件里应当是 {'、'.join(_SECTIONS)} 这几段，写法见导出的文件。")
    return told


def _wanted(name: str) -> Iterator[str]:
    return filter(None, _SECTIONS[name][1:])


def _entry(name: str, row: Any) -> Entry:
    kind, said, target = _SECTIONS[name]
    told = {said: row} if isinstance(row, str | int) and not target else dict(row)
    if not told.keys() <= {said, target, "weight", "note"}:
        raise ValueError(name)
    weight = told.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or weight != weight:  # noqa: PLR0124 - not a number
        raise ValueError(name)
    return Entry(kind, _word(told[said]), _word(told[target]) if target else "", float(weight), _word(told.get("note", "")))


def _word(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return str(value)
