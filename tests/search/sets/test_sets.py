"""The sets are what they say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.relevance import KINDS, judged
from bench.scoring import ndcg, success
from tests.conftest import ROOT
from tests.search.sets import clean_queries, lines, pairs


def test_there_are_three_hundred_judged_queries_and_fifty_of_each_kind() -> None:
    asked = judged()
    assert len(asked) >= 300
    assert min(Counter(one.kind for one in asked)[kind] for kind in KINDS) >= 50
    assert all(set(one.grades.values()) <= {1, 2, 3} and max(one.grades.values()) == 3 for one in asked)
    assert len({(one.library, one.query) for one in asked}) == len(asked)


def test_every_judged_paper_of_the_county_exists() -> None:
    papers = {path.stem for path in (ROOT / "sample" / "papers").glob("*.yaml")}
    assert {name for one in judged() if one.library == "sample" for name in one.grades} <= papers


@pytest.mark.corpus
def test_every_judged_law_exists(shared: Path) -> None:
    laws = {path.stem for path in (shared / "corpus" / "laws").glob("*.md")}
    assert {name for one in judged() if one.library == "laws" for name in one.grades} <= laws


@pytest.mark.parametrize("name", ["homophone", "shape", "keyboard", "dropped", "slipped", "pinyin"])
def test_error_sets_hold_four_hundred_errors_of_queries_that_people_type(name: str) -> None:
    asked, right = pairs(name), set(lines("right.txt"))
    assert len(asked) >= 300
    assert all(typed != meant and meant in right for typed, meant in asked)


def test_clean_queries_are_many_and_of_many_sorts() -> None:
    asked = clean_queries()
    assert len(asked) >= 1_000
    assert sum(query.isascii() for query in asked) >= 30


def test_the_measures_are_right_on_answers_worked_out_by_hand() -> None:
    assert ndcg(["a", "b"], {"a": 3, "b": 1}) == 1
    assert ndcg(["x", "a"], {"a": 3}) == pytest.approx(0.6309, abs=0.0001)
    assert ndcg([], {"a": 3}) == 0
    assert success(["x", "y", "a"], {"a": 3, "x": 1})
    assert not success(["x", "y", "z", "a"], {"a": 3, "x": 1})
