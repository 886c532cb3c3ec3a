"""What editors' entries and the questions of many change in answers and suggestions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from gongkai.core.finding.asking.answer import Answer
from gongkai.core.finding.asking.answering import answer
from gongkai.core.finding.asking.question import Question
from gongkai.core.finding.asking.suggesting import suggest
from gongkai.core.finding.curating.queries import Words
from gongkai.search.port import Searcher
from gongkai.search.understanding.data import Pair
from gongkai.search.understanding.expanding import Own, expansions
from gongkai.search.understanding.vocabulary.store import Vocabulary
from tests.core.finding_papers import fill, write_vocabulary

TODAY = date(2026, 11, 20)
Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> tuple[Searcher, Vocabulary]:
    folder = tmp_path_factory.mktemp("curated")
    return fill(folder / "index").searcher(), write_vocabulary(folder / "vocabulary")


@pytest.fixture(scope="module")
def ask(index: tuple[Searcher, Vocabulary]) -> Ask:
    def asking(words: str, entries: Words, **narrowed) -> Answer:
        return answer(Question(words, **narrowed), TODAY, *index, words=entries)

    return asking


def ids(found: Answer) -> list[str]:
    return [item.id for item in found.items]


def own(said: str, official: str, weight: float = 1.0) -> Words:
    return Words(Own({said: (Pair(said, official, weight),)}, len(said)))


def test_an_editors_synonym_finds_what_its_official_term_finds(ask: Ask) -> None:
    assert "document:1" not in ids(ask("寿星红包", Words()))[:1]
    assert ids(ask("寿星红包", own("寿星红包", "高龄津贴")))[0] == "document:1"
    assert ids(ask("爷爷的寿星红包怎么领", own("寿星红包", "高龄津贴")))[0] == "document:1"


def test_a_pair_of_the_softwares_own_tables_can_be_switched_off_or_weighed_otherwise() -> None:
    known = expansions("没工作")[0]
    assert known.official not in {
        one.official for one in expansions("没工作", Own(off=frozenset({(known.said, known.official)})))
    }
    weighed = expansions("没工作", Own({"没工作": (Pair("没工作", known.official, 0.05),)}, 3))
    assert [one.weight for one in weighed if one.official == known.official] == [0.05]


def test_a_best_bet_stands_first_once_and_says_so(ask: Ask) -> None:
    words = Words(best={"高龄津贴": ("/library/7/",)})
    found = ask("高齡津貼？", words)
    assert (ids(found)[0], found.items[0].recommended, ids(found).count("document:7")) == ("document:7", True, 1)
    assert ids(found)[1] == "document:1"
    assert not found.items[1].recommended
    again = ask("高龄津贴", Words(best={"高龄津贴": ("/library/1/",)}))
    assert ids(again).count("document:1") == 1
    assert again.items[0].versions, "what was found of it stays"


def test_a_best_bet_answers_a_question_that_finds_nothing_else(ask: Ask) -> None:
    found = ask("zzzqqq", Words(best={"zzzqqq": ("/library/7/",)}))
    assert (ids(found), found.total, found.nearest) == (["document:7"], 1, None)


@pytest.mark.parametrize("narrowed", [{"page": 2}, {"sort": "newest"}, {"kind": ("organ",)}])
def test_a_best_bet_is_for_the_first_page_of_the_plain_question(ask: Ask, narrowed) -> None:
    assert not any(item.recommended for item in ask("高龄津贴", Words(best={"高龄津贴": ("/library/7/",)}), **narrowed).items)


def test_a_best_bet_that_cannot_be_found_is_passed_over(ask: Ask) -> None:
    assert ids(ask("高龄津贴", Words(best={"高龄津贴": ("/library/99999/",)}))) == ids(ask("高龄津贴", Words()))


def test_a_stop_word_is_left_out_unless_nothing_else_was_asked(ask: Ask) -> None:
    assert ids(ask("养犬公租房", Words(stop=("公租房",))))[0] == ids(ask("养犬", Words()))[0]
    assert ids(ask("养犬", Words(stop=("养犬",)))) == ids(ask("养犬", Words()))


class TestSuggestions:
    def test_what_many_asked_and_still_finds_something_is_suggested(self, index) -> None:
        texts = [one.text for one in suggest("高龄", *index, ["高龄津贴怎么领", "高龄qqqzzz", "养犬登记"])]
        assert texts[0] == "高龄津贴怎么领"
        assert "养犬登记" not in texts
        assert suggest("qqq", *index, ["qqqzzz"]) == []

    def test_what_is_blocked_is_never_suggested(self, index) -> None:
        words = Words(blocked=("津贴",))
        assert any("津贴" in one.text for one in suggest("高龄", *index))
        assert not [one for one in suggest("高龄", *index, ["高龄津贴怎么领"], words) if "津贴" in one.text]
