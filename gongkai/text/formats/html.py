"""Saved web pages: the article without the portal around it, and what the portal says of it."""

from __future__ import annotations

import re

from lxml import etree, html

from gongkai.text.blanks import squeeze, tidy
from gongkai.text.encodings import decode
from gongkai.text.errors import Damaged, EmptyFile
from gongkai.text.formats.article import find_article, find_heading, visible
from gongkai.text.formats.portal import page_metadata
from gongkai.text.model import Block, Cell, Link, Metadatum, Raw

_DROP = ("script", "style", "noscript", "template", "iframe", "object", "svg", "select", "button")
_BLOCK = {
    "p", "div", "section", "article", "center", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "hr", "address",
}  # fmt: skip
_FILE = re.compile(r"\.(?:docx?|wps|pdf|ofd|xlsx?|et|pptx?|zip|rar|txt|jpe?g|png)(?:$|[?#])", re.I)
_ALIGN = re.compile(r"text-align\s*:\s*(center|right)", re.I)
_RED = re.compile(r"color\s*[:=]\s*[\"']?\s*(?:red|#f00\b|#ff0000|#e60000|#c00000|rgb\(\s*25[0-5]\s*,\s*0\s*,\s*0)", re.I)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]+)\s*-->", re.I)  # what browsers write when saving
_HEAD = 4000
_CHROME = re.compile(
    r"^(?:分享到?|扫一扫在手机打开当前页|打印|关闭|打印关闭|【?打印本页】?|【?关闭窗口】?|【返回顶部】【关闭窗口】|字号|听全文|相关附件|相关链接|相关文件|"
    r"返回顶部|上一篇.{0,60}|下一篇.{0,60}|点击查看政策解读.{0,80}|浏览(?:次数|量)[：:\s\d-]*|A\+?[大中小])[：:\s]*$"
)


def read_html(data: bytes) -> Raw:
    """A saved page. Raises EmptyFile when it shows no text."""
    text, encoding = decode(data, html=True)
    try:
        page = html.document_fromstring(text.replace("\x00", ""), parser=html.HTMLParser(remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Damaged("网页结构读不出来") from error
    metadata = page_metadata(page)
    if (saved := _SAVED_FROM.search(text[:_HEAD])) and not any(m.key == "Url" for m in metadata):
        metadata.append(Metadatum("Url", saved[1], "comment:saved from url"))
    for element in list(page.iter(*_DROP)):
        html.HtmlElement.drop_tree(element)
    article = find_article(page)
    walker = _Walker()
    walker.walk(article)
    blocks = [b for b in walker.finish() if _is_content(tidy(b.text))]
    if not blocks:
        raise EmptyFile
    raw = Raw("html", blocks, metadata, walker.links)
    heading = find_heading(page, article, [m.value for m in metadata if m.key in ("ArticleTitle", "title")])
    if heading and squeeze(heading) not in squeeze("".join(b.text for b in blocks[:12])):
        raw.heading = heading
    if encoding.endswith("?"):
        raw.warnings.append(f"部分字符无法按 {encoding[:-1]} 编码还原，显示为“�”，请对照原件核对。")
    return raw


def _is_content(text: str) -> bool:
    return bool(re.search(r"\w", text)) and not _CHROME.match(text)


class _Walker:
    """Depth-first walk that gathers inline text into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self._text: list[str] = []
        self._style = Block("")
        self._table = 0

    def finish(self) -> list[Block]:
        """The blocks gathered so far."""
        self._flush()
        return self.blocks

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text = []
        if text.strip():
            style = self._style
            self.blocks.append(
                Block(text, style.kind, style.level, style.align, style.red, broken=False, indent=text.startswith("\u3000"))
            )

    def walk(self, element: html.HtmlElement) -> None:
        """Visit `element` and all below it."""
        if not isinstance(element.tag, str) or not visible(element):
            return
        if element.tag == "table" and _is_grid(element):
            self._flush()
            self._rows(element)
            return
        is_block = element.tag in _BLOCK
        outer = self._style
        if is_block:
            self._flush()
            self._style = _style(element, outer)
        elif _RED.search(element.get("style", "") + " color=" + element.get("color", "")):
            self._style = Block("", outer.kind, outer.level, outer.align, red=True)
        self.enter(element)
        if is_block:
            self._flush()
        self._style = outer

    def enter(self, element: html.HtmlElement) -> None:
        """Visit what is inside `element`, itself left aside."""
        if element.tag == "br":
            self._flush()
        if element.tag == "a":
            self._link(element)
        self._text.append(element.text or "")
        for child in element:
            self.walk(child)
            self._text.append(child.tail or "")

    def _link(self, element: html.HtmlElement) -> None:
        href = (element.get("href") or "").strip()
        name = tidy(element.text_content())
        if href and name and _FILE.search(href):
            self.links.append(Link(name, href))

    def _rows(self, table: html.HtmlElement) -> None:
        self._table += 1
        for link in table.iter("a"):
            self._link(link)
        for caption in table.iter("caption"):
            self.blocks.append(Block(caption.text_content()))
        for row in table.iter("tr"):
            cells = [
                Cell(_cell_text(c), _count(c.get("colspan")), _count(c.get("rowspan"))) for c in row if c.tag in ("td", "th")
            ]
            if any(c.text for c in cells):
                self.blocks.append(Block("\t".join(c.text for c in cells), "row", table=self._table, cells=cells))


def _style(element: html.HtmlElement, outer: Block) -> Block:
    style = element.get("style", "")
    align = (element.get("align") or "").lower()
    if match := _ALIGN.search(style):
        align = match[1].lower()
    if element.tag == "center":
        align = "center"
    level = int(element.tag[1]) if re.fullmatch(r"h[1-6]", element.tag) else 0
    kind = "heading" if level else "paragraph"
    inherited = align if align in ("center", "right") else outer.align
    return Block("", kind, level, inherited, bool(_RED.search(style)))  # type: ignore[arg-type]


def _is_grid(table: html.HtmlElement) -> bool:
    """A table of data, not one that merely lays out paragraphs."""
    rows = [[c for c in row if c.tag in ("td", "th")] for row in table.iter("tr")]
    wide = [cells for cells in rows if len(cells) > 1]
    if len(rows) < 2 or len(wide) < 2 or table.find(".//table") is not None:
        return False
    paragraphs = max((len(c.findall(".//p")) for cells in rows for c in cells), default=0)
    return paragraphs < 30


def _cell_text(cell: html.HtmlElement) -> str:
    parts = [tidy(t) for t in cell.itertext()]
    blocks = cell.findall(".//p") or cell.findall(".//div") or cell.findall(".//br")
    if not blocks:
        return "".join(cell.itertext())
    walker = _Walker()
    walker.enter(cell)
    inner = [tidy(b.text) for b in walker.finish()]
    return " ".join(t for t in inner if t) or "".join(parts)


def _count(value: str | None) -> int:
    return min(int(value), 1000) if value and value.strip().isdigit() and int(value) > 0 else 1
