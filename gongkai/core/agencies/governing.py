"""Changing what the government says of itself: names, footer, colours, index numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gongkai.core.agencies import colour, events, numbering
from gongkai.core.agencies.emblem import Picture
from gongkai.core.agencies.models import Emblem, Government
from gongkai.core.agencies.telling import FOOTER, NAMES, Profile, footer_of, profile_of
from gongkai.core.doing import Doing
from gongkai.core.freshness.touching import touch
from gongkai.core.ledger.append import Happening, Stream, append
from gongkai.core.writing import writing

STREAM = Stream(events.GOVERNMENT, events.PROFILE)
LEVELS: Mapping[str, str] = {"county": "县（市、区、旗）", "prefecture": "市（州、盟）", "province": "省（自治区、直辖市）"}
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::\d{1,5})?")
_LENGTHS = {"name": 100, "short_name": 20, "site_name": 100, "region": 60, "domain": 200, "site_code": 20}


class UnfitSetting(Exception):
    """A setting that cannot be; `field` names it, `str()` says why and what to do."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(why)


@writing()
def change_profile(profile: Profile, doing: Doing, expected: int | None = None) -> Government:
    """The government is described like this from now on; the first time it is set up.

    `expected` is the number of changes the caller has seen. Raises UnfitSetting, Overtaken.
    """
    values = _fit(profile)
    standing = Government.objects.select_for_update().first()
    after = {name: value for name, value in values.items() if name != "footer"} | footer_of(values["footer"])
    if told := events.difference(profile_of(standing), after):
        append(STREAM, [Happening(events.CHANGED, told)], actor=doing.actor, at=doing.at, expected=expected)
    found, _ = Government.objects.update_or_create(pk=standing.pk if standing else 1, defaults=values)
    touch("site", "agencies", "library")
    return found


@writing()
def change_emblem(picture: Picture | None, doing: Doing) -> None:
    """Another picture at the head of every page; None: the one that comes with the software. Raises UnfitSetting."""
    standing = Government.objects.select_for_update().first()
    if standing is None:
        raise UnfitSetting("emblem", "请先填写政府名称，再上传徽标。")
    if picture is not None:
        kept = {"media": picture.media, "content": picture.content}
        Emblem.objects.get_or_create(digest=picture.digest, defaults=kept)
    digest = picture.digest if picture else ""
    told = events.difference({"emblem": standing.emblem}, {"emblem": digest})
    if told:
        append(STREAM, [Happening(events.CHANGED, told)], actor=doing.actor, at=doing.at)
        standing.emblem = digest
        standing.save(update_fields=["emblem"])
        touch("site")


def _fit(profile: Profile) -> dict[str, Any]:
    said = {name: str(getattr(profile, name)).strip() for name in NAMES}
    if not said["name"]:
        raise UnfitSetting("name", "请填写政府名称，如“青禾县人民政府”。")
    for name, longest in _LENGTHS.items():
        if len(said[name]) > longest:
            raise UnfitSetting(name, f"最多 {longest} 字。")
    if said["level"] not in LEVELS:
        raise UnfitSetting("level", f"级别只能是：{'、'.join(LEVELS.values())}。")
    place = said["name"].removesuffix("人民政府")
    said["short_name"] = said["short_name"] or place[:20]
    said["site_name"] = said["site_name"] or f"{said['name']}网站"
    said["domain"] = _host(said["domain"])
    try:
        scheme = numbering.checked(profile.index_scheme)
    except numbering.UnfitScheme as error:
        raise UnfitSetting("index_scheme", str(error)) from error
    try:
        red = colour.checked(profile.colour) if profile.colour.strip() else ""
    except colour.UnfitColour as error:
        raise UnfitSetting("colour", str(error)) from error
    foot = {name: value.strip() for name, value in profile.footer.items() if name in FOOTER and value.strip()}
    return {**said, "index_scheme": scheme, "colour": "" if red == colour.OURS else red, "footer": foot}


def _host(told: str) -> str:
    """A host name without scheme and path, as people paste it."""
    host = told.strip().lower().rpartition("://")[2].partition("/")[0]
    if host and not _HOST.fullmatch(host):
        raise UnfitSetting("domain", "域名只写主机名，如 www.qinghe.gov.cn。")
    return host
