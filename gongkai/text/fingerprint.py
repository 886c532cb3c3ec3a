"""The text of a paper as a reader sees it, and its digest: what a published page is compared by.

How text is made comparable (the manifest names this way `v1`; a change of it needs a new name):

- only what a browser would show: no scripts, styles, templates, comments, `noscript`;
- nothing that the site adds inside the paper, which is marked `data-around`;
- block elements and `br` end a line; inline elements leave no trace;
- Unicode NFC; runs of blanks become one space; blanks at the ends of lines and empty lines go;
- everything else stays: one changed, added or invisible character gives another digest.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from lxml import etree, html

WAY = "v1"
BODY_CLASS = "paper__body"
_UNSEEN = {"script", "style", "template", "noscript", "head", "title", "iframe", "object"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
    "main", "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
}  # fmt: skip
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" *\n[ \n]*")
_ANY = re.compile(r"\s+")


class NoPage(Exception):
    """What was served cannot be read as a page, or not to its end."""


def parsed(page: str) -> html.HtmlElement:
    """A page or a fragment of one as a tree. Raises NoPage when there is nothing in it.

    Whatever would end the reading early could hide what stands behind it: a NUL is replaced, elements
    nested without end are refused.
    """
    parser = html.HTMLParser(huge_tree=True)
    try:
        tree: html.HtmlElement = html.document_fromstring(page.replace("\x00", "\ufffd"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise NoPage from error
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise NoPage
    return tree


def visible_text(element: html.HtmlElement, *, around: bool = True) -> str:
    """The lines that a reader sees in `element`; what the site added to a paper only if `around`."""
    out: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        if event == "start":
            unseen = node.tag in _UNSEEN or (not around and "data-around" in node.attrib)
            if unseen:
                walker.skip_subtree()
            else:
                out += ("\n" if node.tag in _BLOCKS else "", node.text or "")
        else:
            ends = event == "end" and node.tag in _BLOCKS
            out += ("\n" if ends else "", "" if node is element else node.tail or "")
    return normalised("".join(out))


def normalised(text: str) -> str:
    """Text in the form in which two of them are compared; the breaks given are kept as line ends."""
    collapsed = _BLANKS.sub(" ", unicodedata.normalize("NFC", text))
    return _BREAKS.sub("\n", collapsed).strip(" \n")


def digest(text: str) -> str:
    """SHA-256 of a comparable text, in hexadecimal."""
    return hashlib.sha256(normalised(text).encode("utf-8", "surrogatepass")).hexdigest()


def fragment_text(markup: str) -> str:
    """The comparable text of a paper's own HTML, as the library keeps it; '' for none."""
    return visible_text(parsed(f"<div>{markup}</div>")) if markup.strip() else ""


def paper_bodies(page: html.HtmlElement) -> list[html.HtmlElement]:
    """The elements of a page that claim to be the paper's text. An honest page has one, or none."""
    return [element for element in page.iter() if BODY_CLASS in (element.get("class") or "").split()]


def same_title(one: str, other: str) -> bool:
    """Whether two titles differ only in blanks."""
    return bare(one) == bare(other)


def bare(text: str) -> str:
    """NFC and without any blank."""
    return _ANY.sub("", unicodedata.normalize("NFC", text))


def shingles(text: str, length: int = 8) -> frozenset[int]:
    """Every run of `length` characters of a text, blanks left out, as numbers: for measuring likeness."""
    packed = bare(text)
    return frozenset(hash(packed[at : at + length]) for at in range(max(len(packed) - length + 1, 0)))


def likeness(ours: frozenset[int], theirs: frozenset[int]) -> float:
    """How much of our text the other holds, from 0 to 1."""
    return len(ours & theirs) / len(ours) if ours else 0.0
