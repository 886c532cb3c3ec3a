"""The marks that open a structural unit: 第三条, 一、, （一）, 1., （1）, ①, 1.1."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.text.numerals import to_int

_ARTICLE_END = r"(?=[\s\u3000：:、.．（(【“《]|[一-鿿]|$)(?![例款件约文的所中至和]|规定)[：:、.．]?\s*"
_UNIT = "公斤|公里|公顷|元|万|亿|米|平方|立方|吨|人|个|倍|度|岁|年|月|分|秒|小时|厘|毫|千"
_C = "[〇一二三四五六七八九十百千零○]"
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("book", re.compile(rf"第\s?(?P<n>{_C}{{1,5}}|\d{{1,3}})\s?编(?=[\s\u3000]|$|[^\w])\s*")),
    ("part", re.compile(rf"第\s?(?P<n>{_C}{{1,5}}|\d{{1,3}})\s?(?:分编|部分)(?=[\s：:、.．]|$)[：:、.．]?\s*")),
    ("chapter", re.compile(rf"第\s?(?P<n>{_C}{{1,5}}|\d{{1,3}})\s?章(?![程节])\s*")),
    ("section", re.compile(rf"第\s?(?P<n>{_C}{{1,5}}|\d{{1,3}})\s?节(?![目日])\s*")),
    ("article", re.compile(rf"第\s?(?P<n>{_C}{{1,7}}|\d{{1,4}})\s?条(?:\s?之\s?(?P<sub>{_C}{{1,3}}))?" + _ARTICLE_END)),
    ("han", re.compile(rf"(?P<n>{_C}{{1,4}})\s?(?:、|[．.](?!\d))\s*")),
    ("han_bracket", re.compile(rf"[（(〔]\s?(?P<n>{_C}{{1,4}})\s?[)）〕][、.．]?\s*")),
    (
        "decimal",
        re.compile(
            r"(?P<n>[0-9０-９]{1,2}(?:[.．][0-9０-９]{1,2}){1,3})(?=[\s\u3000、]|[一-鿿])(?!" + _UNIT + r")[、.．]?\s*"
            r"|(?P<t>\d{1,2})[ \u3000]+(?=[一-鿿]{2,20}$)"
        ),
    ),
    ("arabic", re.compile(r"(?P<n>[0-9０-９]{1,3})\s?(?:[、．]|[.](?![0-9]))\s*")),
    ("arabic_bracket", re.compile(r"[（(]\s?(?P<n>[0-9０-９]{1,3})\s?[)）][、.．]?\s*|(?P<m>[0-9０-９]{1,3})[)）]\s*")),
    ("circled", re.compile(r"(?P<c>[①-⑳㈠-㈩⑴-⑽])\s*")),
)  # fmt: skip
MARKER = re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", p.pattern) for _, p in PATTERNS))


@dataclass(slots=True, frozen=True)
class Mark:
    """A structural mark at the start of a line: its kind, its key for anchors, and its length."""

    kind: str
    label: str
    key: str
    length: int


def mark_of(line: str) -> Mark | None:
    """The mark that opens `line`, or None."""
    for kind, pattern in PATTERNS:
        if match := pattern.match(line):
            return Mark(kind, match[0].strip(" \u3000、.．：:") if kind in _BARE else match[0].strip(), _key(match), match.end())
    return None


_BARE = {"article", "chapter", "section", "book", "part"}


def _key(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if circled := groups.get("c"):
        return str(_circled(circled))
    written = groups.get("n") or groups.get("m") or groups.get("t") or ""
    if "." in written or "．" in written:
        return "-".join(str(to_int(part)) for part in written.replace("．", ".").split("."))
    key = str(to_int(written))
    return f"{key}-{to_int(groups['sub'])}" if groups.get("sub") else key


def _circled(char: str) -> int:
    for first in "①㈠⑴":
        if 0 <= ord(char) - ord(first) < 20:
            return ord(char) - ord(first) + 1
    return 0
