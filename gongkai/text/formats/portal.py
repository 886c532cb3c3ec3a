"""What a portal says of a document: the head's meta elements and the metadata table beside it."""

from __future__ import annotations

import re

from lxml import html

from gongkai.text.blanks import tidy
from gongkai.text.model import Metadatum

LABELS = """
索引号 主题分类 发文机关 发布机构 发布机关 发文机构 制发机关 成文日期 发文日期 生成日期 标题 名称 信息名称 文件名称 发文字号
文号 文件编号 发布日期 公开日期 有效性 文件状态 时效性 主题词 关键词 生效日期 实施日期 施行日期 失效日期 废止日期 截止日期
公开方式 统一编号 登记号 规范性文件编号 体裁 来源 信息来源 组配分类 分类 内容概述 公开范围 公开时限 发表时间 发布时间
""".split()
_LABEL = "|".join(r"\s*".join(label) for label in sorted(set(LABELS), key=len, reverse=True))
_PAIR = re.compile(rf"^[【\[]?\s*({_LABEL})\s*[】\]]?\s*[：:]\s*(.*)$", re.S)
_ALONE = re.compile(rf"^[【\[]?\s*({_LABEL})\s*[】\]]?\s*[：:]?$")
_WHOLE = re.compile(r"https?://[^\s/]+", re.I)
_META = {
    "articletitle", "pubdate", "contentsource", "keywords", "author", "description", "desctiption", "url", "sitename",
    "sitedomain", "siteidcode", "columnname", "columntype", "image", "source", "publishdate",
}  # fmt: skip
_CANONICAL = {
    "articletitle": "ArticleTitle", "pubdate": "PubDate", "contentsource": "ContentSource", "keywords": "Keywords",
    "author": "Author", "description": "Description", "desctiption": "Description", "url": "Url", "sitename": "SiteName",
    "sitedomain": "SiteDomain", "siteidcode": "SiteIDCode", "columnname": "ColumnName", "columntype": "ColumnType",
    "image": "Image", "source": "ContentSource", "publishdate": "PubDate",
}  # fmt: skip


def page_metadata(page: html.HtmlElement) -> list[Metadatum]:
    """Every key the head or a metadata table gives, in order, first occurrence of a key only."""
    found: dict[str, Metadatum] = {}
    for meta in page.iter("meta"):
        name = (meta.get("name") or "").strip().lower()
        value = tidy(meta.get("content") or "")
        if name in _META and value:
            key = _CANONICAL[name]
            found.setdefault(key, Metadatum(key, value, f"meta:{key}"))
    if own := _own_address(page, found):
        found["Url"] = own
    title = page.find(".//title")
    if title is not None and (text := tidy(title.text_content())):
        found.setdefault("title", Metadatum("title", text, "head:title"))
    for key, value in _pairs(page):
        found.setdefault(key, Metadatum(key, value, f"table:{key}"))
    return list(found.values())


def _own_address(page: html.HtmlElement, found: dict[str, Metadatum]) -> Metadatum | None:
    """The whole address of the page: as its meta element, its canonical link or its Open Graph says, or pieced together."""
    told = found["Url"].value if "Url" in found else ""
    if _WHOLE.match(told):
        return None
    for link in page.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and _WHOLE.match(href := (link.get("href") or "").strip()):
            return Metadatum("Url", href, "head:canonical")
    for meta in page.iter("meta"):
        if meta.get("property") == "og:url" and _WHOLE.match(content := (meta.get("content") or "").strip()):
            return Metadatum("Url", content, "meta:og:url")
    if told.startswith("/") and not told.startswith("//") and "SiteDomain" in found:
        domain = found["SiteDomain"].value.rpartition("://")[2].strip("/")
        return Metadatum("Url", f"http://{domain}{told}", "meta:Url")
    return None


def _pairs(page: html.HtmlElement) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for element in page.iter("td", "th", "li", "dt", "p", "span", "div", "label", "b", "strong", "em"):
        if len(element) > 6:
            continue
        text = tidy(" ".join(element.itertext()))
        if not text or len(text) > 400:
            continue
        if alone := _ALONE.match(text):
            following = _next_text(element)
            if following and not _ALONE.match(following):
                pairs.append((re.sub(r"\s", "", alone[1]), following))
        elif (pair := _PAIR.match(text)) and pair[2].strip() and not re.search(rf"(?:{_LABEL})\s*[：:]", pair[2]):
            pairs.append((re.sub(r"\s", "", pair[1]), pair[2].strip()))
    return pairs


def _next_text(element: html.HtmlElement) -> str:
    """The text that follows a lone label: its tail, its next sibling, or its parent's next cell."""
    tail = tidy(element.tail or "").lstrip("：: ")
    if tail:
        return tail
    for start in (element, element.getparent()):
        sibling = start.getnext() if start is not None else None
        if sibling is not None and isinstance(sibling.tag, str):
            text = tidy(" ".join(sibling.itertext()))
            if text and len(text) <= 400:
                return text.lstrip("：: ")
    return ""
