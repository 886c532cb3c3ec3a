"""Judging one page as it was served: does it hold only what we publish? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import html

from gongkai.domains.monitor.tasks.hidden import hidden_in
from gongkai.domains.monitor.tasks.known import Entry, Known
from gongkai.domains.monitor.tasks.reviewed import spam_in
from gongkai.text.fingerprint import BODY_CLASS, NoPage, bare, digest, paper_bodies, parsed, visible_text
from gongkai.text.links import linked_addresses

Fault = tuple[str, str]
_FRAMES = {"iframe", "frame", "frameset", "object", "embed", "applet", "portal", "fencedframe"}
_DATA = "application/ld+json"
_RUNS = re.compile(r"^\s*(?:javascript|vbscript|data:text/html)", re.I)
_LOADED = {"img", "source", "video", "audio", "image", "use", "track", "input"}


@dataclass(frozen=True, slots=True)
class Served:
    """A page as it came, with its own address."""

    address: str
    body: str

    @property
    def path(self) -> str:
        """The address without host and query."""
        return urlsplit(self.address).path


def judge(page: Served, known: Known, paper: Entry | None) -> list[Fault]:
    """Everything on a page that our templates and this paper do not account for: kinds and details."""
    try:
        tree = parsed(page.body)
    except NoPage:
        return [("type", "不是一个网页，或者写法异常、读不到底")]
    faults = [*_elements(tree, known), *hidden_in(tree), *_leads(tree, page, known, paper)]
    if paper is not None:
        faults += _against(tree, paper)
    return list(dict.fromkeys([*faults, *_spam(tree, known, paper)]))


def _against(tree: html.HtmlElement, paper: Entry) -> Iterator[Fault]:
    """What differs from the paper: text and title."""
    bodies = paper_bodies(tree)
    if len(bodies) != 1:
        yield "text", "页面上没有正文" if not bodies else f"页面上有 {len(bodies)} 处自称正文的内容"
    elif digest(visible_text(bodies[0], around=False)) != paper["text"]:
        yield "text", f"《{paper['title']}》的正文与核准发布的不同"
    heads = [visible_text(h) for h in tree.iter("h1")]
    if bare(paper["title"]) not in {bare(h) for h in heads}:
        yield "title", f"页面标题应为《{paper['title']}》，实为“{(heads or ['（没有标题）'])[0][:60]}”"
    named = "".join(t.text_content() for t in tree.iter("title"))
    if bare(paper["title"]) not in bare(named):
        yield "title", f"窗口标题应含《{paper['title']}》，实为“{named.strip()[:60]}”"


def _elements(tree: html.HtmlElement, known: Known) -> Iterator[Fault]:
    for element in tree.iter("*"):
        tag = element.tag
        if tag == "script" and (fault := _script(element, known)):
            yield fault
        if tag in _FRAMES:
            yield "frame", f"<{tag}> {element.get('src') or element.get('data') or ''}"
        if tag == "base":
            yield "refresh", f"<base href={element.get('href')}> 改变了全部链接的去向"
        if tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
            yield "refresh", f"meta refresh：{element.get('content')}"
        if tag == "style" or element.get("style") is not None:
            yield "style", _shown(element)
        yield from (("handler", f"{n}={v[:120]}") for n, v in element.items() if n.startswith("on") or _RUNS.match(v))


def _script(element: html.HtmlElement, known: Known) -> Fault | None:
    source = element.get("src")
    if source is None:
        inline = (element.text or "").strip()
        return None if (element.get("type") or "").lower() == _DATA else ("script", f"行内脚本：{inline[:160]}")
    return None if source in known.index["assets"] else ("script", f"脚本来自 {source}")


def _leads(tree: html.HtmlElement, page: Served, known: Known, paper: Entry | None) -> Iterator[Fault]:
    """Where the page leads and what it loads."""
    ours = urlsplit(page.address)
    for element, address in linked_addresses(tree):
        if element.tag == "script":
            continue  # judged by itself
        try:
            target = urlsplit(urljoin(page.address, address))
            host = (target.hostname or "").lower()
        except ValueError:
            yield "outside", f"{address[:200]} 不是正常的地址"
            continue
        if target.scheme not in ("http", "https"):
            continue
        if target.netloc != ours.netloc and not (known.is_ours(host) and not known.may_link(host, paper)):
            yield from _outward(element, target.geturl(), host, known, paper)
        elif fault := _inward(element, target.path or "/", known, paper):
            yield fault
    for form in tree.iter("form"):
        if form.xpath(".//input[translate(@type,'PASWORD','pasword')='password']"):
            yield "form", f"表单向人索要密码：{visible_text(form)[:80]}"


def _inward(element: html.HtmlElement, path: str, known: Known, paper: Entry | None) -> Fault | None:
    told = f"{path}　{visible_text(element)[:60]}".strip()
    if element.tag == "link" and "stylesheet" in (element.get("rel") or "").lower() and path not in known.single:
        return "style", told
    number, sha256 = known.file_in(path)
    if number is not None:
        expected = [f["sha256"] for f in paper["files"]] if paper and paper["number"] == number else None
        strange = number not in known.numbers or (expected is not None and sha256 not in expected)
        return ("extra_file", told) if strange else None
    return None if known.answers(path) else ("inside", told)


def _outward(element: html.HtmlElement, address: str, host: str, known: Known, paper: Entry | None) -> Iterator[Fault]:
    if element.tag == "form" or element.get("formaction") is not None:
        yield "form", f"表单提交到 {address[:200]}"
    elif _loads(element) or not known.may_link(host, paper):
        yield "outside", f"{address[:200]}　“{visible_text(element)[:60]}”"


def _loads(element: html.HtmlElement) -> bool:
    """Whether a browser fetches what an element names without being asked."""
    told = {"canonical", "alternate", "license", "author"}
    return element.tag in _LOADED or (element.tag == "link" and not told & set((element.get("rel") or "").lower().split()))


def _spam(tree: html.HtmlElement, known: Known, paper: Entry | None) -> Iterator[Fault]:
    """Bad words beside the paper: the paper's own are judged by its digest."""
    innocent = known.titles
    title = "".join(t.text_content() for t in tree.iter("title"))
    metas = " ".join(m.get("content") or "" for m in tree.iter("meta"))
    if words := spam_in(title, innocent, several=2) or spam_in(metas, innocent):
        yield "spam", f"标题或页面描述中有：{'、'.join(words[:8])}"
    if paper is not None:
        for body in paper_bodies(tree)[:1]:
            body.clear()
            body.set("class", BODY_CLASS)
    if words := spam_in(visible_text(tree), innocent):
        yield "spam", f"正文之外有：{'、'.join(words[:8])}"


def _shown(element: html.HtmlElement) -> str:
    said = html.tostring(element, encoding="unicode", with_tail=False)
    return re.sub(r"\s+", " ", said)[:200]
