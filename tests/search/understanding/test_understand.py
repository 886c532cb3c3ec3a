"""A query of any sort is understood, or taken as words; none fails."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.search.understanding.model import IntentKind, Understood
from gongkai.search.understanding.understand import understand
from gongkai.search.understanding.vocabulary.store import Vocabulary

TODAY = date(2026, 11, 26)


def understood(query: str, county: Vocabulary) -> Understood:
    return understand(query, county, TODAY)


def test_a_grandmother_typing_pinyin_is_led_to_the_official_term(county: Vocabulary) -> None:
    said = understood("laorenbuzhu", county)
    assert said.readings[0].text == "老人补助"
    assert "高龄津贴" in [one.official for one in said.expansions]


def test_a_firm_typing_the_wrong_character_is_asked_whether_it_meant_the_right_one(county: Vocabulary) -> None:
    said = understood("社宝减免", county)
    assert said.corrections[0].text == "社保减免"
    assert "社会保险费减免" in [one.official for one in said.expansions]


def test_a_clerk_typing_half_a_number_gets_the_paper_and_no_corrections(county: Vocabulary) -> None:
    said = understood("青政办规2022 1号", county)
    assert said.numbers == ("青政办规〔2022〕1号",)
    assert said.intent.kind is IntentKind.DOCUMENT_NUMBER
    assert (said.corrections, said.readings, said.dates) == ((), (), ())


@pytest.mark.parametrize(
    ("query", "kind", "about"),
    [
        ("县人社局电话", IntentKind.ORGAN_CONTACT, "县人社局"),
        ("民政局几点上班", IntentKind.ORGAN_CONTACT, "民政局"),
        ("请问不动产登记中心在哪里", IntentKind.ORGAN_CONTACT, "不动产登记中心"),
        ("青禾县医疗保障局", IntentKind.ORGAN_CONTACT, "青禾县医疗保障局"),
        ("怎么申请公开征地批文", IntentKind.DISCLOSURE_REQUEST, "征地批文"),
        ("依申请公开", IntentKind.DISCLOSURE_REQUEST, ""),
        ("高龄津贴申请表", IntentKind.FORM, "高龄津贴申请表"),
        ("高龄津贴一个月多少钱", IntentKind.CLAUSE, "高龄津贴一个月"),
        ("养犬管理办法", IntentKind.NONE, ""),
    ],
)
def test_what_a_query_is_clearly_after_is_told(query: str, kind: IntentKind, about: str, county: Vocabulary) -> None:
    intent = understood(query, county).intent
    assert intent.kind is kind
    assert intent.about.replace(" ", "").endswith(about) if kind is IntentKind.DISCLOSURE_REQUEST else intent.about == about


def test_words_of_asking_are_left_out_of_what_is_searched_but_never_all_words(county: Vocabulary) -> None:
    assert understood("请问高龄津贴怎么领取吗", county).text == "高龄津贴 领取"
    assert understood("怎么办", county).text == "怎么办"


def test_full_width_and_traditional_characters_are_read_as_any_others(county: Vocabulary) -> None:
    assert understood("高齡津貼　２０２３", county).whole == "高龄津贴 2023"
    assert understood("青政办规（２０２２）１號", county).numbers == ("青政办规〔2022〕1号",)


def test_years_are_offered_and_not_applied(county: Vocabulary) -> None:
    said = understood("去年的高龄津贴", county)
    assert [(one.from_on, one.until_on) for one in said.dates] == [(date(2025, 1, 1), date(2025, 12, 31))]
    assert said.filters.years == ()


def test_initials_in_capitals_beside_characters_are_a_name(county: Vocabulary) -> None:
    assert understood("ETC办理", county).readings == ()


@pytest.mark.parametrize("query", ["", " ", "\x00\x07", "😀🎉", "？！…", '""', "-", "机关:", ":", "〔〕", "'; DROP TABLE x; --"])
def test_a_query_of_nothing_much_is_empty_or_words(query: str, county: Vocabulary) -> None:
    said = understood(query, county)
    assert said.is_empty or said.whole


@pytest.mark.parametrize(
    "query",
    [
        "老" * 100_000,
        "laorenbuzhu" * 9_000,
        "高龄津贴,补助;" * 12_000,
        '"' * 100_000,
        "-" * 100_000,
        "机关:" * 30_000,
        "青政办2023" * 10_000,
        "\U0001f600" * 50_000,
        "ﷺ" * 100_000,
        "(((((.*)*)*)*)+" * 6_000,
        "2023年" * 30_000,
    ],
    ids=lambda query: query[:8],
)
def test_a_hundred_kilobytes_are_cut_to_what_a_query_may_be(query: str, county: Vocabulary) -> None:
    said = understood(query, county)
    assert len(said.whole) <= 300
    assert len(said.typed) <= 600


PIECES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["高龄津贴", "社宝", "laoren", "青政办发", "2023", "〔2023〕", "7号", '"', "“", "-", "机关:", "年:", "文号:", "organ:", "去年",
         "国务院令", "第", "*", "AND", "(", ")", "[", "title:", "~2", "' OR 1=1", "\\", "\x00", "😀", "ü", "电话", "民政局"]
    ),
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_text_whatever_fails(county: Vocabulary, query: str) -> None:
    said = understood(query, county)
    assert all(0 <= one.confidence <= 1 for one in (*said.readings, *said.corrections))
    assert all(0 <= one.weight <= 1 for one in said.expansions)
    assert said.typed == query[: len(said.typed)]
