"""What a searcher may say beside words: "短语", -排除, 机关:民政局, 年:2023, 文号:青政办发2023 7号. Pure.

Anything that is not exactly one of these is words; no input is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.text.numerals import to_int

_MOST = 8
_FIELDS = {
    "机关": "organ", "部门": "organ", "单位": "organ", "organ": "organ",
    "年": "year", "年份": "year", "year": "year",
    "文号": "number", "发文字号": "number", "number": "number",
}  # fmt: skip
_PIECE = re.compile(
    rf"(?:(?<=\s)|^)(?P<field>{'|'.join(sorted(_FIELDS, key=len, reverse=True))})\s?:\s?"
    r"(?:\"(?P<whole>[^\"]{1,80})\"|(?P<value>[^\s\"]{1,60}))"
    r"|(?P<minus>(?:(?<=\s)|^)-)?\"(?P<phrase>[^\"]{1,80})\""
    r"|(?:(?<=\s)|^)-(?P<out>[^\s\"-][^\s\"]{0,40})",
    re.IGNORECASE,
)
_QUOTES = str.maketrans("“”„‟「」『』＂", '"' * 9)
_NUMBER_GOES_ON = re.compile(r"\s+(?:第?\d{1,4}号?|(?:19|20)\d\d年?(?:\s+第?\d{1,4}号?)?)(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Operated:
    """A query taken apart: the words that are left, and what the operators say."""

    words: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    organs: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    number: str = ""


def take_operators(text: str) -> Operated:
    """Take the operators out of a cleaned query; at most eight of a sort are heeded."""
    text = text.translate(_QUOTES)
    said: dict[str, list[str]] = {"phrase": [], "out": [], "organ": [], "year": [], "number": []}
    left, at = [], 0
    for match in _PIECE.finditer(text):
        if match.start() < at:
            continue
        sort, value, end = _sort(match, text)
        if not sort:
            continue
        said[sort].append(value)
        left.append(text[at : match.start()])
        at = end
    words = " ".join(" ".join([*left, text[at:]]).replace('"', " ").split())
    years = [year for value in said["year"] for year in _years(value)]
    number = said["number"][0] if said["number"] else ""
    kept = {sort: tuple(dict.fromkeys(values[:_MOST])) for sort, values in said.items()}
    return Operated(words, kept["phrase"], kept["out"], kept["organ"], tuple(dict.fromkeys(years[:_MOST])), number)


def _sort(match: re.Match[str], text: str) -> tuple[str, str, int]:
    if phrase := match["phrase"]:
        value = phrase.strip()
        return ("out" if match["minus"] else "phrase") if value else "", value, match.end()
    if match["out"]:
        return "out", match["out"], match.end()
    sort, value = _FIELDS[match["field"].lower()], (match["whole"] or match["value"]).strip()
    if sort == "year" and not _years(value):
        return "", "", 0
    more = _NUMBER_GOES_ON.match(text, match.end()) if sort == "number" and match["value"] else None
    return sort, value + (more[0] if more else ""), more.end() if more else match.end()


def _years(value: str) -> list[int]:
    ends = [to_int(part.strip(" 年")) for part in re.split(r"[-~至到—]", value)[:2]]
    years = [year for year in ends if year is not None and 1949 <= year <= 2100]
    if len(years) != len(ends):
        return []
    return list(range(min(years), min(max(years), min(years) + 50) + 1))
