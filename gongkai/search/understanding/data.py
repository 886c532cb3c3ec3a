"""The reviewed tables beside this file: plain speech, abbreviations, characters that look alike, words of asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Pair:
    """What people say, and the official term it stands for; `weight` is 0–1, how surely."""

    said: str
    official: str
    weight: float


def read_table(name: str) -> dict[str, Any]:
    """The YAML file `name` beside this one."""
    return dict(yaml.load(Path(__file__).with_name(name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


@cache
def plain_speech() -> Mapping[str, tuple[Pair, ...]]:
    """For each thing people say, the official terms for it, the surest first."""
    return _pairs(read_table("plain_speech.yaml")["sections"].values())


@cache
def abbreviations() -> Mapping[str, tuple[Pair, ...]]:
    """For each short name of an organ, policy or thing, its full names."""
    return _pairs(read_table("abbreviations.yaml")["sections"].values())


def _pairs(sections: Any) -> dict[str, tuple[Pair, ...]]:
    table: dict[str, dict[str, Pair]] = {}
    for entry in (entry for section in sections for entry in section["entries"]):
        weights = [entry.get("weight", 1.0) * max(0.5, 1 - 0.15 * place) for place in range(len(entry["official"].split()))]
        for said in entry["say"].split():
            for official, weight in zip(entry["official"].split(), weights, strict=True):
                table.setdefault(said, {}).setdefault(official, Pair(said, official, round(weight, 2)))
    return {said: tuple(sorted(found.values(), key=lambda pair: -pair.weight)) for said, found in table.items()}


def official_terms() -> Iterator[str]:
    """Every official term that the tables lead to, and everything that leads there, once each."""
    found = {pair.official: None for table in (plain_speech(), abbreviations()) for pairs in table.values() for pair in pairs}
    yield from dict.fromkeys([*found, *abbreviations(), *plain_speech()])


@cache
def look_alikes() -> Mapping[str, Mapping[str, bool]]:
    """For each character those that look like it, and whether people have said that they differ in a stroke or two only."""
    table: dict[str, dict[str, bool]] = {}
    for head, *others in read_table("shapes_seen.yaml")["seen"]:
        for other in others:
            table.setdefault(head, {})[other] = table.setdefault(other, {})[head] = False
    said = read_table("shapes.yaml")
    for sort in ("family", "close"):
        for group in said[sort]:
            for char in group:
                table.setdefault(char, {}).update({other: sort == "close" for other in group if other != char})
    return table


def service_words() -> list[str]:
    """Words of getting things done, as people type them and as papers write them."""
    tables = (read_table(name) for name in ("service_words.yaml", "official_words.yaml"))
    return list(dict.fromkeys(word for table in tables for words in table.values() for word in str(words).split()))


@cache
def asked_words() -> frozenset[str]:
    """Words for what is asked of a thing or done about it, which end a query: 流程, 补助, 减免."""
    return frozenset(str(read_table("service_words.yaml")["asked"]).split())
