"""Numerals, dates, numbers, organs, marks: tables of cases."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text import dates, kinds, numbers, organs
from gongkai.text.formats.numbering import chinese
from gongkai.text.keys import number_key, subject, title_keys
from gongkai.text.markers import mark_of
from gongkai.text.numerals import to_int


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("二十三", 23),
        ("十", 10),
        ("一百零五", 105),
        ("二〇二三", 2023),
        ("二○一一", 2011),
        ("１２", 12),
        ("7", 7),
        ("廿", 20),
        ("甲", None),
        ("", None),
    ],
)
def test_chinese_numerals_become_integers(written: str, number: int | None) -> None:
    assert to_int(written) == number


@given(st.integers(1, 9999))
def test_a_number_written_in_chinese_reads_back_as_itself(number: int) -> None:
    assert to_int(chinese(number)) == number


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2023年7月31日", date(2023, 7, 31)),
        ("2026年 4月 20 日", date(2026, 4, 20)),
        ("二〇〇四年四月二十七日", date(2004, 4, 27)),
        ("一九九六年二月九日", date(1996, 2, 9)),
        ("二○一三年十二月三十一日", date(2013, 12, 31)),
        ("２０１２年２月２９日", date(2012, 2, 29)),
        ("2023-07-31", date(2023, 7, 31)),
        ("（2015年3月2日）", date(2015, 3, 2)),
    ],
)
def test_a_date_is_read_however_it_is_written(written: str, day: date) -> None:
    mention = dates.whole(written)
    assert mention is not None
    assert mention.day == day


@pytest.mark.parametrize("written", ["2023年2月30日", "2023年13月1日", "二〇二三年四月三十一日"])
def test_a_day_that_does_not_exist_is_noticed_not_guessed(written: str) -> None:
    mention = dates.whole(written)
    assert mention is not None
    assert mention.day is None


@pytest.mark.parametrize("text", ["2023年7月31日印发", "自2023年7月31日起施行", "2023年度工作要点", "7月31日"])
def test_a_line_with_more_than_a_date_is_no_date_line(text: str) -> None:
    assert dates.whole(text) is None


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("栖政办发〔2023〕7号", "栖政办发〔2023〕7号"),
        ("莱政办发〔2022〕5 号", "莱政办发〔2022〕5号"),
        ("青政办发[2019]23号", "青政办发〔2019〕23号"),
        ("人薪发［1995］32号", "人薪发〔1995〕32号"),
        ("鲁政发(2015)第07号", "鲁政发〔2015〕7号"),
        ("（栖政办发〔2023〕7号）", "栖政办发〔2023〕7号"),
        ("栖政办发【2023】007号", "栖政办发〔2023〕7号"),
        ("国 办 发〔2018〕1号", "国办发〔2018〕1号"),
        ("中华人民共和国国务院令第707号", "国令第707号"),
        ("国务院令第707号", "国令第707号"),
        ("公安部令第 12 号", "公安部令第12号"),
        ("国家税务总局公告2023年第5号", "国家税务总局公告2023年第5号"),
    ],
)
def test_a_document_number_has_one_canonical_form(written: str, canonical: str) -> None:
    assert numbers.whole(written) == canonical


@pytest.mark.parametrize(
    "text", ["关于印发2023年工作要点的通知", "第3号楼", "2023年第7号线", "〔2023〕7号", "电话：0599-7220016"]
)
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    assert numbers.whole(text) is None


def test_a_number_keeps_its_place_in_a_sentence() -> None:
    text = "根据《济宁市……通知》（济政办字〔2023〕41 号）要求"
    (found,) = numbers.mentions(text)
    assert found.value == "济政办字〔2023〕41号"
    assert text[slice(*found.source)] == "济政办字〔2023〕41 号"


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("栖霞市人民政府办公室关于印发工作要点的通知", ["栖霞市人民政府办公室"]),
        ("国务院办公厅对十届全国人大四次会议第7264号建议的答复", ["国务院办公厅"]),
        ("国务院办公厅、中央军委办公厅关于加强管理工作的通知", ["国务院办公厅", "中央军委办公厅"]),
        ("广州市民政局 广州市财政局关于印发标准的通知", ["广州市民政局", "广州市财政局"]),
        ("青禾县教育和体育局等3部门关于印发办法的通知", ["青禾县教育和体育局"]),
        ("关于推出供应公共租赁住房的通告", []),
        ("青岛市国有土地上房屋征收与补偿条例", []),
    ],
)
def test_a_title_names_the_organs_before_its_verb(title: str, names: list[str]) -> None:
    assert organs.of_title(title)[0] == names


@pytest.mark.parametrize("text", ["各有关单位", "根据有关规定", "现将工作要点印发给你们", "《通知》"])
def test_a_phrase_is_no_organ(text: str) -> None:
    assert organs.split(text) == []


@pytest.mark.parametrize(
    ("title", "complete"),
    [
        ("关于印发公共租赁住房管理办法", False),
        ("关于印发公共租赁住房管理办法的通知", True),
        ("国务院关于调整实施《中华人民共和国药品管理法", False),
        ("政府信息公开条例", True),
        ("实施办法（试行）", True),
    ],
)
def test_a_title_is_complete_when_its_kind_is_named(title: str, *, complete: bool) -> None:
    assert kinds.is_complete(title) is complete


@pytest.mark.parametrize(
    ("line", "kind", "label", "key"),
    [
        ("第三条 本办法所称", "article", "第三条", "3"),
        ("第十二条之一 经办机构", "article", "第十二条之一", "12-1"),
        ("第一章　总则", "chapter", "第一章", "1"),
        ("一、总体要求", "han", "一、", "1"),
        ("（十二）加强组织", "han_bracket", "（十二）", "12"),
        ("1.先扫二维码", "arabic", "1.", "1"),
        ("（3）备案人员", "arabic_bracket", "（3）", "3"),
        ("①申请表", "circled", "①", "1"),
        ("1.2 编制目的", "decimal", "1.2", "1-2"),
    ],
)
def test_a_structural_mark_is_known_by_kind_and_key(line: str, kind: str, label: str, key: str) -> None:
    mark = mark_of(line)
    assert mark is not None
    assert (mark.kind, mark.label, mark.key) == (kind, label, key)


@pytest.mark.parametrize("line", ["一九九六年二月九日", "2023年7月31日", "15.5公斤", "第三条例外", "一是加强领导"])
def test_an_ordinary_line_has_no_mark(line: str) -> None:
    assert mark_of(line) is None


def test_one_number_key_serves_all_ways_of_writing() -> None:
    assert number_key("国务院令第707号") == number_key("中华人民共和国国务院令第707号") == number_key("国令第707号")


def test_a_notice_is_also_known_by_what_it_prints() -> None:
    keys = title_keys("青禾县人民政府办公室关于印发《青禾县养犬管理办法（试行）》的通知")
    assert "青禾县养犬管理办法(试行)" in keys
    assert "青禾县养犬管理办法" in keys


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("青禾县人民政府办公室关于印发《青禾县公共租赁住房管理办法》的通知", "公共租赁住房"),
        ("青禾县财政局关于印发《青禾县政府采购管理办法（试行）》的通知", "政府采购"),
        ("青岛市养犬管理条例", "养犬"),
        ("关于加强秸秆禁烧工作的意见", ""),
        ("某市关于进一步规范的规定", ""),
    ],
)
def test_the_subject_of_a_title_is_what_a_person_would_look_for(title: str, words: str) -> None:
    assert subject(title) == words
