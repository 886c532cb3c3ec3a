"""Marks in place of questions and people: salted, for a window of days, and too short to lead back to anybody. No Django.

The salt of a window lies in a file that is replaced when the window ends; with it goes the only way from a mark to the
words that it was made of. Of who asks nothing is kept but one of 64 bits, and that bit is another for each question: what
one person asks cannot be put together.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from pathlib import Path

from gongkai.core.secret import made_once

WINDOW = 28
"""Days for which a salt holds."""
ENOUGH = 5
"""Different people who must have asked before a question is kept in clear or a figure is shown."""
_BITS = 64


def window_of(day: date) -> int:
    """The number of the window in which a day lies."""
    return day.toordinal() // WINDOW


class Salts:
    """The salt of the present window, the same for all processes of a machine, in a file below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: tuple[int, bytes] = (-1, b"")

    def of(self, day: date) -> bytes:
        """The salt for a day. The salts of earlier windows are forgotten. Raises OSError."""
        window = window_of(day)
        if self._known[0] != window:
            kept = made_once(self._folder / f"salt-{window}", lambda: secrets.token_hex(32))
            for old in self._folder.glob("salt-*"):
                if (number := old.name.partition("-")[2]).isdecimal() and int(number) < window:
                    old.unlink(missing_ok=True)
            self._known = (window, bytes.fromhex(kept.read_text(encoding="ascii")))
        return self._known[1]


def mark_of(question: str, salt: bytes) -> str:
    """What stands for a folded question: 32 hexadecimal digits."""
    return hashlib.blake2b(question.encode("utf-8", "replace"), key=salt, digest_size=16).hexdigest()


def bit_of(mark: str, asker: str, salt: bytes) -> int:
    """One bit of 64 for who asks, another for each question."""
    digest = hashlib.blake2b(f"{mark} {asker}".encode("utf-8", "replace"), key=salt, digest_size=8).digest()
    return 1 << int.from_bytes(digest) % _BITS


def at_least(bits: int) -> int:
    """How many different people set these bits, at the least: two may share one, nobody sets two."""
    return bits.bit_count()


def as_kept(bits: int) -> int:
    """Bits as a signed number, which is what a database holds."""
    return bits - (1 << _BITS) if bits >> (_BITS - 1) else bits


def as_bits(kept: int) -> int:
    """What `as_kept` was given."""
    return kept & ((1 << _BITS) - 1)
