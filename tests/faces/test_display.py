"""How a visitor has pages drawn: chosen by a form, kept in a cookie, never a way out of the site."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from gongkai.core.display import HOME, display_of, way_back
from gongkai.core.freshness.noting import MODES
from tests.domains.library.papers import county

TRICKS = [
    "",
    "evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "///evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/%2fevil.example",
    "/%5cevil.example",
    "/%252f%252fevil.example",
    "/x//evil.example",
    "/.//evil.example",
    "/\tevil",
    "/ evil",
    " /library/",
    "/library/\r\nSet-Cookie: a=b",
    "/library/%0d%0aSet-Cookie:a=b",
    "/library/%250d%250a",
    "/文件",
    "／／evil.example",
    "/\u2028",
    "/" + "a" * 3000,
]


@pytest.mark.parametrize("typed", TRICKS)
def test_what_is_not_surely_a_page_of_ours_leads_home(typed: str) -> None:
    assert way_back(typed) == HOME


@pytest.mark.parametrize(
    "typed", ["/", "/library/", "/library/12/", "/library/?q=%E5%8A%9E%E6%B3%95&page=2", "/library/?on=%2F%2F", "/organs/A/"]
)
def test_a_page_of_ours_is_returned_to_as_it_was(typed: str) -> None:
    assert way_back(typed) == typed


@given(st.text())
@example("/a?b\r\nc")
@example("/a#//b")
def test_the_way_back_is_always_a_plain_path_of_this_site(typed: str) -> None:
    back = way_back(typed)
    assert re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", back)


@pytest.mark.parametrize(
    ("cookie", "mode"),
    [
        ("", ""),
        ("elder", "elder"),
        ("contrast", "contrast"),
        ("elder-contrast", "elder-contrast"),
        ("contrast-elder", ""),
        ("Elder", ""),
        ("display=elder", "elder"),
        ("a=b; display=elder-contrast; c=d", "elder-contrast"),
        ("a=b;display=contrast", "contrast"),
        ("display=elder; display=contrast", "contrast"),
        ("xdisplay=elder", ""),
        ("display=elder%0d%0a", ""),
        ("display=<script>", ""),
        ("display", ""),
        (";;=;display==elder", ""),
    ],
)
def test_a_cookie_asks_for_one_of_four_modes(cookie: str, mode: str) -> None:
    assert display_of(cookie) == mode


@given(st.text())
def test_whatever_the_cookie_says_there_are_four_modes_only(cookie: str) -> None:
    assert display_of(cookie) in MODES
    assert display_of(f"display={cookie}") in MODES


@pytest.fixture
def browse(db) -> Client:
    """A visitor of a small county."""
    county()
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("mode", ["elder", "contrast", "elder-contrast"])
def test_a_choice_is_kept_for_a_year_and_leads_back(browse: Client, mode: str) -> None:
    answer = browse.post("/display/", {"display": mode, "next": "/library/?page=2"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/library/?page=2")
    assert answer.headers["Cache-Control"] == "no-store"
    kept = answer.cookies["display"]
    assert (kept.value, kept["max-age"], kept["samesite"], kept["httponly"], kept["path"]) == (mode, 31536000, "Lax", True, "/")
    html = browse.get("/organs/").content.decode()
    assert f'<html lang="zh-CN" class="{mode.replace("-", " ")}">' in html


def test_the_normal_mode_takes_the_cookie_away(browse: Client) -> None:
    browse.post("/display/", {"display": "elder", "next": "/"})
    answer = browse.post("/display/", {"display": "", "next": "/"})
    assert answer.cookies["display"]["max-age"] == 0
    assert '<html lang="zh-CN">' in browse.get("/").content.decode()


def test_an_unknown_mode_or_a_foreign_address_changes_and_reaches_nothing(browse: Client) -> None:
    answer = browse.post("/display/", {"display": "dark", "next": "//evil.example/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "display" not in answer.cookies
    assert browse.get("/display/").status_code == 303
    assert browse.put("/display/").status_code == 405


def test_the_two_modes_combine_and_are_left_one_by_one(browse: Client) -> None:
    def offered(now: str) -> dict[str, str]:
        browse.cookies["display"] = now
        html = browse.get("/organs/").content.decode()
        return {
            label: value
            for value, label in re.findall(
                r'<button\s+type="submit"\s+name="display"\s+value="([\w-]*)"[^>]*>\s*(.+?)\s*</button>', html
            )
        }

    assert offered("") == {"长者模式": "elder", "高对比度": "contrast"}
    assert offered("elder") == {"长者模式": "", "高对比度": "elder-contrast", "恢复": ""}
    assert offered("contrast") == {"长者模式": "elder-contrast", "高对比度": "", "恢复": ""}
    assert offered("elder-contrast") == {"长者模式": "contrast", "高对比度": "elder", "恢复": ""}


def test_the_form_comes_back_to_the_very_state_of_the_page_and_carries_no_token(browse: Client) -> None:
    html = browse.get("/library/", {"q": '"><script>', "status": "in_force"}).content.decode()
    assert 'name="next" value="/library/?q=%22%3E%3Cscript%3E&amp;status=in_force"' in html
    assert "csrf" not in html.lower()


def test_pages_of_errors_keep_the_mode_too(browse: Client) -> None:
    browse.cookies["display"] = "elder"
    assert 'class="elder"' in browse.get("/nowhere/").content.decode()
    assert 'class="elder"' in browse.get("/", headers={"host": "evil.example"}).content.decode()
