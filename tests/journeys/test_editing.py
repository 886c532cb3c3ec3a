"""Editing a paper in a real browser, by keyboard alone: the prose editor, its drafts, and two people over one paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, Site, copied, serve
from tests.journeys.test_pages import axe, numbers

pytestmark = pytest.mark.browser
PASSWORD = yaml.safe_load((ROOT / "sample" / "people.yaml").read_text(encoding="utf-8"))["password"]
EDITOR, CLERK = "caizheng.bianji", "caizheng.zhuanyuan"
PATIENCE = 15_000  # milliseconds


@pytest.fixture(scope="module")
def desk(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample served for writing."""
    yield from serve(copied(sample_data, tmp_path_factory.mktemp("desk") / "data"))


@pytest.fixture(scope="module")
def number(desk: Site) -> str:
    """A paper of the finance bureau."""
    return next(n for title, n in numbers(desk).items() if "政府预算公开说明" in title)


@pytest.fixture
def signed_in(browser, desk: Site) -> Iterator[Callable[..., object]]:
    """`signed_in(username)`: a page of somebody who signed in by keyboard; it writes down what the browser complains of."""
    contexts = []

    def enter(username: str, *, scripts: bool = True, width: int = 1280):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: page.complaints.append(str(e)))
        page.goto(f"{desk.url}/console/")
        page.get_by_label("用户名").focus()
        page.keyboard.type(username)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="我的待办", level=1).wait_for(timeout=PATIENCE)
        return page

    yield enter
    for context in contexts:
        context.close()


def tab_to(page, what: str, *, most: int = 120) -> None:
    """Press Tab until the focus is on what this selector names."""
    for _ in range(most):
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {what}")


def opened(page, desk: Site, number: str) -> None:
    """The editor, its script at work."""
    page.goto(f"{desk.url}/console/documents/{number}/edit/")
    page.locator("form.editor[data-ready]").wait_for(timeout=PATIENCE)


def type_at_the_end(page, words: str) -> None:
    tab_to(page, ".editor__paper")
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type(words)


def state_says(page, words: str) -> None:
    page.locator("[data-state]").filter(has_text=words).wait_for(timeout=PATIENCE)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_a_paper_passes_axe_and_breaks_no_policy(signed_in, desk: Site, number: str, width: int) -> None:
    page = signed_in(CLERK, width=width)
    found = {}
    rests = ("", "edit/", "revisions/", "revisions/1/", "withdraw/", "replace/")
    for address in ("", "documents/", *(f"documents/{number}/{rest}" for rest in rests)):
        page.goto(f"{desk.url}/console/{address}")
        if address.endswith("edit/"):
            page.locator("form.editor[data-ready]").wait_for(timeout=PATIENCE)
        if violations := axe(page):
            found[address] = violations
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found[f"{address} scrolls sideways"] = wide
    assert found == {}
    assert page.complaints == []


def test_a_paper_is_corrected_by_keyboard_and_its_draft_goes_when_it_is_saved(signed_in, desk: Site, number: str) -> None:
    page = signed_in(EDITOR)
    opened(page, desk, number)
    type_at_the_end(page, "本说明由财政局负责解释。")
    state_says(page, "草稿保存于")
    tab_to(page, "#id_reason")
    page.keyboard.type("补上解释单位")
    tab_to(page, ".editor__save button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/documents/{number}/*", timeout=PATIENCE)
    page.get_by_text("已保存为新的一版").wait_for(timeout=PATIENCE)
    assert "补上解释单位" in page.locator(".timeline").inner_text()
    assert "本说明由财政局负责解释。" in page.locator(".preview").inner_text()
    assert page.evaluate("Object.keys(localStorage)") == []
    assert page.get_by_text("没有保存的草稿").count() == 0
    assert page.complaints == []


def test_a_text_that_is_opened_and_sent_back_untouched_is_the_same_text(signed_in, desk: Site, number: str) -> None:
    page = signed_in(EDITOR)
    opened(page, desk, number)
    tab_to(page, "#id_summary")
    page.keyboard.press("Control+End")
    page.keyboard.type("（改）")
    tab_to(page, ".editor__save button")
    page.keyboard.press("Enter")
    page.get_by_text("已保存为新的一版").wait_for(timeout=PATIENCE)
    page.goto(f"{desk.url}/console/documents/{number}/compare/")
    assert "正文没有变化" in page.locator(".compare-sentence").inner_text()


