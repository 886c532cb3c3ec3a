"""Every public page in a real browser: accessible, within its content security policy, usable without JavaScript."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Site
from tests.soaking import often

pytestmark = pytest.mark.browser
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8") if (ROOT / "node_modules").is_dir() else ""
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}


def numbers(site: Site, *words: str) -> dict[str, str]:
    """Numbers of published documents by title."""
    listed = [line.split("\t") for line in site.run("document", "list", "--limit", "500", *words).stdout.splitlines()]
    return {row[4]: row[0] for row in listed if len(row) >= 5 and row[1] == "已发布"}


@pytest.fixture(scope="session")
def addresses(served: Site) -> dict[str, str]:
    """Every kind of page, and every document of the sample."""
    pages = {
        "home": "/",
        "list": "/library/",
        "list filtered": "/library/?status=repealed&status=in_force&sort=oldest",
        "list on a day": "/library/?on=2024-03-01",
        "list with a wrong day": "/library/?on=2024-02-31",
        "list empty": "/library/?q=没有这样的文件",
        "list last page": "/library/?page=4",
        "organs": "/organs/",
        "disclosure": "/disclosure/",
        "disclosure guide": "/disclosure/guide/",
        "disclosure rules": "/disclosure/rules/",
        "disclosure statutory": "/disclosure/statutory/",
        "disclosure report": "/disclosure/report/",
        "disclosure request": "/disclosure/request/",
        "disclosure column": "/disclosure/statutory/normative/",
        "disclosure column page": "/disclosure/statutory/normative/?page=2",
        "disclosure column empty": "/disclosure/statutory/procurement/",
        "disclosure organs": "/disclosure/organs/",
        "disclosure organ": "/disclosure/organs/11399928043357245G/",
        "disclosure organ guide": "/disclosure/organs/11399928043357245G/guide/",
        "disclosure organ functions": "/disclosure/organs/11399928043357245G/statutory/functions/",
        "themes": "/themes/",
        "theme": "/themes/sannong/",
        "missing": "/nowhere/",
        "privacy": "/about/privacy/",
        "api": "/api/",
        "accessibility": "/about/accessibility/",
    }
    by_title = numbers(served)
    pages |= {f"document {n}": f"/library/{n}/" for n in by_title.values()}
    printed = next(n for title, n in by_title.items() if "关于重新公布《青禾县政府投资项目管理办法》" in title)
    pages |= {"print": f"/library/{printed}/print/", "history": f"/library/{printed}/history/"}
    listing = served.get("/organs/")
    codes = sorted(set(re.findall(r'href="(/organs/[^"]+/)"', listing)))
    pages |= {code: code for code in (codes[0], codes[len(codes) // 2], codes[-1])}
    assert len(pages) > 60
    return pages


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser) -> Iterator:
    """A page of a given width that writes down every violation of the policy and every error of a script."""
    width, height = WIDTHS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    opened = context.new_page()
    opened.complaints = []
    opened.on("console", lambda m: opened.complaints.append(m.text) if m.type in ("error", "warning") else None)
    opened.on("pageerror", lambda e: opened.complaints.append(str(e)))
    yield opened
    context.close()


def axe(page, **rules: bool) -> list:
    """What axe finds on the page as it stands: rule and elements. `rules` are switched on or off beside the usual ones."""
    if not page.evaluate("'axe' in window"):
        page.add_init_script(AXE)  # the pages after this one bring it along, which takes less than to hand it over each time
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"], "rules": {name.replace("_", "-"): {"enabled": on} for name, on in rules.items()}}
    return page.evaluate(
        "async o => (await axe.run(document, o)).violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))])", options
    )


def complaints(page) -> list[str]:
    """What the browser complained of; that a page is missing is what we asked for."""
    return [c for c in page.complaints if "404" not in c]


@pytest.mark.soak
def test_every_page_passes_axe_and_breaks_no_policy(page, served: Site, addresses: dict[str, str]) -> None:
    """Every kind of page; of the papers a few, in `make soak` all of them."""
    found = {}
    papers = [name for name in addresses if name.startswith("document ")]
    left_out = set(papers) - set(papers[:: often(16, 1)])
    for name, address in addresses.items():
        if name in left_out:
            continue
        page.goto(served.url + address)
        if violations := axe(page):
            found[name] = violations
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found[f"{name} scrolls sideways"] = wide
    assert found == {}
    assert complaints(page) == []


def test_a_visitor_without_javascript_finds_filters_and_reads(browser, served: Site) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(served.url)
    page.get_by_role("searchbox").first.fill("办法")
    page.get_by_role("button", name="查找").or_(page.get_by_role("button", name="搜索")).first.click()
    count = page.locator(".found__count strong").inner_text()
    assert int(count) > 0
    facet = page.locator(".facet").filter(has_text="效力状态").get_by_role("link").first
    promised = int(facet.locator(".facet__count").inner_text().split()[0])
    facet.click()
    assert int(page.locator(".found__count strong").inner_text()) == promised
    title = page.locator(".entries a").first
    name = title.inner_text()
    title.click()
    assert page.locator("h1").inner_text().replace("\n", "") == name
    context.close()


def test_the_keyboard_reaches_the_content_past_the_navigation(page, served: Site) -> None:
    page.goto(f"{served.url}/library/")
    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent.trim()")
    assert "跳" in skip
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"


def test_the_whole_list_can_be_worked_by_keyboard(page, served: Site) -> None:
    page.goto(f"{served.url}/library/")
    reached = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        visible = page.evaluate(
            "(() => { const e = document.activeElement; const r = e.getBoundingClientRect();"
            " const s = getComputedStyle(e); const outlined = s.outlineStyle !== 'none' || s.boxShadow !== 'none' || s.backgroundColor !== 'rgba(0, 0, 0, 0)';"
            " return [e.tagName, r.width > 0 && r.height > 0, outlined] })()"
        )
        if visible[0] == "BODY":
            break
        assert visible[1], "focus went to something that cannot be seen"
        assert visible[2], "focus cannot be seen"
        reached.add(visible[0])
    assert {"A", "SUMMARY"} <= reached


def test_a_clause_can_be_opened_by_its_address(page, served: Site) -> None:
    number = next(n for title, n in numbers(served).items() if "办法" in title)
    page.goto(f"{served.url}/library/{number}/")
    anchor = page.evaluate("[...document.querySelectorAll('.paper__body [id^=art-]')].at(-1)?.id")
    assert anchor
    page.goto(f"{served.url}/library/{number}/#{anchor}")
    top = page.evaluate(f"document.getElementById('{anchor}').getBoundingClientRect().top")
    assert 0 <= top <= page.viewport_size["height"]


def test_the_original_is_downloaded_byte_for_byte(page, served: Site, tmp_path: Path) -> None:
    number = next(iter(numbers(served).values()))
    page.goto(f"{served.url}/library/{number}/")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^下载")).first.click()
    saved = tmp_path / "saved"
    download.value.save_as(saved)
    stored = {p.name for p in (served.data / "files" / "originals").rglob("*") if p.is_file()}
    assert hashlib.sha256(saved.read_bytes()).hexdigest() in stored


def test_the_report_of_an_import_is_accessible_too(page, site: Site, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    site.run("import", str(ROOT / "sample" / "files"), "--report", str(report))
    page.goto(report.with_suffix(".html").as_uri())
    assert axe(page) == []
