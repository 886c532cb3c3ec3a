"""The text by which a published page is compared: layout does not matter, every character does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.fingerprint import (
    NoPage,
    digest,
    fragment_text,
    likeness,
    normalised,
    paper_bodies,
    parsed,
    same_title,
    shingles,
    visible_text,
)
from gongkai.text.links import addresses_in, bare_domain, host_of, owner_of, written_addresses

PAPER = '<p id="art-1"><span class="clause-label">第一条</span>为规范管理，制定本办法。</p>\n<p>第二条 本办法自2024年1月1日起施行。</p>'
TEXT = "第一条为规范管理，制定本办法。\n第二条 本办法自2024年1月1日起施行。"
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)


def shown(markup: str) -> str:
    """The paper's text on a page that shows it."""
    (body,) = paper_bodies(parsed(f'<html><body><h1>标题</h1><article><div class="paper__body x">{markup}</div></article>脚注'))
    return visible_text(body, around=False)


def test_the_fragment_kept_and_the_page_served_give_the_same_text() -> None:
    assert fragment_text(PAPER) == shown(PAPER) == TEXT


@pytest.mark.parametrize(
    "other",
    [
        PAPER.replace("<p>", '<p class="elder">').replace("第二条", "<b>第</b>二<i>条</i>"),
        PAPER.replace("\n", "\r\n\r\n   "),
        PAPER.replace("第二条 ", "第二条\u3000\t "),
        PAPER.replace("</p>", "<!-- note --></p><script>go()</script><style>p{}</style>"),
        PAPER.replace("<span", '<a data-around href="#art-1">链接到此条</a><span'),
        f"<section><div>{PAPER}</div></section>",
    ],
)
def test_layout_scripts_and_what_the_site_adds_do_not_matter(other: str) -> None:
    assert shown(other) == TEXT


@pytest.mark.parametrize(
    "other",
    [
        PAPER.replace("规范", "规犯"),
        PAPER.replace("2024", "2025"),
        PAPER.replace("规范", "规\u200b范"),
        PAPER.replace("，", ","),
        PAPER.replace("第二条 ", "第二条"),
        PAPER.replace("<p>", "<p>　补充："),
        PAPER.replace("</p>\n<p>", ""),
        PAPER + "<p>.</p>",
        PAPER.replace("规范", "规\x00范"),
    ],
)
def test_every_character_matters(other: str) -> None:
    assert digest(shown(other)) != digest(TEXT)


@given(words)
def test_one_character_more_or_other_gives_another_digest(text: str) -> None:
    plain = normalised(text)
    for at in range(len(plain)):
        assert digest(f"{plain[:at]}改{plain[at:]}") != digest(plain)
        if plain[at] != "改":
            changed = normalised(f"{plain[:at]}改{plain[at + 1 :]}")
            assert digest(changed) != digest(plain)


@given(st.lists(words, min_size=1, max_size=6), st.sampled_from([" ", "\u3000", "\t", "\u00a0 ", "  "]))
def test_kinds_and_runs_of_blanks_are_one(parts: list[str], blank: str) -> None:
    assert normalised(blank.join(parts)) == normalised(" ".join(parts))


@given(st.text(max_size=60))
def test_comparing_twice_changes_nothing(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
    assert digest(once) == digest(text) == digest(unicodedata.normalize("NFD", text))


@given(st.text(max_size=200))
def test_any_page_is_read_or_refused(markup: str) -> None:
    try:
        visible_text(parsed(markup))
    except NoPage:
        assert True


def test_a_page_nested_so_deep_that_reading_would_stop_is_refused_not_cut() -> None:
    assert "底" in visible_text(parsed("<div>" * 1_000 + "底"))
    with pytest.raises(NoPage):
        parsed("<p>前</p>" + "<div>" * 20_000 + '<a href="http://evil.example/">底</a>')


def test_titles_differ_only_by_more_than_blanks() -> None:
    assert same_title("青禾县 人民政府\n通知", "青禾县人民政府通知")
    assert not same_title("通知", "通 告")


def test_likeness_measures_how_much_of_ours_the_other_holds() -> None:
    ours = shingles(TEXT)
    assert likeness(ours, shingles(f"前面多些字{TEXT}后面也多些字")) == 1.0
    assert likeness(ours, shingles("全然不同的一段文字，说的是别的事情。")) == 0.0
    assert 0.3 < likeness(ours, shingles(TEXT[: len(TEXT) * 2 // 3])) < 0.8
    assert likeness(frozenset(), ours) == 0.0


def test_addresses_are_found_as_people_write_them() -> None:
    text = "详见www.qinghe.gov.cn，或（https://zwfw.example.cn/a?b=1&c=2）。邮箱 a@www.example.com；ftp://x.example 不算。"
    assert written_addresses(text) == ["http://www.qinghe.gov.cn", "https://zwfw.example.cn/a?b=1&c=2"]
    assert addresses_in('<p><a href="HTTP://A.example/x">甲</a>http://b.example/</p><a href="/own">己</a>') == [
        "HTTP://A.example/x",
        "http://b.example/",
    ]
    assert addresses_in("") == []


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("www.qinghe.gov.cn", "qinghe.gov.cn"),
        ("a.b.example.com", "example.com"),
        ("x.sd.cn", "x.sd.cn"),
        ("example.cn", "example.cn"),
        ("1.2.3.4", "1.2.3.4"),
        ("::1", "::1"),
    ],
)
def test_whose_a_host_is(host: str, owner: str) -> None:
    assert owner_of(host) == owner


def test_only_web_addresses_have_hosts() -> None:
    assert host_of("https://User@Example.CN.:8443/x") == "example.cn"
    assert [host_of(a) for a in ("javascript:go()", "mailto:a@b.c", "http://[bad", "//x.example", "")] == [""] * 5
    assert [bare_domain(d) for d in ("www.x.cn", "https://www.x.cn/", " WWW.x.cn:80 ", "")] == ["www.x.cn"] * 3 + [""]
