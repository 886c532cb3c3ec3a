"""Document numbers in every sloppy form."""

from __future__ import annotations

import pytest

from gongkai.search.understanding.cleaning import clean
from gongkai.search.understanding.numbering import find_number, year_and_number
from gongkai.search.understanding.vocabulary.store import Vocabulary


def keys(typed: str, county: Vocabulary) -> tuple[str, ...]:
    seen = find_number(clean(typed).lower(), county)
    return seen.keys if seen else ()


@pytest.mark.parametrize(
    "typed",
    [
        "青民〔2023〕18号", "青民[2023]18号", "青民（2023）18号", "青民【2023】18", "青民2023 18", "青民2023年18号", "青民 2023 18号",
        "青民2023第18号", "青民字2023 18号", "青民〔二〇二三〕18号", "青民２０２３　１８号", "青民2023-18", "青民2023,18号", "青民23年18号",
        "请问青民2023 18号还有效吗", "关于青民〔2023〕018号的解读", "qm 2023 18", "qingmin2023 18号", "青明2023 18号", "青民2023年18号文件",
    ],
)  # fmt: skip
def test_a_number_on_the_site_is_known_however_it_is_typed(typed: str, county: Vocabulary) -> None:
    assert keys(typed, county) == ("青民〔2023〕18号",)


def test_a_code_cut_short_may_be_any_of_those_it_begins(county: Vocabulary) -> None:
    assert keys("青政办2022年4号文", county) == ("青政办规〔2022〕4号",)
    assert set(keys("2023年18号文", county)) == {"青民〔2023〕18号", "青政办字〔2023〕18号"}


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("栖政办发2023 7号", "栖政办发〔2023〕7号"),
        ("栖政办发[2023]07", "栖政办发〔2023〕7号"),
        ("栖政办发2023年第7号", "栖政办发〔2023〕7号"),
        ("国办发〔2019〕14号", "国办发〔2019〕14号"),
        ("国务院令第711号", "国令第711号"),
        ("国务院令711", "国令第711号"),
        ("第711号国务院令", "国令第711号"),
        ("国务院第711号令", "国令第711号"),
        ("中华人民共和国国务院令第七百一十一号", "国令第711号"),
        ("公安部令第12号", "公安部令第12号"),
    ],
)
def test_a_number_not_on_the_site_is_read_in_canonical_form(typed: str, key: str, county: Vocabulary) -> None:
    assert keys(typed, county) == (key,)


@pytest.mark.parametrize(
    "typed",
    [
        "2023年5月补贴", "高龄津贴2023年60元", "2023年1号线", "3号楼", "2023", "2023 7", "abc 2023 7", "命令12", "法令 3", "司令3号", "第十五条", "50%",
        "2025年10个工作日", "0599-7220016", "十四五规划2025年", "2022-2023学年", "高龄津贴2023年标准",
    ],
)  # fmt: skip
def test_years_amounts_and_telephones_are_no_numbers(typed: str, county: Vocabulary) -> None:
    assert keys(typed, county) == ()


def test_year_and_serial_are_told_of_a_canonical_number() -> None:
    assert year_and_number("青民〔2023〕18号") == (2023, 18)
    assert year_and_number("国令第711号") == (0, 711)
    assert year_and_number("高龄津贴") is None
