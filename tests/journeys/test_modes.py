"""Large type, high contrast, keyboard and paper: the same site for everyone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import Site
from tests.journeys.test_pages import axe, numbers
from tests.soaking import often

pytestmark = pytest.mark.browser
MODES = ["", "contrast", "elder", "elder-contrast"]
WIDTHS = [1280, 390]
SMALL = """() => [...document.querySelectorAll(
    'button, summary, select, input:not([type=hidden]), .site-nav a, .doors a, .themes a, .facet a, .entry__title a, .organ-list a, .contents a, .site-footer a'
  )].filter(e => e.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }))
    .map(e => [e.tagName, e.textContent.trim().slice(0, 20), Math.round(e.getBoundingClientRect().height)])
    .filter(([, , height]) => height < 48)"""


@pytest.fixture
def visit(browser, served: Site) -> Iterator[Callable]:
    """A visitor of a given width and mode."""
    contexts = []

    def visits(width: int = 1280, mode: str = "", **options):
        context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN", **options)
        if mode:
            context.add_cookies([{"name": "display", "value": mode, "url": served.url}])
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        return page

    yield visits
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def kinds(served: Site) -> dict[str, str]:
    """One page of every kind."""
    by_title = numbers(served)
    organ = re.findall(r'href="(/organs/[^"/]+/)"', served.get("/organs/"))[0]
    return {
        "home": "/",
        "list": "/library/",
        "chosen": "/library/?status=repealed&status=in_force",
        "wrong day": "/library/?on=2024-02-31",
        "empty": "/library/?q=没有这样的文件",
        "paper": f"/library/{next(n for t, n in by_title.items() if '公共租赁住房保障办法' in t)}/",
        "repealed paper": f"/library/{next(n for t, n in by_title.items() if '公共租赁住房管理办法' in t)}/",
        "paper with tables": f"/library/{next(n for t, n in by_title.items() if '统计公报' in t)}/",
        "organs": "/organs/",
        "organ": organ,
        "disclosure": "/disclosure/",
        "statutory": "/disclosure/statutory/",
        "request": "/disclosure/request/",
        "disclosing organs": "/disclosure/organs/",
        "themes": "/themes/",
        "theme": re.findall(r'href="(/themes/[^"/]+/)"', served.get("/themes/"))[0],
        "history": f"/library/{next(n for t, n in by_title.items() if '关于重新公布《青禾县政府投资项目管理办法》' in t)}/history/",
        "privacy": "/about/privacy/",
        "api": "/api/",
        "accessibility": "/about/accessibility/",
        "missing": "/nowhere/",
    }


@pytest.mark.soak
@pytest.mark.parametrize(
    ("mode", "width"),
    # without a mode: every page, in test_pages; type grows most where there is least room, colours are the same everywhere
    often([("contrast", 1280), ("elder", 390)], [(mode, width) for mode in MODES if mode for width in WIDTHS]),
)
def test_every_kind_of_page_passes_axe_in_every_mode(visit, served: Site, kinds: dict[str, str], mode: str, width: int) -> None:
    page = visit(width, mode)
    found = {}
    for name, address in kinds.items():
        page.goto(served.url + address)
        if violations := axe(page, color_contrast_enhanced="contrast" in mode, target_size=True):
            found[name] = violations
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found[f"{name} scrolls sideways"] = wide
    assert found == {}
    assert [c for c in page.complaints if "404" not in c] == []


def test_modes_are_chosen_combined_and_left_without_javascript_and_remembered_across_pages(visit, served: Site) -> None:
    page = visit(java_script_enabled=False)
    page.goto(f"{served.url}/library/?status=repealed")
    plain = page.locator("main").inner_text()

    def drawn() -> tuple[str, str]:
        style = "e => [getComputedStyle(e).fontSize, getComputedStyle(e).backgroundColor]"
        return tuple(page.locator("body").evaluate(style))

    assert drawn() == ("16px", "rgb(255, 255, 255)")
    page.get_by_role("button", name="长者模式").click()
    assert page.url == f"{served.url}/library/?status=repealed"
    assert drawn() == ("22px", "rgb(255, 255, 255)")
    page.get_by_role("link", name="机构", exact=True).first.click()
    assert drawn()[0] == "22px"
    page.get_by_role("button", name="高对比度").click()
    assert drawn() == ("22px", "rgb(0, 0, 0)")
    page.get_by_role("button", name="长者模式", pressed=True).click()
    assert drawn() == ("16px", "rgb(0, 0, 0)")
    page.get_by_role("button", name="恢复").click()
    assert drawn() == ("16px", "rgb(255, 255, 255)")
    page.goto(f"{served.url}/library/?status=repealed")
    assert page.locator("main").inner_text() == plain
    assert page.get_by_role("button", name="恢复").count() == 0


@pytest.mark.parametrize("name", ["home", "list", "paper", "organ"])
def test_elder_mode_has_the_same_content_in_one_column_with_large_targets(
    visit, served: Site, kinds: dict[str, str], name: str
) -> None:
    words = "document.querySelector('main').textContent.replace(/\\s+/g, '')"
    plain = visit(java_script_enabled=True)
    plain.goto(served.url + kinds[name])
    said = plain.evaluate(words)
    for width in WIDTHS:
        page = visit(width, "elder")
        page.goto(served.url + kinds[name])
        assert page.evaluate(words) == said
        assert page.evaluate(SMALL) == []
        for grid in (".finder", ".reader", ".two-columns", ".doors", ".facts"):
            for columns in page.locator(grid).evaluate_all(
                "all => all.map(e => getComputedStyle(e).gridTemplateColumns.split(' ').length)"
            ):
                assert columns == 1, grid


@pytest.mark.parametrize("mode", MODES)
def test_by_keyboard_one_skips_to_content_filters_and_navigation_and_sees_where_one_is(visit, served: Site, mode: str) -> None:
    page = visit(mode=mode)
    page.goto(f"{served.url}/library/")
    skips = []
    for _ in range(3):
        page.keyboard.press("Tab")
        skips.append(page.evaluate("[document.activeElement.textContent.trim(), document.activeElement.hash]"))
    assert skips == [["跳到正文", "#content"], ["跳到筛选", "#filters"], ["跳到导航", "#navigation"]]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#navigation') !== null")
    page.goto(f"{served.url}/library/#filters")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#filters') !== null")
    page.goto(f"{served.url}/library/")
    stops = 0
    while stops < 100:
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        drawn = page.evaluate(
            "(() => { const e = document.activeElement; const s = getComputedStyle(e); const r = e.getBoundingClientRect();"
            " return [e.outerHTML.slice(0, 80), r.width > 0 && r.height > 0, s.outlineStyle !== 'none' && s.outlineWidth !== '0px' && s.boxShadow !== 'none'] })()"
        )
        assert drawn[1:] == [True, True], drawn[0]
        stops += 1
    assert stops > 25


def test_no_page_takes_keys_away_from_the_reader(served: Site, kinds: dict[str, str]) -> None:
    for name in ("home", "list", "paper", "organ"):
        html = served.get(kinds[name])
        assert "accesskey" not in html
        assert not re.search(r'tabindex="[1-9]', html)


@pytest.mark.parametrize("name", ["home", "list", "paper", "paper with tables", "organ"])
def test_on_paper_only_the_page_itself_is_left_black_on_white(visit, served: Site, kinds: dict[str, str], name: str) -> None:
    page = visit(mode="contrast")
    page.goto(served.url + kinds[name])
    page.emulate_media(media="print")
    for gone in (".site-bar", ".site-nav", ".site-footer", "form", ".tools", ".contents", ".govuk-breadcrumbs", ".facet"):
        for part in page.locator(gone).all():
            assert not part.is_visible(), gone
    assert page.locator("h1").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    added = page.evaluate(
        "[...document.querySelectorAll('a')].map(a => getComputedStyle(a, '::after').content).filter(c => c !== 'none' && c !== 'normal')"
    )
    assert added == []
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["home", "list", "paper", "organ"])
def test_a_page_with_all_it_loads_stays_under_250_kilobytes(visit, served: Site, kinds: dict[str, str], name: str) -> None:
    page = visit()
    loaded = []
    page.on("requestfinished", lambda request: loaded.append(request.sizes()["responseBodySize"]))
    page.goto(served.url + kinds[name], wait_until="networkidle")
    assert 0 < sum(loaded) < 250_000
