"""Bytes of a Chinese text file to a string: UTF-8, GB18030, Big5, UTF-16, with or without a mark."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""<(?:meta[^>]+charset|\?xml[^>]+encoding)\s*=\s*["']?\s*([\w-]+)""", re.I)
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5-hkscs": "big5hkscs"}
# the characters that official prose cannot do without, in both scripts
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处府發國號關於實辦議務機條項會縣區員規"
)


def decode(data: bytes, *, html: bool = False) -> tuple[str, str]:
    """`data` as text, and the name of the encoding that was used.

    A byte-order mark wins, then strict UTF-8, then an HTML declaration, then whichever of
    GB18030, Big5 and UTF-16 gives the most ordinary Chinese. Bytes that fit nothing are replaced,
    never dropped silently: the name then ends in `?`.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _lenient(data, name)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if html and (declared := _declared(data)):
        try:
            return data.decode(declared), declared
        except (UnicodeDecodeError, LookupError):
            pass
    return _likeliest(data)


def file_name(name: str) -> str:
    """A file's name as text. The system gives names that are no UTF-8 as bytes in disguise: mostly GBK, of older Windows."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
    return name


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:4096])
    if not match:
        return None
    name = match[1].decode("ascii").lower()
    return _ALIASES.get(name, name)


def _likeliest(data: bytes) -> tuple[str, str]:
    candidates = ["gb18030", "big5hkscs", "utf-8"]
    if b"\x00" in data[:400] or len(data) % 2 == 0:
        candidates += ["utf-16-le", "utf-16-be"]
    best: tuple[float, str, str] = (float("-inf"), "", "")
    for name in candidates:
        sample = data[:20_000].decode(name, errors="replace")
        best = max(best, (_ordinary(sample), name, sample), key=lambda c: c[0])
    return _lenient(data, best[1])


def _ordinary(text: str) -> float:
    """How much of `text` is everyday Chinese or ASCII, minus what cannot be text at all."""
    if not text:
        return 0.0
    good = sum(c in _COMMON or " " <= c <= "~" or c in "，。、：；\r\n" for c in text)
    bad = sum(c == "�" or "\ue000" <= c <= "\uf8ff" or (c < " " and c not in "\r\n\t") for c in text)
    return (good - 5 * bad) / len(text)


def _lenient(data: bytes, name: str) -> tuple[str, str]:
    try:
        return data.decode(name), name
    except UnicodeDecodeError:
        return data.decode(name, errors="replace"), f"{name}?"
