"""One file of terms that many processes map at once."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gongkai.search.understanding.vocabulary.build import VocabularyBuilder
from gongkai.search.understanding.vocabulary.layout import VocabularyUnreadable
from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.search.understanding.vocabulary.terms import TermKind, large, small
from tests.conftest import ROOT


def test_terms_come_from_titles_organs_numbers_and_running_text(county: Vocabulary) -> None:
    for text, kind in [
        ("高龄津贴发放管理办法", TermKind.TITLE),
        ("青禾县民政局", TermKind.ORGAN),
        ("青民〔2023〕18号", TermKind.NUMBER),
        ("高龄津贴", TermKind.OFFICIAL),
        ("老人补助怎么领", TermKind.QUERY),
    ]:
        rank = county.find(text)
        assert rank is not None
        assert county.term(rank) == text
        assert county.kind(rank) is kind


def test_a_word_that_is_seldom_said_is_a_word_where_papers_or_services_have_it(tmp_path: Path) -> None:
    """Else 补助 would never be what somebody meant."""
    kinds = {}
    for papers in (0, 2):
        builder = VocabularyBuilder()
        for _ in range(papers):
            builder.add_paper("关于大雁保护的通知", "大雁迁徙期间，加强巡护。")
        builder.write(tmp_path / "vocabulary")
        built = Vocabulary(tmp_path / "vocabulary")
        kinds[papers] = {word: built.kind(rank) for word in ("大雁", "补助") if (rank := built.find(word)) is not None}
    assert kinds == {
        0: {"大雁": TermKind.COMMON, "补助": TermKind.WORD},
        2: {"大雁": TermKind.WORD, "补助": TermKind.WORD},
    }


def test_an_unknown_text_is_no_term(county: Vocabulary) -> None:
    assert county.find("鑫源建材有限公司") is None
    assert county.known("鑫源建材有限公司") == 0


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("高龄", "高龄津贴发放管理办法"),
        ("发放管理", "高龄津贴发放管理办法"),
        ("青民2023", "青民〔2023〕18号"),
        ("青民〔20", "青民〔2023〕18号"),
        ("青禾县民政", "青禾县民政局"),
        ("老人补助怎", "老人补助怎么领"),
    ],
)
def test_typing_ahead_offers_titles_numbers_organs_and_queries_of_many(typed: str, offered: str, county: Vocabulary) -> None:
    assert offered in county.ahead(typed, 20)


def test_nothing_is_offered_ahead_of_nothing(county: Vocabulary) -> None:
    assert county.ahead("", 10) == ()
    assert county.ahead("鑫源建材", 10) == ()


def _known_elsewhere(path: Path, found: multiprocessing.Queue[int]) -> None:
    vocabulary = Vocabulary(path)
    found.put(vocabulary.known("高龄津贴"))
    vocabulary.close()


def test_another_process_reads_the_same_file(vocabulary_file: Path, county: Vocabulary) -> None:
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[int] = context.Queue()
    process = context.Process(target=_known_elsewhere, args=(vocabulary_file, found))
    process.start()
    assert found.get(timeout=60) == county.known("高龄津贴") > 0
    process.join()


def test_the_same_papers_give_the_same_file_in_any_process(tmp_path: Path) -> None:
    write = "import sys; from tests.search.understanding.conftest import *; county_builder().write(Path(sys.argv[1]))"
    made = {seed: tmp_path / seed for seed in ("1", "2")}
    running = [
        subprocess.Popen([sys.executable, "-c", write, str(path)], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed})
        for seed, path in made.items()
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    assert made["1"].read_bytes() == made["2"].read_bytes()


def test_a_reader_keeps_what_it_opened_when_a_new_file_takes_its_place(vocabulary_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "vocabulary"
    path.write_bytes(vocabulary_file.read_bytes())
    open_before = Vocabulary(path)
    (tmp_path / "next").write_bytes(b"nothing")
    (tmp_path / "next").replace(path)
    assert open_before.known("高龄津贴") > 0


@pytest.mark.parametrize(
    "harm",
    [
        lambda whole: b"",
        lambda whole: b"something else",
        lambda whole: whole[:-100],
        lambda whole: whole + b"x",
        lambda whole: b"GKVOCAB1" + whole[8:],
        lambda whole: whole[:24] + b"\xff" * 64 + whole[88:],
        lambda whole: whole[:8] + b"\xff" * 8 + whole[16:],
    ],
    ids=["empty", "foreign", "cut short", "grown", "old version", "torn header", "absurd length"],
)
def test_a_file_that_is_no_vocabulary_is_refused_with_what_to_do(harm: object, vocabulary_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "harmed"
    path.write_bytes(harm(vocabulary_file.read_bytes()))  # type: ignore[operator]
    with pytest.raises(VocabularyUnreadable, match="请重建检索库"):
        Vocabulary(path)


def test_a_missing_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VocabularyUnreadable, match="请重建检索库"):
        Vocabulary(tmp_path / "none")


@pytest.mark.parametrize("count", [1, 2, 7, 1_000, 123_456_789])
def test_a_count_of_any_size_is_kept_in_sixteen_bits_nearly(count: int) -> None:
    assert small(count) <= 0xFFFF
    assert large(small(count)) == pytest.approx(count, rel=0.001)
