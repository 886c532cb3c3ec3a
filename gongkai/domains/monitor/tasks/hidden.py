"""What a page holds that a visitor does not see but a search engine reads. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from gongkai.text.fingerprint import paper_bodies, visible_text

_CONCEALS = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0?\.?0+(?![\d.])"
    r"|(?:font-size|width|height|max-height|max-width|line-height)\s*:\s*[01]?(?:\.\d+)?(?:px|em|pt|rem|%)?\s*(?:;|$|!)"
    r"|(?:left|top|right|bottom|text-indent|margin(?:-\w+)?)\s*:\s*-\s*\d{3,}"
    r"|clip(?:-path)?\s*:|transform\s*:\s*(?:scale\(\s*0|translate)|z-index\s*:\s*-",
    re.I,
)
_COLOUR = re.compile(r"(?<![-\w])color\s*:\s*([^;!]+)", re.I)
_GROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.I)
_PALE = {"white", "#fff", "#ffffff", "transparent", "rgba(0,0,0,0)", "rgb(255,255,255)", "#fefefe"}
_UNSEEN_CLASS = re.compile(r"(?:^|\s|-)(?:visually-?hidden|hidden|invisible|sr-only|d-none|hide)(?:\s|$|-)", re.I)
_LINKING = re.compile(r"<\s*a\s|https?://|<\s*iframe", re.I)


def hidden_in(tree: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Concealed text and links, as faults."""
    for element in tree.iter("*"):
        if why := _concealment(element):
            yield "hidden", f"{why}：{_held(element)}"
    for comment in tree.iter(etree.Comment):
        if _LINKING.search(comment.text or ""):
            yield "hidden", f"注释里藏有链接：{(comment.text or '').strip()[:120]}"
    for body in paper_bodies(tree):
        yield from (("hidden", f"正文有一部分被藏起来：{_held(e)}") for e in body.iter("*") if _unseen(e))


def _concealment(element: html.HtmlElement) -> str:
    """Why a visitor would not see an element; '' where nothing says so."""
    style = element.get("style") or ""
    if style and _CONCEALS.search(style):
        return "用样式隐藏"
    if _same_colour(style) or (element.tag == "font" and (element.get("color") or "").strip().lower() in _PALE):
        return "与底色相同"
    if element.tag in ("noscript", "template") and (len(element) or (element.text or "").strip()):
        return f"藏在 {element.tag} 里"
    if element.tag == "marquee" and _tiny(element):
        return "藏在滚动条里"
    if element.get("hidden") is not None and element.xpath(
        ".//a[starts-with(@href, 'http')]|self::a[starts-with(@href, 'http')]"
    ):
        return "隐藏的外部链接"
    return ""


def _same_colour(style: str) -> bool:
    colour, ground = _COLOUR.search(style), _GROUND.search(style)
    if colour is None:
        return False
    said = re.sub(r"\s+", "", colour[1]).lower()
    return re.sub(r"\s+", "", ground[1]).lower() == said if ground else said in _PALE


def _tiny(element: html.HtmlElement) -> bool:
    return any(re.fullmatch(r"[0-5](?:px)?", (element.get(side) or "").strip()) for side in ("width", "height"))


def _unseen(element: html.HtmlElement) -> bool:
    if "data-around" in element.attrib:
        return False
    return element.get("hidden") is not None or bool(_UNSEEN_CLASS.search(element.get("class") or ""))


def _held(element: html.HtmlElement) -> str:
    links = [a.get("href") or "" for a in element.iter("a")]
    text = visible_text(element) or (element.text_content() or "")
    return " ".join([text.replace("\n", " ")[:80], *links[:5]]).strip() or f"<{element.tag}>"
