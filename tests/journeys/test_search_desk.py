"""The editors' desk in a real browser, by keyboard alone: a word of the place is taught, checked, and taken back."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import Site
from tests.journeys.test_editing import PATIENCE, desk, signed_in, tab_to
from tests.journeys.test_pages import axe

pytestmark = pytest.mark.browser
__all__ = ["desk", "signed_in"]  # the fixtures
OFFICE = "zhuguan"
SAID, OFFICIAL = "长寿钱", "高龄津贴"


def first_hit(page, site: Site) -> str:
    """The title of the best hit for the word of the place, as a visitor sees it; "" for none."""
    page.goto(f"{site.url}/search/?q={quote(SAID)}")
    titles = page.locator(".entries h2")
    return str(titles.first.inner_text()) if titles.count() else ""


def clean(page) -> None:
    """Nothing for axe, for the policy, and nothing beside the page."""
    assert axe(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert page.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_word_of_the_place_is_taught_checked_and_taken_back(signed_in, desk: Site, width: int) -> None:
    page = signed_in(OFFICE, width=width)
    assert OFFICIAL not in first_hit(page, desk)
    page.goto(f"{desk.url}/console/search/words/")
    clean(page)
    tab_to(page, "a[href$='/words/add/']")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="添加检索词").wait_for(timeout=PATIENCE)
    clean(page)
    tab_to(page, "[name=said]")
    page.keyboard.type(SAID)
    tab_to(page, "[name=target]")
    page.keyboard.type(OFFICIAL)
    tab_to(page, "[name=note]")
    page.keyboard.type("本地叫法")
    tab_to(page, "form.narrow-form button")
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text=SAID)
    row.wait_for(timeout=PATIENCE)
    assert OFFICIAL in row.inner_text()
    assert OFFICIAL in first_hit(page, desk)
    page.goto(f"{desk.url}/console/search/words/")
    tab_to(page, "form[action$='/remove/'] button")
    page.keyboard.press("Enter")
    page.get_by_text("还没有添加过检索词").wait_for(timeout=PATIENCE)
    page.goto(f"{desk.url}/console/search/words/history/")
    clean(page)
    told = page.locator("main").inner_text()
    assert told.count(SAID) >= 2
    assert OFFICIAL not in first_hit(page, desk)


def test_questions_and_what_they_must_find_are_handed_in_and_checked(signed_in, desk: Site, tmp_path: Path) -> None:
    rows = ["问题,必须出现,不得出现,前几条", "高龄津贴,青民〔2023〕18号,,3", "养犬,高龄津贴发放管理办法,养犬,1"]
    (tmp_path / "检验集.csv").write_text("\n".join(rows), encoding="utf-8")
    page = signed_in(OFFICE)
    page.goto(f"{desk.url}/console/search/gate/")
    clean(page)
    page.locator("input[type=file]").set_input_files(tmp_path / "检验集.csv")
    tab_to(page, "form[enctype] button")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="现在的检验集").wait_for(timeout=PATIENCE)
    tab_to(page, "form[action$='/run/'] button")
    page.keyboard.press("Enter")
    page.get_by_text("2 个问题里有 1 个不合要求").wait_for(timeout=PATIENCE)
    clean(page)
    wrong = page.get_by_role("region", name="不合要求的问题").inner_text()
    assert "养犬" in wrong
    assert "青民" not in wrong
