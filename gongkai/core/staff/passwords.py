"""Passwords that are handed over."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
# Twelve letters drawn at random need no slow hash: 59 bits are not guessed. It is made slow at the first sign-in.
_ROUNDS = 20_000


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A password to hand over, and what is kept of it; `to_change`: its first use is to choose another."""

    plain: str
    encoded: str
    to_change: bool = True


def one_time() -> HandedOver:
    """A random password; takes some milliseconds, so that a thousand of them fit into a request."""
    plain = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return HandedOver(plain, hasher.encode(plain, hasher.salt(), iterations=_ROUNDS))
    return HandedOver(plain, make_password(plain))


def well_known(plain: str) -> HandedOver:
    """The password of accounts that everybody may try: the sample government's."""
    return HandedOver(plain, make_password(plain), to_change=False)
