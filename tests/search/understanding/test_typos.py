"""Wrong characters are put right; right ones are left alone."""

from __future__ import annotations

import pytest

from gongkai.search.understanding.data import look_alikes
from gongkai.search.understanding.typos import corrections
from gongkai.search.understanding.vocabulary.build import VocabularyBuilder
from gongkai.search.understanding.vocabulary.store import Vocabulary
from tests.search.sets import clean_queries, pairs


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("社宝减免", "社保减免"),
        ("高岭津贴申领", "高龄津贴申领"),
        ("高龄津帖", "高龄津贴"),
        ("残集人补贴", "残疾人补贴"),
        ("工商认定标准", "工伤认定标准"),
        ("宅基弟审批", "宅基地审批"),
        ("公共租凭住房", "公共租赁住房"),
        ("公共租住房", "公共租赁住房"),
        ("高高龄津贴标准", "高龄津贴标准"),
        ("高津龄贴", "高龄津贴"),
        ("创业担报贷款", "创业担保贷款"),
        ("养大管理办法", "养犬管理办法"),
        ("义务教育招声", "义务教育招生"),
        ("耕地地立保护补贴", "耕地地力保护补贴"),
        ("停水速知", "停水通知"),
        ("乡村振兴资合", "乡村振兴资金"),
        ("孤儿基生活费", "孤儿基本生活费"),
        ("失信执行人", "失信被执行人"),
        ("增值税免", "增值税减免"),
        ("营业执照办", "营业执照代办"),
    ],
)
def test_the_right_word_comes_first(typed: str, meant: str, county: Vocabulary) -> None:
    assert [one.text for one in corrections(typed, county)][:1] == [meant]


def test_what_stands_around_decides_which_word_was_meant(county: Vocabulary) -> None:
    assert corrections("失业保险津标准", county)[0].text == "失业保险金标准"
    assert corrections("高龄金贴标准", county)[0].text == "高龄津贴标准"


def test_only_the_wrong_word_of_several_is_changed(county: Vocabulary) -> None:
    assert corrections("青禾县 高龄津帖 张晓明", county)[0].text == "青禾县 高龄津贴 张晓明"


def test_clean_queries_of_every_sort_are_left_alone(county: Vocabulary) -> None:
    asked = clean_queries()
    assert len(asked) >= 1000
    changed = [query for query in asked if corrections(query, county)]
    assert len(changed) <= 0.012 * len(asked), changed


@pytest.mark.parametrize(
    ("name", "share"), [("homophone", 0.84), ("shape", 0.82), ("keyboard", 0.82), ("dropped", 0.78), ("slipped", 0.84)]
)
def test_error_sets_are_put_right_with_no_more_than_a_small_countys_papers(name: str, share: float, county: Vocabulary) -> None:
    """The figures with a real library behind them are in bench/understanding.py."""
    asked = pairs(name)
    assert len(asked) >= 400
    right = sum([one.text for one in corrections(typed, county)][:1] == [meant] for typed, meant in asked)
    assert right > share * len(asked)


def test_a_foreign_word_one_slip_off_is_put_right(tmp_path_factory: pytest.TempPathFactory) -> None:
    builder = VocabularyBuilder()
    for _ in range(5):
        builder.add_paper("关于使用Windows系统的通知", "机关使用Windows系统")
    path = tmp_path_factory.mktemp("foreign") / "vocabulary"
    builder.write(path)
    assert corrections("widnows系统", Vocabulary(path))[0].text == "windows系统"


def test_thousands_of_pairs_of_characters_look_alike_and_each_both_ways() -> None:
    table = look_alikes()
    assert sum(map(len, table.values())) > 2 * 12_000
    assert all(char in table[other] for char, others in table.items() for other in others)
