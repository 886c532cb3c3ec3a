"""What a query is after, and which of its words only ask. Pure."""

from __future__ import annotations

import re
from functools import cache

from gongkai.search.understanding.data import abbreviations, read_table
from gongkai.search.understanding.model import Intent, IntentKind
from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.search.understanding.vocabulary.terms import TermKind

_LONGEST_ORGAN, _LONGEST_LOOKED_AT = 24, 60
_LEAST_LEFT = 2
_ORGAN_ENDS = re.compile(r"(?:局|委|办|厅|院|所|站|队|中心|政府|街道|大厅|社区|村|镇|乡|公司|窗口)$")


def without_asking(text: str) -> str:
    """`text` without openers and question words; as it is where too little would be left."""
    openers, fillers = _patterns()
    left = " ".join(fillers.sub(" ", openers.sub("", text)).split())
    return left if len(left.replace(" ", "")) >= _LEAST_LEFT else text


def intent_of(text: str, numbers: tuple[str, ...], vocabulary: Vocabulary) -> Intent:
    """The one thing that `text` (folded words) is clearly after."""
    if numbers:
        return Intent(IntentKind.DOCUMENT_NUMBER, numbers[0])
    if _marks("disclosure").search(text):
        return Intent(IntentKind.DISCLOSURE_REQUEST, without_asking(_marks("disclosure").sub(" ", text)))
    if organ := _organ_asked(text, vocabulary):
        return Intent(IntentKind.ORGAN_CONTACT, organ)
    if _marks("form").search(text):
        return Intent(IntentKind.FORM, without_asking(text))
    if len(text) > 4 and _marks("clause").search(text):
        return Intent(IntentKind.CLAUSE, without_asking(text))
    return Intent(IntentKind.NONE)


def _organ_asked(text: str, vocabulary: Vocabulary) -> str:
    """The organ whose whereabouts are asked: named beside a word of contact, or the whole query; '' for none."""
    asks = _marks("contact").search(text)
    organ = organ_in(text[:_LONGEST_LOOKED_AT], vocabulary)
    whole = text.replace(" ", "")
    if organ and (asks or organ == whole):
        return organ
    return ""


def organ_in(text: str, vocabulary: Vocabulary) -> str:
    """The longest name of an organ that stands in `text`: one of the site's, or a short name that all know; '' for none."""
    for length in range(min(len(text), _LONGEST_ORGAN), 1, -1):
        for start in range(len(text) - length + 1):
            name = text[start : start + length]
            if _ORGAN_ENDS.search(name) and (name in _well_known() or _is_organ(name, vocabulary)):
                return name
    return ""


def _is_organ(name: str, vocabulary: Vocabulary) -> bool:
    rank = vocabulary.find(name)
    return rank is not None and vocabulary.kind(rank) == TermKind.ORGAN


@cache
def _well_known() -> frozenset[str]:
    """Names of organs without a place, short and full: 人社局, 人力资源和社会保障局."""
    return frozenset(abbreviations()) | {pair.official for pairs in abbreviations().values() for pair in pairs}


@cache
def _marks(sort: str) -> re.Pattern[str]:
    return _either(str(read_table("asking.yaml")[sort]).split())


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    said = read_table("asking.yaml")
    openers = _either(str(said["openers"]).split())
    return re.compile(rf"^(?:(?:{openers.pattern})\s*)+"), _either(str(said["fillers"]).split())


def _either(said: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(said, key=len, reverse=True))))
