"""Pinyin in full, by initials, mixed with characters, with tones, or not quite right."""

from __future__ import annotations

import pytest

from gongkai.search.understanding.pinyin import readings
from gongkai.search.understanding.syllables import divisions, letters, loose, miskeyed
from gongkai.search.understanding.vocabulary.store import Vocabulary
from tests.search.sets import pairs


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("laorenbuzhu", "老人补助"),
        ("lao ren bu zhu", "老人补助"),
        ("lao'ren'bu'zhu", "老人补助"),
        ("lǎo rén bǔ zhù", "老人补助"),
        ("lao3ren2bu3zhu4", "老人补助"),
        ("lrbz", "老人补助"),
        ("老人bz", "老人补助"),
        ("lao人补助", "老人补助"),
        ("老人buzhu", "老人补助"),
        ("gaolinjingtie", "高龄津贴"),
        ("gaolingjintie", "高龄津贴"),
        ("gongzufnag", "公租房"),
        ("gonzhufang", "公租房"),
        ("nvzhigong", "女职工"),
        ("nüzhigong", "女职工"),
        ("chongqing", "重庆"),
        ("xingzheng", "行政"),
        ("kuaiji", "会计"),
        ("fukou", "户口"),
        ("zhaijidi审批", "宅基地审批"),
        ("shiyebaoxianjin怎么领", "失业保险金怎么领"),
    ],
)
def test_what_is_meant_stands_among_the_first_three(typed: str, meant: str, county: Vocabulary) -> None:
    assert meant in [one.text for one in readings(typed, county)[:3]]


def test_letters_that_divide_in_two_ways_are_read_in_both() -> None:
    assert divisions("xian") == (("xian",), ("xi", "an"))


@pytest.mark.parametrize("typed", ["hello world", "windows", "pm2.5", "covid-19", "ktv", "a", "0599", "", "高龄津贴", "x" * 60])
def test_what_is_no_pinyin_is_left_alone(typed: str, county: Vocabulary) -> None:
    assert readings(typed, county) == []


def test_sounds_that_speakers_confuse_are_one_whatever_the_division() -> None:
    assert loose("zhengshang") == loose("zensan")
    assert letters("LǙ shī") == "lvshi"


def test_a_slip_of_a_key_is_known_both_ways() -> None:
    assert "shi" in miskeyed("shu")
    assert "shu" in miskeyed("shi")
    assert "shi" not in miskeyed("zhang")


def test_three_in_four_of_the_set_are_read_right_with_no_more_than_a_small_countys_papers(county: Vocabulary) -> None:
    asked = pairs("pinyin")
    right = sum(meant in [one.text for one in readings(typed, county)] for typed, meant in asked)
    assert right > 0.82 * len(asked)
