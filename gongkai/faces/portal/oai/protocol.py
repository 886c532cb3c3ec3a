"""What a request may say, and every way in which it can be wrong. No database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

FORMATS = ("oai_dc", "gongkai")
_SET_SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_LONGEST = 1000  # characters of an argument


@dataclass(frozen=True, slots=True)
class _Rule:
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    exclusive: str = ""


_LISTS = _Rule(("metadataPrefix",), ("from", "until", "set"), "resumptionToken")
VERBS: Mapping[str, _Rule] = {
    "Identify": _Rule(),
    "ListMetadataFormats": _Rule(optional=("identifier",)),
    "ListSets": _Rule(exclusive="resumptionToken"),
    "GetRecord": _Rule(("identifier", "metadataPrefix")),
    "ListIdentifiers": _LISTS,
    "ListRecords": _LISTS,
}


class Refused(Exception):
    """A request that the protocol answers with an error. `arguments` may be repeated in the answer."""

    def __init__(self, code: str, message: str, arguments: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.arguments = dict(arguments or {})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that keeps the rules. `before` is exclusive, so that `until` itself is included."""

    verb: str
    arguments: dict[str, str] = field(default_factory=dict)
    since: datetime | None = None
    before: datetime | None = None

    def get(self, name: str) -> str:
        """An argument; '' where it was not given."""
        return self.arguments.get(name, "")


def asked(given: Mapping[str, Sequence[str]]) -> Asked:
    """The request as the protocol sees it. Raises Refused (badVerb, badArgument, cannotDisseminateFormat)."""
    verbs = list(given.get("verb", ()))
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise Refused("badVerb", f"verb 应当恰好写一次，可用的有：{'、'.join(VERBS)}。")
    verb = verbs[0]
    arguments = _arguments(verb, given)
    since, before = _bounds(arguments)
    spec = arguments.get("set", "")
    if spec and not _SET_SPEC.fullmatch(spec):
        raise Refused("badArgument", "set 的写法不对。可用的集合见 ListSets。")
    told = {"verb": verb, **arguments}
    if (prefix := arguments.get("metadataPrefix")) is not None and prefix not in FORMATS:
        raise Refused("cannotDisseminateFormat", f"没有这种元数据格式，可用的有：{'、'.join(FORMATS)}。", told)
    return Asked(verb, arguments, since, before)


def _arguments(verb: str, given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    rule = VERBS[verb]
    names = [name for name in given if name != "verb"]
    known = {*rule.required, *rule.optional, rule.exclusive} - {""}
    if unknown := [name for name in names if name not in known]:
        raise Refused("badArgument", f"{verb} 不能带参数 {unknown[0][:40]}。")
    if repeated := [name for name in names if len(given[name]) != 1]:
        raise Refused("badArgument", f"参数 {repeated[0]} 只能写一次。")
    if toolong := [name for name in names if len(given[name][0]) > _LONGEST]:
        raise Refused("badArgument", f"参数 {toolong[0]} 过长。")
    if rule.exclusive in names:
        if len(names) > 1:
            raise Refused("badArgument", f"{rule.exclusive} 不能与别的参数同用。")
    elif missing := [name for name in rule.required if name not in names]:
        raise Refused("badArgument", f"{verb} 缺少参数 {missing[0]}。")
    return {name: given[name][0] for name in names}


def _bounds(arguments: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    first, last = arguments.get("from"), arguments.get("until")
    since = moment(first)[0] if first is not None else None
    until, unit = moment(last) if last is not None else (None, timedelta())
    if since is not None and until is not None:
        if len(first or "") != len(last or ""):
            raise Refused("badArgument", "from 和 until 的粒度应当相同。")
        if since > until:
            raise Refused("badArgument", "from 不能晚于 until。")
    return since, _after(until, unit) if until is not None else None


def moment(written: str) -> tuple[datetime, timedelta]:
    """A datestamp and how long it lasts: a day or a second. Raises Refused (badArgument)."""
    form, unit = (_DAY, timedelta(days=1)) if len(written) == 10 else (_SECOND, timedelta(seconds=1))
    told = Refused("badArgument", "日期应写成 2026-11-20 或 2026-11-20T08:00:00Z（协调世界时）。")
    if not form.fullmatch(written):
        raise told
    try:
        return datetime.fromisoformat(written.removesuffix("Z")).replace(tzinfo=UTC), unit
    except ValueError:
        raise told from None


def _after(until: datetime, unit: timedelta) -> datetime:
    try:
        return until + unit
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
