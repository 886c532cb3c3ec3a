"""The search desk: words, reports, what was learned, the gate, tasks."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.core.finding.counting.actions import write
from gongkai.core.finding.counting.marking import Salts
from gongkai.core.finding.counting.noting import Notes
from gongkai.core.finding.models import Crowd, Gate, Task, Word
from tests.faces.console.conftest import SignedIn
from tests.faces.console.test_settings import text

pytestmark = pytest.mark.django_db
DESK = "/console/search/"
PAIR = {"kind": "synonym", "said": "老人补助", "target": "高龄津贴", "weight": "0.9", "note": "群众来电", "seen": "0"}


@pytest.fixture
def office(county: None, signed_in: SignedIn) -> Client:
    return signed_in("disclosure_office", organ="青禾县人民政府办公室")


def many_ask(question: str, people: int = 20) -> None:
    """So many people ask and find nothing."""
    notes = Notes(Salts(Path(settings.DATA_FOLDER)))
    for person in range(people):
        notes.asked(question, f"{question} {person}", timezone.localdate(), found=False)
    write(notes.take())


def uploaded(name: str, content: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode(encoding))


class TestWords:
    def test_added_changed_and_taken_out_each_with_its_place_in_the_history(self, office: Client) -> None:
        assert office.post(f"{DESK}words/add/", PAIR).status_code == 302
        word = Word.objects.get()
        changed = {**PAIR, "weight": "0.5", "seen": str(word.sequence)}
        assert office.post(f"{DESK}words/{word.pk}/", changed).status_code == 302
        assert "高龄津贴" in text(office.get(f"{DESK}words/"))
        assert office.post(f"{DESK}words/{word.pk}/remove/").status_code == 302
        assert office.post(f"{DESK}words/{word.pk}/remove/").status_code == 404
        history = text(office.get(f"{DESK}words/history/"))
        for told in ("<del>老人补助 → 高龄津贴（0.5）", "<ins>老人补助 → 高龄津贴（0.9）", office.person.name):
            assert told in history
        ledger = text(office.get("/console/ledger/?stream=search"))
        assert "改检索词" in ledger
        assert "老人补助 → 高龄津贴（0.5）" in ledger

    def test_the_second_of_two_people_is_told_and_loses_nothing(self, office: Client) -> None:
        office.post(f"{DESK}words/add/", PAIR)
        word = Word.objects.get()
        office.post(f"{DESK}words/{word.pk}/", {**PAIR, "weight": "0.5", "seen": str(word.sequence)})
        answer = office.post(f"{DESK}words/{word.pk}/", {**PAIR, "weight": "0.7", "seen": str(word.sequence)})
        assert answer.status_code == 409
        assert 'value="0.7"' in text(answer)
        assert Word.objects.get().weight == 0.5

    @pytest.mark.parametrize(
        "wrong",
        [
            {"said": ""}, {"target": ""}, {"target": "老人，补助"}, {"kind": "refused"}, {"kind": "x"}, {"weight": "2"},
            {"weight": "nan"}, {"said": "\x00"}, {"said": "老" * 500}, {"seen": "x"}, {"kind": "best", "target": "不是网址"},
        ],
    )  # fmt: skip
    def test_what_cannot_stand_comes_back_with_a_reason(self, office: Client, wrong: dict[str, str]) -> None:
        answer = office.post(f"{DESK}words/add/", {**PAIR, **wrong})
        assert answer.status_code == 400
        assert "请改正以下内容" in text(answer)
        assert not Word.objects.exists()

    def test_a_file_is_shown_before_it_is_brought_in_and_brought_in_once(self, office: Client) -> None:
        office.post(f"{DESK}words/add/", PAIR)
        file = office.get(f"{DESK}words/file/").content.decode()
        more = file + "stop_words:\n- 麻烦问下\n"
        check = office.post(f"{DESK}words/import/", {"file": uploaded("words.yaml", more)})["Location"]
        page = text(office.get(check))
        assert "麻烦问下" in page
        assert Word.objects.count() == 1
        assert office.post(check, {"mark": "0"}).status_code == 409
        office.post(check, {"mark": "1"})
        office.post(check, {"mark": "1"})
        assert Word.objects.count() == 2
        assert "已导入" in text(office.get(check))

    @pytest.mark.parametrize("told", ["", "synonyms: 甲", "[[[", "synonyms:\n- {say: 甲, official: 甲}"])
    def test_a_file_with_anything_wrong_changes_nothing(self, office: Client, told: str) -> None:
        assert office.post(f"{DESK}words/import/", {"file": uploaded("words.yaml", told)}).status_code == 400
        assert not Word.objects.exists()


class TestReports:
    def test_what_many_did_not_find_is_told_and_what_few_asked_is_not(self, office: Client) -> None:
        many_ask("跨省落户")
        many_ask("我的邻居某某", 4)
        page = text(office.get(DESK))
        assert "跨省落户" in page
        assert "我的邻居" not in page
        assert "没有这样的问题" in text(office.get(DESK, {"report": "unopened", "days": "7"}))
        for query in ({"report": "x"}, {"days": "９９"}, {"days": "9" * 50}):
            assert office.get(DESK, query).status_code == 200

    def test_the_table_to_take_along_has_no_formula_in_it(self, office: Client) -> None:
        many_ask("跨省落户")
        Crowd.objects.update(question="=HYPERLINK(1)")
        (sheet,) = load_workbook(io.BytesIO(office.get(f"{DESK}sheet/").content)).worksheets
        assert [sheet["A2"].value, sheet["A2"].data_type, sheet["B2"].value] == ["=HYPERLINK(1)", "s", 20]

    def test_what_was_learned_is_never_taken_without_its_page(self, office: Client) -> None:
        answer = office.post(f"{DESK}learned/decide/", {"act": "take", "question": "停车", "address": "/library/99999/"})
        assert answer.status_code == 400
        assert office.post(f"{DESK}learned/decide/", {"act": "x"}).status_code == 400
        assert not Word.objects.exists()


class TestGate:
    CSV = "问题,必须出现,不得出现,前几条\n高龄津贴,高龄津贴,养犬,3\n"

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_a_table_is_kept_and_comes_back(self, office: Client, encoding: str) -> None:
        assert office.post(f"{DESK}gate/", {"file": uploaded("g.csv", self.CSV, encoding)}).status_code == 302
        assert Gate.objects.get().lines == [["高龄津贴", ["高龄津贴"], ["养犬"], 3]]
        assert "高龄津贴,高龄津贴,养犬,3" in office.get(f"{DESK}gate/file/").content.decode("utf-8-sig")

    def test_a_table_that_is_none_says_why(self, office: Client) -> None:
        answer = office.post(f"{DESK}gate/", {"file": uploaded("g.csv", "问题\n甲\n")})
        assert answer.status_code == 400
        assert "没有写必须出现或者不得出现什么" in text(answer)

    def test_without_an_index_nothing_is_claimed(self, office: Client) -> None:
        office.post(f"{DESK}gate/", {"file": uploaded("g.csv", self.CSV)})
        answer = office.post(f"{DESK}gate/run/", follow=True)
        assert "没有检验成" in text(answer)
        assert "都合要求" not in text(answer)


class TestTasks:
    @pytest.fixture
    def given(self, office: Client) -> Task:
        many_ask("跨省落户")
        unknown = {"question": "跨省落户", "agency": "99999"}
        assert office.post(f"{DESK}tasks/add/", unknown).status_code == 400
        page = text(office.get(f"{DESK}tasks/add/", {"question": "跨省落户"}))
        bureau = page.rpartition('">青禾县财政局</option>')[0].rpartition('"')[2]
        answer = office.post(f"{DESK}tasks/add/", {"question": "跨省落户", "agency": bureau, "note": "请看看"})
        assert answer.status_code == 302
        return Task.objects.get()

    def test_it_waits_on_the_workbench_of_the_organ_until_it_is_answered(
        self, office: Client, given: Task, signed_in: SignedIn
    ) -> None:
        own, foreign = signed_in("editor"), signed_in("editor", organ="青禾县民政局")
        assert "“跨省落户”没有查到结果" in text(own.get("/console/"))
        assert "跨省落户" not in text(foreign.get("/console/"))
        one = f"{DESK}tasks/{given.number}/"
        assert foreign.get(one).status_code == 404
        assert foreign.post(one, {"answer": "nothing"}).status_code == 404
        assert own.post(one, {"answer": "x"}).status_code == 400
        assert own.post(one, {"answer": "paper", "told": "《落户办法》"}).status_code == 302
        assert own.post(one, {"answer": "nothing"}).status_code == 400, "it is done"
        assert "跨省落户" not in text(own.get("/console/"))
        assert "公开了有关文件" in text(office.get(f"{DESK}tasks/"))
        ledger = text(office.get("/console/ledger/?stream=search"))
        assert ("交办" in ledger, "《落户办法》" in ledger) == (True, True)

    def test_about_one_question_there_is_one_open_task(self, office: Client, given: Task) -> None:
        answer = office.post(f"{DESK}tasks/add/", {"question": "跨省落户", "agency": str(given.agency_id)})
        assert answer.status_code == 400
        assert "还没有办完" in text(answer)
        assert "已交办" in text(office.get(DESK))

    def test_a_question_of_few_people_cannot_be_given_to_anybody(self, office: Client) -> None:
        many_ask("我的邻居某某", 4)
        assert office.get(f"{DESK}tasks/add/", {"question": "我的邻居某某"}).status_code == 404


def test_figures_are_of_the_days_that_were_asked_for(office: Client) -> None:
    many_ask("跨省落户")
    Crowd.objects.get().tally_set.update(day=timezone.localdate() - timedelta(days=20))
    assert "跨省落户" not in text(office.get(DESK, {"days": "7"}))
    assert "跨省落户" in text(office.get(DESK, {"days": "28"}))
