"""Searching in a real browser: by keyboard alone, by pinyin, by drawing across years, and without JavaScript."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from tests.conftest import Site
from tests.journeys.test_modes import SMALL
from tests.journeys.test_pages import WIDTHS, axe, complaints, page
from tests.soaking import often

pytestmark = pytest.mark.browser
__all__ = ["page"]  # the fixture
STATES = {
    "blank": "/search/",
    "results": "/search/?q=公租房",
    "pinyin": "/search/?q=laorenbuzhu",
    "typo": "/search/?q=高岭津贴",
    "number": "/search/?q=青民2023 18号",
    "question": "/search/?q=多大年龄能领高龄津贴",
    "organ": "/search/?q=民政局电话",
    "disclosure": "/search/?q=怎么申请公开政府信息",
    "narrowed": "/search/?q=办法&status=in_force&year=2023&year=2024&sort=newest",
    "nothing": "/search/?q=火星移民飞船",
    "wrong": "/search/?q=公租房&from=abc&page=1000000000",
}
SELECTED = "[role=option][aria-selected=true]"


def test_every_state_passes_axe_breaks_no_policy_and_does_not_scroll_sideways(page, served: Site) -> None:
    found = {}
    for name, address in STATES.items():
        page.goto(served.url + quote(address, safe="/?=&"))
        if violations := axe(page):
            found[name] = violations
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found[f"{name} scrolls sideways"] = True
    assert found == {}
    assert [c for c in complaints(page) if "400" not in c] == []


def test_from_the_home_page_to_the_clause_by_keyboard_alone(page, served: Site) -> None:
    page.goto(served.url)
    box = page.get_by_role("combobox", name="查找文件、机构和问题")
    for _ in range(40):
        page.keyboard.press("Tab")
        if box.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.type("gaoling", delay=20)
    page.get_by_role("listbox").wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert axe(page) == []
    for _ in range(8):
        page.keyboard.press("ArrowDown")
        if box.input_value() == "高龄津贴":
            break
    assert page.locator(SELECTED).locator("span").first.inner_text() == "高龄津贴"
    assert box.get_attribute("aria-activedescendant") == page.locator(SELECTED).get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search/"))
    assert page.locator(".found__count strong").inner_text() != "0"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('entry__clause')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/library/\d+/#"))
    assert page.locator(f"[id='{page.url.partition('#')[2]}']").count() == 1


def test_escape_closes_the_suggestions_and_gives_back_what_was_typed(page, served: Site) -> None:
    page.goto(f"{served.url}/search/")
    box = page.get_by_role("combobox", name="查找文件、机构和问题")
    box.focus()
    page.keyboard.type("公租", delay=20)
    page.get_by_role("listbox").wait_for()
    page.keyboard.press("ArrowUp")
    assert box.input_value() != "公租", "up from the field is the last suggestion"
    page.keyboard.press("Escape")
    assert box.input_value() == "公租"
    assert box.get_attribute("aria-expanded") == "false"
    assert not page.get_by_role("listbox").is_visible()
    page.keyboard.press("ArrowDown")
    page.get_by_role("listbox").wait_for()
    page.get_by_role("option").first.click()
    page.wait_for_url(re.compile("/search/\\?q="))


def test_what_was_typed_last_comes_back_though_its_suggestions_are_not_there_yet(page, served: Site) -> None:
    page.goto(f"{served.url}/search/")
    box = page.get_by_role("combobox", name="查找文件、机构和问题")
    box.focus()
    page.keyboard.type("公")
    page.get_by_role("listbox").wait_for()
    page.route("**/search/suggest?**", lambda route: None)
    page.keyboard.type("租")
    page.keyboard.press("ArrowUp")
    chosen = box.input_value()
    assert chosen not in ("公", "公租")
    page.keyboard.press("ArrowUp")
    assert box.input_value() not in ("公", "公租", chosen)
    page.keyboard.press("Escape")
    assert box.input_value() == "公租"


def test_drawing_across_bars_chooses_their_years_and_pressing_one_chooses_it(browser, served: Site) -> None:
    context = browser.new_context(viewport=dict(zip(("width", "height"), WIDTHS["desk"], strict=True)))
    page = context.new_page()
    page.goto(served.url + quote("/search/?q=办法", safe="/?=&"))
    bars = page.locator("[data-year]")
    years = [int(bars.nth(n).get_attribute("data-year")) for n in range(bars.count())]
    start, end = bars.nth(len(years) - 3).bounding_box(), bars.nth(len(years) - 1).bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 30)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=5)
    page.mouse.up()
    page.wait_for_url(re.compile("year="))
    assert [int(year) for year in re.findall(r"year=(\d+)", page.url)] == years[-3:]
    drawn = page.locator(".found__count strong").inner_text()
    assert page.locator(".chosen li").count() == 4
    page.locator(f"[data-year='{years[-1]}']").click()
    page.wait_for_url(lambda url: f"year={years[-1]}" not in url)
    assert int(page.locator(".found__count strong").inner_text()) <= int(drawn)
    context.close()


def test_without_javascript_everything_is_a_form_or_a_link(browser, served: Site) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(served.url)
    page.get_by_role("searchbox").first.fill("gaolingjintie")
    page.get_by_role("button", name="查找").first.click()
    assert "已按拼音查找" in page.locator(".meant").first.inner_text()
    page.locator(".filters > summary").click()
    facet = page.locator(".facet").filter(has_text="效力状态").get_by_role("link").first
    promised = int(facet.locator(".facet__count").inner_text().split()[0])
    facet.click()
    assert int(page.locator(".found__count strong").inner_text()) == promised
    page.get_by_role("link", name="由近到远").click()
    page.locator(".filters > summary").click()
    page.get_by_label("从").fill("2023")
    page.get_by_role("button", name="按日期筛选").click()
    assert "from=2023-01-01" not in page.url
    assert "from=2023" in page.url
    assert "status=" in page.url
    assert "sort=newest" in page.url
    context.close()


@pytest.mark.soak
@pytest.mark.parametrize("mode", often(["elder"], ["elder", "contrast", "elder-contrast"]))
def test_other_modes_pass_axe_too(browser, served: Site, mode: str) -> None:
    for width, height in WIDTHS.values():
        context = browser.new_context(viewport={"width": width, "height": height})
        context.add_cookies([{"name": "display", "value": mode, "url": served.url}])
        page = context.new_page()
        for state in ("results", "question", "organ", "nothing"):
            page.goto(served.url + quote(STATES[state], safe="/?=&"))
            assert axe(page) == [], (mode, state)
            assert "elder" not in mode or page.evaluate(SMALL) == [], (mode, state)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (mode, state)
        context.close()
