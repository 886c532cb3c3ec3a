"""The reviewed lists: words that give away a planted page, hosts that ours may link to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from gongkai.text.fingerprint import bare

_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The lists as `reviewed.yaml` gives them."""

    strong: tuple[str, ...]
    weak: tuple[str, ...]
    parked: tuple[str, ...]
    hosts: frozenset[str]
    personal: tuple[str, ...]


@cache
def reviewed() -> Reviewed:
    """The lists, read once."""
    said = yaml.safe_load(Path(__file__).with_name("reviewed.yaml").read_text(encoding="utf-8"))
    return Reviewed(
        tuple(said["strong"]), tuple(said["weak"]), tuple(said["parked"]), frozenset(said["hosts"]), tuple(said["personal"])
    )


def spam_in(text: str, innocent: Collection[str] = (), *, several: int = _SEVERAL) -> list[str]:
    """Words of a planted page in a text: any strong one, or at least `several` weak ones.

    A word that one of the `innocent` texts (titles of our own papers that stand in it) accounts for
    does not count.
    """
    lists, packed = reviewed(), bare(text)
    for known in innocent:
        packed = packed.replace(bare(known), "")
    strong = [word for word in lists.strong if word in packed]
    weak = [word for word in lists.weak if word in packed]
    return [*strong, *(weak if strong or len(weak) >= several else [])]


def parked_in(text: str) -> list[str]:
    """Phrases of a domain that is for sale."""
    low, packed = text.lower(), bare(text)
    return [phrase for phrase in reviewed().parked if phrase in (low if phrase.isascii() else packed)]
