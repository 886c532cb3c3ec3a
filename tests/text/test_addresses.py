"""Addresses written in any way come to one form; what is no address comes to none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.addresses import LONGEST_PATH, address_at, address_of, decoded
from gongkai.text.formats.html import read_html

ONE = "http://www.qinghe.gov.cn/zwgk/2018/t1.html"


@pytest.mark.parametrize(
    ("written", "other"),
    [
        (ONE, "https://www.qinghe.gov.cn/zwgk/2018/t1.html"),
        (ONE, "http://qinghe.gov.cn/zwgk/2018/t1.html"),
        (ONE, "HTTP://WWW.Qinghe.GOV.cn:80/zwgk//2018/./t1.html#top"),
        (ONE, "https://www.qinghe.gov.cn:443/zwgk/2018/t1.html?"),
        (ONE, "http://www.qinghe.gov.cn/zwgk/2018/%741.html"),
        (ONE, f"{ONE}?from=timeline&isappinstalled=0&utm_source=x"),
        ("http://a.cn/zwgk/", "http://a.cn/zwgk/index.html"),
        ("http://a.cn/zwgk", "http://a.cn/zwgk/default.aspx"),
        ("http://a.cn/s?b=2&a=1", "http://a.cn/s?a=1&b=2"),
        ("http://a.cn/文件/1.html", "http://a.cn/%E6%96%87%E4%BB%B6/1.html"),
        ("http://a.cn/s?q=公告", "http://a.cn/s?q=%E5%85%AC%E5%91%8A"),
        ("http://青禾.cn/1.html", f"http://{'青禾'.encode('idna').decode()}.cn/1.html"),
    ],
)
def test_ways_of_writing_one_address_come_to_the_same(written: str, other: str) -> None:
    assert None is not address_of(written) == address_of(other)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        (ONE, "http://www.qinghe.gov.cn/zwgk/2018/t2.html"),
        (ONE, "http://fj.qinghe.gov.cn/zwgk/2018/t1.html"),
        (ONE, "http://www.qinghe.gov.cn:8080/zwgk/2018/t1.html"),
        (ONE, "http://www.qinghe.gov.cn/zwgk/2018/%25741.html"),
        ("http://a.cn/s?id=1", "http://a.cn/s?id=2"),
        ("http://a.cn/s?q=%B9%AB", "http://a.cn/s?q=%B8%E6"),
        ("http://a.cn/%B9%AB.html", "http://a.cn/%B8%E6.html"),
    ],
)
def test_different_addresses_stay_different(written: str, other: str) -> None:
    assert None is not address_of(written) != address_of(other)


@pytest.mark.parametrize(
    "written",
    [
        "", "http://", "/zwgk/1.html", "www.qinghe.gov.cn/1.html", "http://a.cn", "http://a.cn/", "http://a.cn/index.html",
        "ftp://a.cn/1.html", "javascript:alert(1)", "http://a.cn/../etc/passwd", "http://a.cn/%2e%2e/etc/passwd",
        "http://a.cn/x%00y", "http://a.cn/x%0d%0ay", "http://[::1/x", f"http://a.cn/{'x' * (LONGEST_PATH + 1)}",
        f"http://{'x' * 300}.cn/1.html", "http://..cn/1.html", "file:///c:/1.html",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused(written: str) -> None:
    assert address_of(written) is None


def test_gbk_in_a_path_is_kept_as_it_was_written() -> None:
    assert decoded("/%b9%ab/%E5%85%AC") == "/%B9%AB/公"


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_whatever_is_asked_for_gives_an_address_or_none(host: str, path: str, query: str) -> None:
    found = address_at(host, path, query)
    assert found is None or (found.path.startswith("/") and len(found.path) <= LONGEST_PATH)
    address_of(f"http://{host}/{path}?{query}")


@given(st.text(alphabet="abc/.%-_?=&中", max_size=40))
def test_the_form_of_an_address_is_its_own_form(path: str) -> None:
    found = address_of(f"http://a.cn/{path}")
    if found is not None:
        bare, _, query = found.path.partition("?")
        assert address_at(found.host, bare, query) == found


BODY = "<body><h1>关于某事的通告</h1><p>为做好某事，现通告如下，请遵照执行。</p></body>"


@pytest.mark.parametrize(
    ("head", "address"),
    [
        (f'<meta name="Url" content="{ONE}"><link rel="canonical" href="http://b.cn/x.html">', ONE),
        (f'<link rel="canonical" href="{ONE}">', ONE),
        (f'<meta property="og:url" content="{ONE}">', ONE),
        ('<meta name="SiteDomain" content="www.qinghe.gov.cn"><meta name="Url" content="/zwgk/2018/t1.html">', ONE),
        ('<link rel="canonical" href="/only/a/path.html">', None),
        ("", None),
    ],
)
def test_a_saved_page_tells_where_it_stood(head: str, address: str | None) -> None:
    raw = read_html(f"<html><head><meta charset='utf-8'>{head}</head>{BODY}</html>".encode())
    assert next((m.value for m in raw.metadata if m.key == "Url"), None) == address


def test_a_page_saved_by_a_browser_tells_it_in_a_comment() -> None:
    page = f"<!DOCTYPE html>\n<!-- saved from url=(0042){ONE} -->\n<html><head></head>{BODY}</html>"
    assert [m.value for m in read_html(page.encode()).metadata if m.key == "Url"] == [ONE]
