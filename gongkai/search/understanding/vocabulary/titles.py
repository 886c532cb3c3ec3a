"""The names by which a paper with a given title is asked for. Pure."""

from __future__ import annotations

import re

from gongkai.text.blanks import squeeze
from gongkai.text.keys import subject
from gongkai.text.organs import of_title

_PRINTED = re.compile(r"(?:印发|公布|发布|转发|批转)[《〈](?P<name>.+)[》〉]的(?:通知|函|公告|通告|命令|决定)$")
_STAGE = re.compile(r"[(（](?:试行|暂行|修订|修正|\d{4}年(?:修订|修正|修改)?|修订版)[)）]$")
_PLACE = re.compile(r"^[^《》]{2,6}?(?:省|市|县|区)(?=[^《》]{4,})")


def names_of(title: str) -> list[str]:
    """What stands in a title that somebody may type: the instrument it prints, with and without its place, and its subject.

    青禾县民政局关于印发《青禾县高龄津贴发放管理办法》的通知 → 青禾县高龄津贴发放管理办法, 高龄津贴发放管理办法, 高龄津贴发放
    """
    whole = squeeze(title)
    printed = _PRINTED.search(whole)
    name = printed["name"] if printed else whole[of_title(whole)[1] :]
    name = _STAGE.sub("", name).strip("《》〈〉")
    bare = _PLACE.sub("", name)
    return list(dict.fromkeys(n for n in (name, bare, subject(whole)) if len(n) > 2))
