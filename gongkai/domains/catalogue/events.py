"""What can happen to a column, as the ledger records it, and what the definition of a column says.

Payloads hold the slug and the digest of the definition; the definition itself is kept beside the
ledger for good, so that every former state of the catalogue can be read again.
"""

from __future__ import annotations

from typing import TypedDict

STREAM = "column"

DEFINED = "defined"
REDEFINED = "redefined"
REMOVED = "removed"

# The five entries of a disclosure platform (国办公开办函〔2019〕61号), in their order.
ENTRIES = {
    "guide": "政府信息公开指南",
    "rules": "政府信息公开制度",
    "statutory": "法定主动公开内容",
    "report": "政府信息公开年报",
    "request": "依申请公开",
}
# Kinds of organ that keep a platform of their own.
ORGAN_KINDS = ("government", "department", "subdistrict", "town")
# What a column's text may name in braces: within a sentence, and on a line of its own.
INLINE = ("机构", "本级政府", "受理机构", "主管部门", "复议机关")
BLOCKS = ("联系方式", "机构概况", "公开栏目")


class Selection(TypedDict):
    """Which public papers a column takes: all keys that say something must hold, one value of each.

    A value of `words` and `without` is one or more words, all to be found in the title (the names
    of its organs left out); `organs` are codes. `rest` takes what no other column of the entry takes.
    """

    kinds: list[str]
    topics: list[str]
    subtopics: list[str]
    themes: list[str]
    organs: list[str]
    words: list[str]
    without: list[str]
    index_numbers: list[str]
    rest: bool


class ColumnData(TypedDict):
    """The definition of a column. `selection` holds alternatives; none means no papers, only text.

    `source` is the article that demands it, `group` the heading it stands under, `about` what a
    visitor finds in it, `elsewhere` where to look while it is empty, `organ_kinds` whose platforms
    have it, `texts` a text of their own for organs by code.
    """

    slug: str
    name: str
    entry: str
    order: float
    group: str
    source: str
    about: str
    elsewhere: str
    organ_kinds: list[str]
    selection: list[Selection]
    text: str
    texts: dict[str, str]
