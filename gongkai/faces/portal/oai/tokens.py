"""Resumption tokens that say all themselves: nothing is kept for them, and a restart does not void them.

A token is the request and the last record that was sent. Whoever makes one up gets what a plain
request would have given, so it needs no signature.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from gongkai.domains.library.queries.exchange import Choice, Place, is_set
from gongkai.faces.portal.oai.protocol import FORMATS, Refused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_VERBS = {"i": "ListIdentifiers", "r": "ListRecords"}
_FORM = re.compile(
    r"1([ir])~(\w{1,20})~([\w:-]{0,60})~(-?\d{1,18})?~(-?\d{1,18})?~(-?\d{1,18})~(\d{1,18})~(\d{1,12})~(\d{1,12})?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Token:
    """Where a list goes on: what was asked, the place reached, how many were sent, and how many there are."""

    verb: str
    prefix: str
    choice: Choice
    cursor: int
    size: int | None

    def after(self, place: Place, sent: int) -> Token:
        """The same list, `sent` records further on."""
        return replace(self, choice=replace(self.choice, after=place), cursor=self.cursor + sent)


def written(token: Token) -> str:
    """The token as a string of letters that addresses need not escape, but for the colon."""
    choice, place = token.choice, token.choice.after
    if place is None:
        raise ValueError("a list that has not begun needs no token")
    letter = next(letter for letter, verb in _VERBS.items() if verb == token.verb)
    said = (
        f"1{letter}", token.prefix, choice.set_spec, _number(choice.since), _number(choice.before),
        _number(place.changed_at), place.number, token.cursor, "" if token.size is None else token.size,
    )  # fmt: skip
    return "~".join(map(str, said))


def read(said: str, verb: str) -> Token:
    """The token that a client brought back. Raises Refused (badResumptionToken)."""
    match = _FORM.fullmatch(said)
    refused = Refused("badResumptionToken", "续传标记无效，请从头开始采集。", {"verb": verb, "resumptionToken": said})
    if match is None or _VERBS[match[1]] != verb or match[2] not in FORMATS or (match[3] and not is_set(match[3])):
        raise refused
    try:
        since, before, at = (_moment(match[n]) for n in (4, 5, 6))
    except OverflowError:
        raise refused from None
    place = Place(at or _EPOCH, int(match[7]))
    size = int(match[9]) if match[9] else None
    return Token(verb, match[2], Choice(match[3], since, before, place), int(match[8]), size)


def _number(moment: datetime | None) -> str:
    return "" if moment is None else str((moment - _EPOCH) // _MICROSECOND)


def _moment(number: str | None) -> datetime | None:
    return _EPOCH + int(number) * _MICROSECOND if number else None
