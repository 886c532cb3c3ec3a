"""The reviewed tables keep their shape."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gongkai.search.understanding.data import abbreviations, plain_speech, read_table, service_words
from gongkai.search.understanding.expanding import expansions
from tests.conftest import ROOT

TABLES = ("plain_speech.yaml", "abbreviations.yaml")


def entries(name: str) -> list[dict[str, object]]:
    return [entry for section in read_table(name)["sections"].values() for entry in section["entries"]]


def test_there_are_many_more_than_four_hundred_sayings() -> None:
    assert len(plain_speech()) > 1_500
    assert len(abbreviations()) > 200


@pytest.mark.parametrize("name", TABLES)
def test_every_section_says_when_it_was_reviewed(name: str) -> None:
    assert all(str(section["reviewed"])[:4] >= "2026" for section in read_table(name)["sections"].values())


@pytest.mark.parametrize("name", TABLES)
def test_entries_have_the_parts_they_may_have_and_no_others(name: str) -> None:
    for entry in entries(name):
        assert {"say", "official"} <= set(entry) <= {"say", "official", "weight"}, entry
        assert 0 < float(str(entry.get("weight", 1))) <= 1, entry


def test_no_saying_stands_twice() -> None:
    said = Counter(saying for name in TABLES for entry in entries(name) for saying in str(entry["say"]).split())
    assert [saying for saying, times in said.items() if times > 1] == []


def test_no_official_term_is_said_for_another() -> None:
    official = {term for name in TABLES for entry in entries(name) for term in str(entry["official"]).split()}
    assert official & ({*plain_speech()} | {*abbreviations()}) == set()


@pytest.mark.parametrize(
    ("typed", "official"),
    [
        ("生孩子补贴", "生育津贴"),
        ("没工作怎么领钱", "失业保险金"),
        ("老人补助", "高龄津贴"),
        ("房产证丢了怎么办", "不动产权证书"),
        ("上户口", "户口登记"),
        ("孩子上学", "义务教育招生入学"),
        ("农村盖房", "宅基地审批"),
        ("修路占地赔钱", "土地征收"),
        ("开饭店要什么证", "食品经营许可"),
        ("老人的补助", "高龄津贴"),
        ("县人社局", "人力资源和社会保障局"),
        ("双减", "校外培训"),
    ],
)
def test_plain_speech_leads_to_the_official_term(typed: str, official: str) -> None:
    assert official in [one.official for one in expansions(typed)]


def test_what_is_said_officially_already_is_not_offered_again() -> None:
    assert "高龄津贴" not in [one.official for one in expansions("老人补助 高龄津贴")]


def test_a_longer_saying_hides_those_inside_it() -> None:
    assert {one.said for one in expansions("修路占地赔钱")} == {"修路占地赔钱"}


def test_words_of_service_are_words() -> None:
    assert all(1 < len(word) <= 12 for word in service_words())


@pytest.mark.corpus
def test_most_official_terms_stand_in_official_papers(shared: Path) -> None:
    """The rest are terms of offices whose papers the corpus lacks: schools, labour offices, the police."""
    folders = (shared / "corpus", shared / "rules", shared / "seeds", ROOT / "sample")
    papers = "".join(
        path.read_text(encoding="utf-8", errors="ignore")
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".md", ".txt", ".html", ".yaml"}
    )
    official = {term for name in TABLES for entry in entries(name) for term in str(entry["official"]).split()}
    assert sum(term in papers for term in official) > 0.8 * len(official)
