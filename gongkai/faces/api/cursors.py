"""Cursors: where a page of a list begins, in a form that only this site can make.

A cursor holds the place in the order and a check sum over it and over the conditions of the list; so
it is good for the list it was given for, and for no other. Nothing is kept of it here.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b, sha256

from django.conf import settings

from gongkai.domains.library.queries.walking import Place, is_moment

PATTERN = "^[A-Za-z0-9_-]{20,80}$"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"([np])(-?\d{0,18})~(\d{1,18})", re.ASCII)
_SUM = 12  # bytes, 16 letters


def written(place: Place, conditions: str, *, backwards: bool) -> str:
    """The cursor of the page that follows a place, or `backwards` comes before it, in a list with these conditions."""
    said = f"{'p' if backwards else 'n'}{_number(place.value)}~{place.number}"
    return _letters(said.encode()) + _sum_of(said, conditions)


def read(cursor: str, conditions: str, sort: str) -> tuple[Place, bool] | None:
    """The place, and whether the page comes before it; None where the cursor is not ours, or of another list."""
    body, told = cursor[:-16], cursor[-16:]
    try:
        said = urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode("ascii")
    except ValueError:
        return None
    match = _FORM.fullmatch(said)
    if match is None or body != _letters(said.encode()) or not hmac.compare_digest(told, _sum_of(said, conditions)):
        return None
    return Place(_value(match[2], moment=is_moment(sort)), int(match[3])), match[1] == "p"


def _number(value: date | datetime | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str((value - _EPOCH) // timedelta(microseconds=1))
    return str(value.toordinal())


def _value(number: str, *, moment: bool) -> date | datetime | None:
    if not number:
        return None
    return _EPOCH + timedelta(microseconds=int(number)) if moment else date.fromordinal(int(number))


def _sum_of(said: str, conditions: str) -> str:
    return _letters(blake2b(f"{said}\n{conditions}".encode(), key=_key(settings.SECRET_KEY), digest_size=_SUM).digest())


def _letters(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return sha256(f"gongkai.faces.api.cursors {secret}".encode()).digest()