def test_what_was_typed_is_there_again_after_the_page_was_left(signed_in, desk: Site, number: str) -> None:
    page = signed_in(EDITOR)
    opened(page, desk, number)
    type_at_the_end(page, "写到一半的一句话")
    state_says(page, "草稿保存于")
    page.goto(f"{desk.url}/console/")
    assert "没写完的草稿" in page.locator("main").inner_text()
    opened(page, desk, number)
    assert "写到一半的一句话" in page.locator(".editor__paper").inner_text()
    page.get_by_role("button", name="丢弃草稿").focus()
    page.keyboard.press("Enter")
    page.get_by_text("草稿已丢弃").wait_for(timeout=PATIENCE)
    page.locator("form.editor[data-ready]").wait_for(timeout=PATIENCE)
    assert "写到一半的一句话" not in page.locator(".editor__paper").inner_text()


def test_without_the_network_the_draft_stays_on_this_machine_and_is_offered_again(signed_in, desk: Site, number: str) -> None:
    page = signed_in(EDITOR)
    opened(page, desk, number)
    page.context.route("**/edit/draft/", lambda route: route.abort())  # what a page asks while it is left, too
    type_at_the_end(page, "断网时写的一句话")
    state_says(page, "已存在这台电脑上")
    page.goto(f"{desk.url}/console/")
    page.context.unroute("**/edit/draft/")  # only now: leaving the page tries once more
    opened(page, desk, number)
    page.get_by_role("button", name="用这一份").focus()
    page.keyboard.press("Enter")
    assert "断网时写的一句话" in page.locator(".editor__paper").inner_text()
    state_says(page, "草稿保存于")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_session_that_ends_while_typing_is_told_and_nothing_is_lost(signed_in, desk: Site, number: str) -> None:
    page = signed_in(EDITOR)
    opened(page, desk, number)
    page.context.clear_cookies()
    type_at_the_end(page, "登录过期后写的一句话")
    state_says(page, "登录")
    kept = page.evaluate("Object.values(localStorage).join()")
    assert "登录过期后写的一句话" in kept


def test_the_second_of_two_editors_chooses_field_by_field(signed_in, desk: Site, number: str) -> None:
    first, second = signed_in(EDITOR), signed_in(CLERK)
    opened(first, desk, number)
    opened(second, desk, number)
    first.locator("#id_registration_number").fill("QH-2026-001")
    first.locator(".editor__save button").click()
    first.get_by_text("已保存为新的一版").wait_for(timeout=PATIENCE)
    tab_to(second, "#id_summary")
    second.keyboard.press("Control+A")
    second.keyboard.type("第二个人写的概述")
    tab_to(second, ".editor__save button")
    second.keyboard.press("Enter")
    second.get_by_role("heading", name="您编辑的时候，别人已经保存了一版").wait_for(timeout=PATIENCE)
    assert "李文博" in second.locator("main").inner_text()
    assert axe(second) == []
    tab_to(second, ".acts button")
    second.keyboard.press("Enter")
    second.locator("form.editor[data-ready]").wait_for(timeout=PATIENCE)
    assert second.locator("#id_registration_number").input_value() == "QH-2026-001"
    assert second.locator("#id_summary").input_value() == "第二个人写的概述"
    second.locator(".editor__save button").click()
    second.get_by_text("已保存为新的一版").wait_for(timeout=PATIENCE)


def test_without_scripts_the_text_is_corrected_as_plain_lines(signed_in, desk: Site, number: str) -> None:
    page = signed_in(EDITOR, scripts=False)
    page.goto(f"{desk.url}/console/documents/{number}/edit/")
    area = page.locator("#id_text")
    area.fill(f"{area.input_value()}\n没有脚本也能改的一句话。")
    page.locator(".editor__save button").click()
    assert "没有脚本也能改的一句话。" in page.locator(".preview").inner_text()


def test_a_list_is_walked_by_j_and_k_and_opened(signed_in, desk: Site) -> None:
    page = signed_in(CLERK)
    page.goto(f"{desk.url}/console/documents/")
    page.locator(".pick-all").wait_for(timeout=PATIENCE)
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    assert first.startswith("/console/documents/")
    page.keyboard.press("x")
    assert "已选 1 份" in page.locator("[data-picked]").inner_text()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "words"
    page.keyboard.type("jk")
    assert page.locator("#id_words").input_value() == "jk", "keys are letters while one types"
    page.goto(f"{desk.url}/console/documents/")
    page.locator(".pick-all").wait_for(timeout=PATIENCE)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}", timeout=PATIENCE)
