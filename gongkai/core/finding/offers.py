"""What domains offer to be found.

A domain registers an offer when it starts. The indexer asks it for the records behind keys that have changed; a key
for which nothing comes back is taken out of the index, so an offer answers for what is public, and for nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.search.port import Document


def _no_names() -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Offer:
    """Records of one sort.

    Attributes:
        name: what their ids begin with (`document:12`).
        keys: all keys behind which something may be public, each once.
        documents: what is public of these keys, on a day; of a key that is not public, nothing.
        tag: the freshness tags `TAG:KEY` mean that the record of this key has changed; "" where there are none.
        whole: freshness tags that mean that any of the records may have changed.
        daily: whether the records are others on another day, without anybody having changed them.
        names: words that papers here use, for telling words apart: names of organs, places.
        version: raised with every change to what `documents` says; the index is made anew then.
    """

    name: str
    keys: Callable[[], Sequence[int]]
    documents: Callable[[Sequence[int], date], Iterable[Document]]
    tag: str = ""
    whole: frozenset[str] = frozenset()
    daily: bool = False
    names: Callable[[], Iterable[str]] = _no_names
    version: int = 1

    def key_of(self, tag: str) -> int | None:
        """The key that a tag names; None where it names none of this offer's."""
        prefix, _, key = tag.partition(":")
        return int(key) if self.tag and prefix == self.tag and key.isdecimal() else None


_offers: dict[str, Offer] = {}


def register(offer: Offer) -> None:
    """Let the records of an offer be found. Registering twice does nothing."""
    _offers[offer.name] = offer


def offers() -> list[Offer]:
    """All that was registered."""
    return list(_offers.values())


def is_claimed(tag: str) -> bool:
    """Whether a change of this tag changes the index."""
    return any(tag in offer.whole or offer.key_of(tag) is not None for offer in _offers.values())


def digest() -> str:
    """What is offered, in short: another one means that an index made before lacks something."""
    said = sorted(f"{offer.name} {offer.version}" for offer in _offers.values())
    return hashlib.blake2b("\n".join(said).encode(), digest_size=8).hexdigest()
