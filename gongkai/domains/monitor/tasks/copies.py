"""Is another site a copy of ours? Likeness of text, title, name and emblem, and what differs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import html

from gongkai.domains.monitor.tasks.fetching import Answer, Fetcher
from gongkai.domains.monitor.tasks.findings import Copy
from gongkai.domains.monitor.tasks.known import Known
from gongkai.domains.monitor.tasks.reviewed import reviewed, spam_in
from gongkai.text.fingerprint import NoPage, bare, likeness, parsed, shingles, visible_text
from gongkai.text.links import linked_addresses

ALIKE = 50
_WEIGHTS = {"text": 60, "title": 15, "name": 15, "emblem": 10}
_HOPS = 4
_PICTURES = 12


@dataclass(frozen=True, slots=True)
class Seen:
    """A page taken for comparing."""

    address: str
    tree: html.HtmlElement

    @property
    def text(self) -> str:
        """What a visitor reads."""
        return visible_text(self.tree)

    @property
    def title(self) -> str:
        """The window's title."""
        return bare("".join(t.text_content() for t in self.tree.iter("title")))


async def compare(address: str, site: str, known: Known, fetch: Fetcher) -> Copy:
    """How alike the page at `address` is to ours at the same path, or to our home page: whichever is nearer."""
    theirs = await _seen(address, fetch)
    if isinstance(theirs, str):
        return Copy(address, site, 0, [], [], theirs)
    path = urlsplit(theirs.address).path or "/"
    ours = [page for where in dict.fromkeys((path, "/")) if isinstance(page := await _seen(urljoin(site, where), fetch), Seen)]
    if not ours:
        return Copy(address, site, 0, [], [], "本站页面打不开，无法比较")
    emblem = await _same_emblem(theirs, known, fetch)
    measured = [(_likeness(page, theirs, known.site_name, emblem=emblem), page) for page in ours]
    (score, alike), nearest = max(measured, key=lambda m: m[0][0])
    return Copy(address, nearest.address, score, alike, _differences(nearest, theirs))


async def _seen(address: str, fetch: Fetcher) -> Seen | str:
    """A page, redirects followed; why there is none otherwise."""
    answer = Answer(address)
    for _ in range(_HOPS):
        answer = await fetch.page(address)
        if not (300 <= answer.status < 400 and "location" in answer.headers):
            break
        address = urljoin(address, answer.headers["location"])
    if answer.trouble or answer.status != 200:
        return answer.trouble or f"状态码 {answer.status}"
    try:
        return Seen(address, parsed(_decoded(answer)))
    except NoPage:
        return "不是一个网页"


def _decoded(answer: Answer) -> str:
    """Copies may be written in another charset than ours."""
    try:
        return answer.body.decode("utf-8")
    except UnicodeDecodeError:
        return answer.body.decode("gb18030", "replace")


async def _same_emblem(theirs: Seen, known: Known, fetch: Fetcher) -> bool:
    pictures = {urljoin(theirs.address, e.get("src") or "") for e in theirs.tree.iter("img") if e.get("src")}
    pictures |= {urljoin(theirs.address, e.get("href") or "") for e in theirs.tree.iter("link") if "icon" in (e.get("rel") or "")}
    assets = set(known.index["assets"].values())
    wanted = sorted(p for p in pictures if p.startswith(("http://", "https://")))[:_PICTURES]
    inline = [e.get("src") or "" for e in theirs.tree.iter("img") if (e.get("src") or "").startswith("data:")]
    digests = {hashlib.sha256(i.encode()).hexdigest() for i in inline} | {(await fetch.file(p)).sha256 for p in wanted}
    return bool(digests & assets)


def _likeness(ours: Seen, theirs: Seen, name: str, *, emblem: bool) -> tuple[int, list[str]]:
    text = likeness(shingles(ours.text), shingles(theirs.text))
    same = {
        "title": bool(ours.title) and ours.title == theirs.title,
        "name": bool(name) and bare(name) in bare(theirs.text) + theirs.title,
        "emblem": emblem,
    }
    score = round(text * _WEIGHTS["text"] + sum(_WEIGHTS[k] for k, yes in same.items() if yes))
    alike = [f"正文有 {round(text * 100)}% 与本站相同"] if text >= 0.05 else []
    labels = {"title": "标题相同", "name": f"用了本站名称“{name}”", "emblem": "用了本站徽标"}
    return score, [*alike, *(labels[k] for k, yes in same.items() if yes)]


def _differences(ours: Seen, theirs: Seen) -> list[str]:
    own = {urlsplit(ours.address).netloc, urlsplit(theirs.address).netloc}
    before = {urlsplit(urljoin(ours.address, a)).netloc for _, a in linked_addresses(ours.tree)}
    leads = [urljoin(theirs.address, a) for _, a in linked_addresses(theirs.tree)]
    hosts = sorted({n for a in leads if (n := urlsplit(a).netloc) and n not in own | before})
    out = [f"链接到 {'、'.join(hosts[:10])}"] if hosts else []
    for form in theirs.tree.iter("form"):
        said = bare(visible_text(form) + " ".join(f"{i.get('name')}{i.get('placeholder')}" for i in form.iter("input")))
        asked = [word for word in reviewed().personal if word in said]
        if asked or form.xpath(".//input[@type='password']"):
            out.append(
                f"表单索要个人信息：{'、'.join(asked) or '密码'}，提交到 {urljoin(theirs.address, form.get('action') or '')}"
            )
    scripts = [s.get("src") or "行内脚本" for s in theirs.tree.iter("script")]
    if scripts:
        out.append(f"带有脚本：{'、'.join(scripts[:5])}"[:200])
    if words := spam_in(theirs.text):
        out.append(f"出现不良词语：{'、'.join(words[:8])}")
    known = set(ours.text.split("\n"))
    fresh = [line for line in theirs.text.split("\n") if len(line) > 8 and line not in known]
    return [*out, *([f"多出文字：“{fresh[0][:60]}”等 {len(fresh)} 处"] if fresh else [])]
