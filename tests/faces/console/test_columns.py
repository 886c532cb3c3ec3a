"""The columns of the disclosure platform, arranged in the console."""

from __future__ import annotations

import re

import pytest
import yaml
from django.test import Client

from gongkai.core.doing import Doing
from gongkai.core.ledger.models import Event
from gongkai.domains.catalogue.actions.columns import arrange
from gongkai.domains.catalogue.queries.columns import columns
from gongkai.domains.catalogue.tasks.reading import default_columns, read_columns
from gongkai.domains.library.actions.themes import set_themes
from tests.conftest import ROOT
from tests.faces.console.conftest import SignedIn
from tests.faces.console.test_settings import form_of, text

pytestmark = pytest.mark.django_db
COLUMNS = "/console/settings/columns/"
NEW = {
    "seen": "0", "name": "惠企政策", "slug": "for-enterprises", "entry": "statutory", "group": "", "source": "", "about": "",
    "elsewhere": "", "organ_kinds": ["government", "department"], "text": "", "words-0": "惠企 办法、助企", "kinds-0": "行政规范性文件",
}  # fmt: skip


@pytest.fixture
def office(county: None, doing: Doing, signed_in: SignedIn) -> Client:
    arrange(default_columns(), doing)
    return signed_in("disclosure_office", organ="青禾县人民政府办公室")


def in_order(entry: str) -> list[str]:
    return [slug for slug, data in columns().items() if data["entry"] == entry]


def test_every_page_opens_for_the_office_and_the_administrator_only(office: Client, signed_in: SignedIn) -> None:
    admin, editor = signed_in("administrator", organ=None), signed_in("editor")
    for page in ("", "add/", "statistics/", "statistics/remove/"):
        assert office.get(f"{COLUMNS}{page}").status_code == 200
        assert admin.get(f"{COLUMNS}{page}").status_code == 200
        assert editor.get(f"{COLUMNS}{page}").status_code == 403


def test_no_code_stands_without_its_name(office: Client) -> None:
    page = text(office.get(COLUMNS))
    assert "文件类别 法律法规规章、行政规范性文件" in page
    assert "文件类别 regulation" not in page


def test_saving_any_column_as_it_stands_changes_nothing(office: Client, doing: Doing) -> None:
    set_themes(yaml.safe_load((ROOT / "sample/organs.yaml").read_text(encoding="utf-8"))["themes"])
    arrange(read_columns((ROOT / "sample/columns.yaml").read_text(encoding="utf-8")), doing)
    topics = {"words-0": "", "kinds-0": "", "topics-0": "财政、金融、审计；民政、扶贫、救灾", "subtopics-0": "统计"}
    office.post(f"{COLUMNS}add/", {**NEW, **topics})
    assert columns()["for-enterprises"]["selection"][0]["topics"] == ["财政、金融、审计", "民政、扶贫、救灾"]
    before = Event.objects.count()
    for slug, data in columns().items():
        told = {**form_of(office, f"{COLUMNS}{slug}/"), "organ_kinds": data["organ_kinds"]}
        assert office.post(f"{COLUMNS}{slug}/", told).url == COLUMNS, slug
        assert Event.objects.count() == before, slug


def test_a_column_is_added_with_groups_of_conditions(office: Client) -> None:
    answer = office.post(f"{COLUMNS}add/", {**NEW, "subtopics-1": "统计"})
    assert answer.url == COLUMNS
    made = columns()["for-enterprises"]
    assert [(s["kinds"], s["words"], s["subtopics"]) for s in made["selection"]] == [
        (["normative"], ["惠企 办法", "助企"], []),
        ([], [], ["统计"]),
    ]
    assert made["organ_kinds"] == ["government", "department"]
    assert in_order("statutory")[-1] == "for-enterprises"
    assert "惠企政策" in text(Client().get("/disclosure/statutory/"))


def test_organs_are_told_by_name(office: Client) -> None:
    office.post(f"{COLUMNS}add/", {**NEW, "organs-0": "青禾县财政局、M"})
    assert columns()["for-enterprises"]["selection"][0]["organs"] == ["B", "M"]
    assert 'value="青禾县财政局；青禾县民政局"' in text(office.get(f"{COLUMNS}for-enterprises/"))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"name": ""}, "请填写栏目名称"),
        ({"slug": "惠企"}, "小写字母、数字和连字符"),
        ({"slug": "statistics"}, "已经有栏目用"),
        ({"entry": "elsewhere"}, "elsewhere"),
        ({"organ_kinds": []}, "至少选一类机构"),
        ({"kinds-0": "红头文件"}, "红头文件"),
        ({"organs-0": "没有的局"}, "没有的局"),
        ({"words-0": "", "kinds-0": ""}, "页面会是空的"),
        ({"text": "{没有的}", "words-0": ""}, "不认识的"),
        ({"words-0": "", "kinds-0": "", "without-0": "会议"}, "没有写收哪些文件"),
        ({"text": "长" * 20_001}, "20000"),
    ],
)
def test_a_column_that_cannot_be_is_refused_in_words_without_line_numbers(
    office: Client, told: dict[str, object], said: str
) -> None:
    before = dict(columns())
    answer = office.post(f"{COLUMNS}add/", {**NEW, **told})
    assert answer.status_code == 400
    assert said in text(answer)
    assert not re.search(r"第 \d+ 行", text(answer))
    assert dict(columns()) == before


def test_two_people_over_one_column(office: Client) -> None:
    told: dict[str, object] = {**form_of(office, f"{COLUMNS}statistics/"), "organ_kinds": ["government"]}
    assert office.post(f"{COLUMNS}statistics/", {**told, "about": "甲"}).status_code == 302
    second = office.post(f"{COLUMNS}statistics/", {**told, "about": "乙"})
    assert second.status_code == 409
    assert "别人刚改成：甲" in text(second)
    assert 'value="乙"' in text(second)
    assert columns()["statistics"]["about"] == "甲"


def test_columns_move_up_and_down_within_their_entry(office: Client) -> None:
    first, second, *_ = in_order("statutory")
    office.post(f"{COLUMNS}{second}/move/", {"way": "up"})
    assert in_order("statutory")[:2] == [second, first]
    office.post(f"{COLUMNS}{second}/move/", {"way": "up"})
    assert in_order("statutory")[:2] == [second, first]
    office.post(f"{COLUMNS}{second}/move/", {"way": "down"})
    assert in_order("statutory")[:2] == [first, second]


def test_moving_works_among_columns_that_share_a_place(office: Client, doing: Doing) -> None:
    from gongkai.domains.catalogue.actions.columns import Draft

    first, second, third, *_ = in_order("statutory")
    arrange([Draft({**columns()[slug], "order": 5.0}, placed=True) for slug in (first, second, third)], doing)
    before = in_order("statutory")
    office.post(f"{COLUMNS}{before[2]}/move/", {"way": "up"})
    assert in_order("statutory")[:3] == [before[0], before[2], before[1]]


def test_a_column_is_removed_after_one_question(office: Client) -> None:
    assert "删去栏目" in text(office.get(f"{COLUMNS}statistics/remove/"))
    assert "statistics" in columns()
    before = [slug for slug in columns() if slug != "statistics"]
    office.post(f"{COLUMNS}statistics/remove/")
    assert list(columns()) == before
    assert office.get(f"{COLUMNS}statistics/").status_code == 404
    assert Event.objects.filter(stream_kind="column", stream_id="statistics").last().kind == "removed"
