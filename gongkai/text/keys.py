"""What a paper is recognised by: its number and its titles, freed of how they happen to be written. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from gongkai.text.blanks import squeeze
from gongkai.text.numbers import normalise

_BRACKETS = re.compile(r"[《》〈〉<>“”\"「」]")
_PRINTED = re.compile(r"(?:印发|公布|发布|转发|批转)(?:《(?P<quoted>[^《》]+)》|(?P<bare>.+?))的(?:通知|函|公告|通告|命令|决定)$")
_STAGE = re.compile(r"[(（](?:试行|暂行|修订|修正|\d{4}年(?:修订|修正|修改)?|修订版)[)）]$")

_ABOUT = re.compile(
    r"^(?:[^《》]{1,6}?(?:省|市|县|区|镇|街道))?(?P<subject>(?!关于)[^《》、，]{2,9}?)"
    r"(?:管理|暂行|实施|工作|奖励|评选|行动|专项)*(?:办法|规定|细则|规则|条例|方案|标准|制度|预案)$"
)


def quoted(title: str) -> str:
    """A title in book marks, those inside it made single: 《关于印发〈办法〉的通知》."""
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"


def number_key(number: str | None) -> str:
    """A document number for comparing; '' for none."""
    return normalise(number).replace("国务院令", "国令").replace("中华人民共和国", "") if number else ""


def title_key(title: str | None) -> str:
    """A title for comparing: no blanks or quotation marks, half-width, without the country's name in front."""
    if not title:
        return ""
    text = unicodedata.normalize("NFKC", _BRACKETS.sub("", squeeze(title)))
    return text.removeprefix("中华人民共和国").lower()[:500]


def title_keys(title: str) -> list[str]:
    """Every title by which others may cite a paper: its own, and that of what it prints."""
    keys = [title_key(title)]
    squeezed = squeeze(title)
    if printed := _PRINTED.search(squeezed):
        keys.append(title_key(printed["quoted"] or printed["bare"]))
    if "关于" in squeezed:
        keys.append(title_key(squeezed[squeezed.index("关于") :]))
    keys += [_STAGE.sub("", key) for key in keys]
    return list(dict.fromkeys(k for k in keys if len(k) > 4))


def work_key(title: str) -> str:
    """What the consolidated versions of one law have in common."""
    return _STAGE.sub("", title_key(title))


def text_digest(text: str) -> str:
    """A digest that two files share when they hold the same words, whatever their format."""
    return hashlib.sha256(squeeze(unicodedata.normalize("NFKC", text)).encode()).hexdigest()


def subject(title: str) -> str:
    """What a person would type to find an instrument: 青禾县公共租赁住房管理办法 → 公共租赁住房; '' when unsure."""
    printed = _PRINTED.search(squeeze(title))
    name = (printed["quoted"] or printed["bare"]) if printed else squeeze(title)
    about = _ABOUT.match(_STAGE.sub("", name))
    return about["subject"] if about else ""
