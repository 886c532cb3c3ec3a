"""Text as clerks and portals leave it: encodings, broken lines, stray marks, flattened pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.text.blanks import squeeze
from gongkai.text.encodings import decode
from gongkai.text.read import read_bytes

NOTICE = """青禾县人民政府办公室文件
青政办发〔2023〕7号

青禾县人民政府办公室
关于印发《青禾县公共租赁住房
管理办法》的通知

各乡镇人民政府、街道办事处，县政府各部门、各直属单位：
《青禾县公共租赁住房管理办法》已经县政府同意，现印发给你们，请认真贯彻执行。
附件：1.申请表
2.房源清单
青禾县人民政府办公室
2023年7月31日
（此件公开发布）
青禾县公共租赁住房管理办法
第一章 总则
第一条 为保障住房困难家庭基本需求，制定本办法。
第二条 本办法自2023年9月8日起施行，有效期5年。《青禾县公共租赁住房管理暂行办法》（青政发〔2013〕21号）同时废止。
抄送：县委各部门。
青禾县人民政府办公室 2023年8月1日印发
"""


def fields(text: str, name: str = "a.txt") -> tuple[object, ...]:
    reading = read_bytes(text.encode(), name)
    values = [found.value if found else None for found in (reading.title, reading.document_number, reading.issued_on)]
    return (*values, [o.value for o in reading.organs])


EXPECTED = (
    "青禾县人民政府办公室关于印发《青禾县公共租赁住房管理办法》的通知",
    "青政办发〔2023〕7号",
    "2023-07-31",
    ["青禾县人民政府办公室"],
)


def test_a_red_head_paper_is_read_whole() -> None:
    reading = read_bytes(NOTICE.encode(), "a.txt")
    assert fields(NOTICE) == EXPECTED
    assert reading.addressees[0].value == "各乡镇人民政府、街道办事处，县政府各部门、各直属单位"
    assert [s.value for s in reading.signature] == ["青禾县人民政府办公室"]
    assert reading.note is not None
    assert reading.note.value == "此件公开发布"
    assert reading.attribute is not None
    assert reading.attribute.value == "proactive"
    assert [a.value for a in reading.attachments] == ["申请表", "房源清单"]
    assert reading.copies_to[0].value == "县委各部门"
    assert reading.printed_on is not None
    assert reading.printed_on.value == "2023-08-01"
    assert reading.validity is not None
    assert (reading.validity.effective_on, reading.validity.term_years) == ("2023-09-08", 5)
    assert [(r.kind, r.document_number) for r in reading.relations] == [("repeals", "青政发〔2013〕21号")]


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("\n", "\r\n"),
        lambda t: t.replace("\n", "\n\n"),
        lambda t: "\ufeff" + t,
        lambda t: t.replace("关于印发", "**关于印发").replace("的通知\n", "的通知**\n", 1),
        lambda t: t.replace("通知\n\n各", "通 知\n\n各"),
        lambda t: t.replace("〔2023〕7号", "[2023] 7 号"),
        lambda t: t.replace("2023年7月31日", "二〇二三年七月三十一日"),
        lambda t: t.replace("2023年7月31日", "2023 年 7 月 31 日"),
        lambda t: "000123\n机密★1年\n特急\n" + t,
        lambda t: t.replace("7号\n", "7号　　　　签发人：某某\n", 1),
        lambda t: t.replace("青禾县人民政府办公室文件\n", ""),
        lambda t: t.replace("青政办发〔2023〕7号\n\n", "").replace("的通知\n\n", "的通知\n青政办发〔2023〕7号\n", 1),
        lambda t: t.replace("青政办发〔2023〕7号\n\n", "").replace("的通知\n\n", "的通知\n（青政办发〔2023〕7号）\n", 1),
        lambda t: t.replace("青禾县人民政府办公室\n2023年7月31日", "青禾县人民政府办公室　2023年7月31日"),
        lambda t: t.replace("青禾县人民政府办公室\n2023年7月31日", "青禾县人民政府办公室\n（盖章）\n2023年7月31日"),
        lambda t: "\u3000\u3000".join(t.splitlines(keepends=True)),
        lambda t: t.replace("办公室文件", "办公室\n文件"),
    ],
)
def test_the_same_paper_in_another_hand_gives_the_same_answers(change) -> None:
    assert fields(change(NOTICE)) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5hkscs"])
def test_chinese_text_is_decoded_in_every_common_encoding(encoding: str) -> None:
    text = (
        NOTICE
        if encoding != "big5hkscs"
        else "市政府關於印發管理辦法的通知\n各區人民政府、市政府各部門：\n現將管理辦法印發給你們，請認真執行。\n" * 5
    )
    assert decode(text.encode(encoding))[0].lstrip("\ufeff") == text


def test_bytes_that_fit_no_encoding_are_reported_not_swallowed() -> None:
    reading = read_bytes(NOTICE.encode("gb18030") + b"\xff\xff\x80\n", "a.txt")
    assert any("编码" in warning for warning in reading.warnings)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xff\xff\x80", b"\x00\x01\x02\x03"])
def test_bytes_that_are_no_text_in_any_way_are_decoded_all_the_same(data: bytes) -> None:
    assert decode(data)[1]


def test_an_order_with_its_number_on_the_next_line_is_one_number() -> None:
    text = "中华人民共和国国务院令\n第707号\n现公布修订后的《某某条例》，自2019年1月1日起施行。\n总理 李某某\n2018年12月18日\n某某条例\n（1994年1月28日国务院令第142号发布 2018年12月18日国务院令第707号第四次修订）\n第一条 为了规范，制定本条例。\n"
    assert fields(text) == ("某某条例", "国令第707号", "2018-12-18", ["国务院"])


def test_a_page_flattened_into_one_line_gets_its_parts_back() -> None:
    body = (
        "现就有关事项批复如下： 一、同意设立，"
        + "按照有关规定抓好组织实施和监督检查工作，" * 6
        + "确保落实到位。 二、加强领导。 国务院 二〇〇六年十二月三十日"
    )
    text = f"国务院关于同意设立某某区的 批 复 国函〔2006〕132号 广东省人民政府： {body}"
    assert fields(text) == ("国务院关于同意设立某某区的批复", "国函〔2006〕132号", "2006-12-30", ["国务院"])


def test_a_citation_is_not_taken_for_the_papers_own_number_or_date() -> None:
    text = "关于做好防汛工作的通知\n各村：\n根据《县政府通知》（青政发〔2020〕3号）和2020年5月6日会议要求，现通知如下。\n请认真落实。\n"
    title, number, issued, names = fields(text)
    assert (title, number, issued, names) == ("关于做好防汛工作的通知", None, None, [])


def test_a_forwarding_notice_is_dated_by_its_own_signature() -> None:
    text = "国务院办公厅转发国家地震局\n关于防震工作意见的通知\n国办发〔1997〕2号\n各省、自治区、直辖市人民政府：\n国家地震局的意见已经同意，现转发给你们。\n国务院办公厅\n一九九七年二月四日\n关于防震工作的意见\n国务院：\n现将情况报告如下。\n国家地震局\n一九九七年一月二十日\n"
    assert fields(text)[2] == "1997-02-04"


def test_an_impossible_date_is_kept_for_a_person() -> None:
    reading = read_bytes(NOTICE.replace("2023年7月31日", "2023年2月31日").encode(), "a.txt")
    assert reading.issued_on is None
    assert reading.impossible_dates == ["2023年2月31日"]


def test_two_numbers_in_the_head_are_both_kept() -> None:
    reading = read_bytes(NOTICE.replace("7号\n", "7号\n青人武发〔2023〕2号\n", 1).encode(), "a.txt")
    assert reading.document_number is not None
    assert reading.document_number.value == "青政办发〔2023〕7号"
    assert reading.other_numbers == ["青人武发〔2023〕2号"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=400))
def test_any_text_at_all_is_read_without_error_and_loses_no_word(text: str) -> None:
    if not squeeze(text).strip("\x00"):
        return
    try:
        reading = read_bytes(text.encode(), "a.txt")
    except Exception as error:  # noqa: BLE001 - only the reader's own refusals are allowed
        assert type(error).__module__ == "gongkai.text.errors"  # noqa: PT017
        return
    kept = set(squeeze(reading.text))
    lost = {c for c in squeeze(text) if c.isalnum()} - kept
    assert all(c.isdigit() or not c.isprintable() or ord(c) > 0x2E7F for c in lost)  # page numbers, compatibility forms
