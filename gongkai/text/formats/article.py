"""Which part of a web page is the article: where its prose lies thickest, menus and links apart."""

from __future__ import annotations

import re

from lxml import html

from gongkai.text.blanks import squeeze, tidy

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CONTAINERS = {"div", "td", "section", "article", "main", "body", "ucapcontent", "center", "span", "font"}
_KNOWN = re.compile(
    r"(?:^|[\s_-])(?:zoom(?:con)?|article[-_]?(?:content|body|con|text)|content[-_]?article|info[-_]?cont|trs_u?editor|"
    r"pages[-_]content|news[-_]?(?:content|text|body|main|con|detail|info)|(?:ewb|xl|xxgk|wz|wjk)[-_]?(?:article|content|con|zw)|v_news_content|"
    r"vsb_content|bodycontent|maintext|wp_articlecontent|ucap-content|con_?text|detail[-_]?content|j-fontcontent|"
    r"view|entry-content|print-content)(?:$|[\s_-])",
    re.I,
)
_SENTENCE = re.compile(r"[。；，]")
_CRUMBS = re.compile(r"当前位置|当前所在|首页\s*[>＞›»]|搜索热词")
_BY_LINE = re.compile(r"^(?:发布(?:时间|日期)|发表时间|来源|信息来源|浏览|字号|字体|作者|编辑|打印|分享|索引号|日期|时间)[：:\s]")


def visible(element: html.HtmlElement) -> bool:
    """Whether the element is shown at all, as far as its own attributes say."""
    return element.get("hidden") is None and not _HIDDEN.search(element.get("style") or "")


def find_article(page: html.HtmlElement) -> html.HtmlElement:
    """The tightest element that holds nearly all of the page's prose."""
    body = page.find("body")
    body = page if body is None else body
    weight = _Weights(body)
    best = _known(body, weight)
    node = best if best is not None else body
    while True:
        inner = [c for c in node if isinstance(c.tag, str) and c.tag in _CONTAINERS]
        total = weight.of(node)
        heavy = max(inner, key=weight.of, default=None)
        if heavy is None or total == 0 or weight.of(heavy) < 0.85 * total:
            return node
        if best is not None and weight.text(heavy) < 0.97 * weight.text(node):
            return node
        node = heavy


def _known(body: html.HtmlElement, weight: _Weights) -> html.HtmlElement | None:
    """The element whose class or id portals use for the article, where it carries real prose."""
    named = [
        e
        for e in body.iter("div", "td", "section", "article", "main", "ucapcontent")
        if e.tag == "ucapcontent" or _KNOWN.search(f"{e.get('class') or ''} {e.get('id') or ''}")
    ]
    most = max(map(weight.of, named), default=0.0)
    if most == 0 or (most < 0.4 * weight.of(body) and most <= 300):
        return None
    return min((e for e in named if weight.of(e) >= 0.9 * most), key=weight.text)


class _Weights:
    """Characters of prose below each element: text with sentences in it, outside links."""

    def __init__(self, body: html.HtmlElement) -> None:
        self._weight: dict[html.HtmlElement, float] = {}
        self._text: dict[html.HtmlElement, int] = {}
        self._measure(body)

    def of(self, element: html.HtmlElement) -> float:
        """Characters of prose below `element`."""
        return self._weight.get(element, 0.0)

    def text(self, element: html.HtmlElement) -> int:
        """Characters of any text below `element`."""
        return self._text.get(element, 0)

    def _measure(self, body: html.HtmlElement) -> None:
        for element in reversed(list(body.iter())):  # children come before their parents
            if not isinstance(element.tag, str) or not visible(element):
                continue
            linked = element.tag == "a"
            own = [element.text or "", *(child.tail or "" for child in element)]
            weight = sum(len(t.strip()) for t in own if _SENTENCE.search(t)) + sum(self.of(c) for c in element)
            self._weight[element] = 0.0 if linked else weight
            self._text[element] = sum(len(t.strip()) for t in own) + sum(self.text(c) for c in element)


def find_heading(page: html.HtmlElement, article: html.HtmlElement, told: list[str]) -> str | None:
    """The heading the page puts above the article.

    `told` are titles from the page's head; an element that shows one of them is preferred,
    then the last heading before the article.
    """
    wanted = {squeeze(t) for t in told} | {squeeze(re.split(r"\s*[-_|—–]{1,6}\s*(?=[^-_|—–]+$)", t)[0]) for t in told}
    before: str | None = None
    for element in page.iter():
        if element is article:
            break
        if not isinstance(element.tag, str) or not visible(element) or element.tag in ("head", "title", "meta"):
            continue
        text = _heading_text(element)
        if text is None:
            continue
        if squeeze(text) in wanted:
            return text
        if element.tag in ("h1", "h2", "h3") or re.search(
            r"(?:^|[\s_-])(?:title|bt|tit)(?:$|[\s_-])", element.get("class") or "", re.I
        ):
            before = text
    return before


def _heading_text(element: html.HtmlElement) -> str | None:
    if element.tag in ("html", "body", "a", "script") or len(element) > 12:
        return None
    text = tidy(" ".join(t for t in element.itertext() if t.strip()))
    if not 4 < len(text) <= 200 or _CRUMBS.search(text) or _BY_LINE.match(text):
        return None
    return text
