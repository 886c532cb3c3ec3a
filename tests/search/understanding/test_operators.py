"""Operators say what they say; anything else is words."""

from __future__ import annotations

import pytest

from gongkai.search.understanding.operators import Operated, take_operators


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ('"高龄津贴" 标准', Operated("标准", phrases=("高龄津贴",))),
        ("“高龄津贴” 标准", Operated("标准", phrases=("高龄津贴",))),
        ("「高龄津贴」", Operated("", phrases=("高龄津贴",))),
        ("养犬 -通告", Operated("养犬", excluded=("通告",))),
        ('养犬 -"重点管理区"', Operated("养犬", excluded=("重点管理区",))),
        ("机关:民政局 津贴", Operated("津贴", organs=("民政局",))),
        ("organ:民政局", Operated("", organs=("民政局",))),
        ('机关:"县 民政局" 津贴', Operated("津贴", organs=("县 民政局",))),
        ("津贴 年:2023", Operated("津贴", years=(2023,))),
        ("年:2021-2023", Operated("", years=(2021, 2022, 2023))),
        ("year:二〇二三", Operated("", years=(2023,))),
        ("文号:青政办发2023 7号", Operated("", number="青政办发2023 7号")),
        ("number:青政办发〔2023〕7号 养犬", Operated("养犬", number="青政办发〔2023〕7号")),
    ],
)
def test_operators_are_taken_out_of_the_words(typed: str, meant: Operated) -> None:
    assert take_operators(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "2023-7",
        "a-b",
        "title:养犬",
        "年:去年",
        "说:明",
        "政策：解读",
        "--",
        "1 - 2",
        "养犬-办法",
        "foo AND bar",
        "a:b:c",
        "机关： ",
    ],
)
def test_what_is_no_operator_stays_as_typed(typed: str) -> None:
    said = take_operators(typed)
    assert said == Operated(" ".join(typed.split()))


def test_a_quotation_mark_that_nobody_closed_is_no_phrase() -> None:
    assert take_operators('"高龄 津贴') == Operated("高龄 津贴")
    assert take_operators('高龄" 津贴 "标准" "') == Operated("高龄 标准", phrases=("津贴",))


def test_only_eight_of_a_sort_are_heeded() -> None:
    assert len(take_operators(" ".join(f"-词{n}" for n in range(50))).excluded) == 8
