"""A paper is read aloud: what is said, where the eye is led, and what is shown where no voice is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Site
from tests.journeys.test_pages import axe, numbers

pytestmark = pytest.mark.browser
VOICE = (Path(__file__).parent / "voice.js").read_text(encoding="utf-8")


def voices(*languages: str, late: bool = False) -> str:
    """The stand-in for speech with these voices, there from the start or coming later."""
    return VOICE.replace("VOICES", json.dumps(languages)).replace("LATE", json.dumps(late))


@pytest.fixture
def opened(browser, served: Site) -> Iterator[Callable]:
    """Opens a paper by a word of its title, in a browser with the given speech."""
    contexts = []
    by_title = numbers(served)

    def opens(word: str, speech: str, **options):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN", **options)
        contexts.append(context)
        if speech:
            context.add_init_script(speech)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: page.complaints.append(str(e)))
        page.goto(f"{served.url}/library/{next(n for t, n in by_title.items() if word in t)}/")
        return page

    yield opens
    for context in contexts:
        context.close()


def said(page) -> list[str]:
    return [s["text"] for s in page.evaluate("said")]


def read_on(page, sentences: int) -> None:
    for _ in range(sentences):
        page.evaluate("finish()")


def read_out(page) -> None:
    """Let every sentence end until there is none left."""
    page.evaluate("() => { for (let i = 0; speaking() && i < 5000; i++) finish(); }")


def test_the_whole_paper_is_said_in_order_in_short_breaths_by_a_mainland_voice(opened) -> None:
    page = opened("公共租赁住房保障办法", voices("en-US", "zh-HK", "zh-TW", "zh-CN"))
    page.get_by_role("button", name="朗读").click()
    read_out(page)
    spoken = page.evaluate("said")
    assert {s["lang"] for s in spoken} == {"zh-CN"}
    assert max(len(s["text"]) for s in spoken) <= 48
    whole = "".join(s["text"] for s in spoken).replace("从这里读", "")
    places = [
        whole.find(words) for words in ("关于印发", "第一条", "第二条", "第一章" if "第一章" in whole else "第三条", "第五条")
    ]
    assert -1 not in places
    assert whole.index("第二条") < whole.index("第五条")
    body = page.evaluate(
        "[...document.querySelectorAll('.paper__body p')].map(p => p.cloneNode(true)).map(p => (p.querySelectorAll('button').forEach(b => b.remove()), p.textContent.replace(/\\s+/g, ' ').trim()))"
    )
    assert all(text in whole for text in body if text.strip())
    assert page.get_by_role("status").filter(has_text="朗读完毕").is_visible()
    assert page.complaints == []


def test_the_clause_being_read_is_marked_and_brought_into_sight(opened) -> None:
    page = opened("公共租赁住房保障办法", voices("zh-CN"), reduced_motion="reduce")
    page.get_by_role("button", name="朗读").click()
    for _ in range(40):
        read_on(page, 1)
        assert page.locator(".being-read").count() == 1
        now = page.evaluate("speaking()")
        assert (
            now.strip() in page.evaluate("document.querySelector('.being-read').textContent.replace(/\\s+/g, ' ')") or "，" in now
        )
        box = page.locator(".being-read").bounding_box()
        assert 0 <= box["y"] < 800


def test_reading_pauses_goes_on_and_stops_by_keyboard_alone(opened) -> None:
    page = opened("公共租赁住房保障办法", voices("zh-CN"))
    page.get_by_role("button", name="朗读").focus()
    page.keyboard.press("Enter")
    read_on(page, 5)
    sentence = page.evaluate("speaking()")
    assert page.evaluate("document.activeElement.textContent") == "暂停"
    page.keyboard.press("Space")
    assert page.evaluate("speaking()") is None
    assert page.get_by_role("status").filter(has_text="已暂停").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("speaking()") == sentence
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "停止"
    page.keyboard.press("Escape")
    assert page.evaluate("speaking()") is None
    assert page.locator(".being-read, .read-from, .player:visible").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "朗读"


def test_reading_begins_at_a_chosen_clause(opened) -> None:
    page = opened("公共租赁住房保障办法", voices("zh-CN"))
    assert page.get_by_role("button", name="从这里读").count() == 0
    page.get_by_role("button", name="朗读").click()
    page.get_by_role("button", name="从这里读：第三条").click()
    assert page.evaluate("speaking()").startswith("第三条")
    assert page.locator(".being-read").get_attribute("id") == "art-3"
    assert axe(page) == []


def test_the_speed_is_changed_at_once_and_remembered(opened, served: Site) -> None:
    page = opened("公共租赁住房保障办法", voices("zh-CN"))
    page.get_by_role("button", name="朗读").click()
    assert page.evaluate("said.at(-1).rate") == 1
    sentence = page.evaluate("speaking()")
    page.get_by_label("语速").select_option("慢")
    assert page.evaluate("[said.at(-1).text, said.at(-1).rate]") == [sentence, 0.75]
    page.reload()
    page.get_by_role("button", name="朗读").click()
    assert page.evaluate("said.at(-1).rate") == 0.75
    assert page.get_by_label("语速").input_value() == "slow"


def test_a_table_is_said_row_by_row_with_its_columns_names(opened) -> None:
    page = opened("统计公报", voices("zh-CN"))
    page.get_by_role("button", name="朗读").click()
    read_out(page)
    whole = "".join(said(page))
    assert "各列是：指标、产量、比上年增长。" in whole
    assert "粮食，产量：27.6万吨，比上年增长：1.5%。" in whole


def test_voices_that_come_late_are_waited_for(opened) -> None:
    page = opened("公共租赁住房保障办法", voices("zh-CN", late=True))
    page.get_by_role("button", name="朗读").click()
    assert said(page) == []
    page.evaluate("bringVoices()")
    assert len(said(page)) == 1


def test_without_a_chinese_voice_it_says_so_and_can_be_closed(opened) -> None:
    page = opened("公共租赁住房保障办法", voices("en-US", "fr-FR"))
    page.get_by_role("button", name="朗读").click()
    assert "没有中文语音" in page.get_by_role("status").filter(has_text="中文").inner_text()
    assert said(page) == []
    page.get_by_role("button", name="停止").click()
    assert page.get_by_role("button", name="朗读").is_visible()


def test_a_voice_that_breaks_off_is_told_and_can_go_on(opened) -> None:
    page = opened("公共租赁住房保障办法", voices("zh-CN"))
    page.get_by_role("button", name="朗读").click()
    read_on(page, 3)
    sentence = page.evaluate("speaking()")
    page.evaluate("breakDown()")
    assert page.get_by_role("status").filter(has_text="语音中断").is_visible()
    page.get_by_role("button", name="继续").click()
    assert page.evaluate("speaking()") == sentence


def test_where_the_browser_cannot_speak_or_runs_no_script_nothing_dead_is_shown(opened) -> None:
    mute = "delete window.speechSynthesis; delete Window.prototype.speechSynthesis; Object.defineProperty(window, 'SpeechSynthesisUtterance', {value: undefined}); delete window.SpeechSynthesisUtterance;"
    assert opened("公共租赁住房保障办法", mute).get_by_text("朗读").count() == 0
    assert opened("公共租赁住房保障办法", "", java_script_enabled=False).get_by_text("朗读").count() == 0


def test_the_contents_follow_the_reader(opened) -> None:
    page = opened("公共租赁住房保障办法", voices("zh-CN"))
    links = page.locator(".contents a")
    last = links.last
    target = last.get_attribute("href")
    page.evaluate(f"document.querySelector('{target}').scrollIntoView()")
    page.wait_for_selector(".contents a[aria-current]")
    current = page.locator(".contents a[aria-current]")
    assert current.count() == 1
    assert current.inner_text() in [link.inner_text() for link in links.all()[1:]]


def test_a_citation_is_copied_by_one_press(opened) -> None:
    page = opened("公共租赁住房保障办法", voices("zh-CN"), permissions=["clipboard-read", "clipboard-write"])
    page.locator("summary", has_text="引用").click()
    page.get_by_role("button", name="复制：标题和文号").click()
    page.get_by_text("已复制").wait_for()
    assert "公共租赁住房保障办法" in page.evaluate("navigator.clipboard.readText()")
    assert "复制" not in page.evaluate("navigator.clipboard.readText()")
    assert axe(page) == []
