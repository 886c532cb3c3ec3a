"""Asking a small site: what is found, what is meant, what answers at once; and that no question whatever fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.finding.asking.answer import Answer
from gongkai.core.finding.asking.answering import answer
from gongkai.core.finding.asking.question import FACETS, MAX_PAGE, Question
from gongkai.core.finding.asking.suggesting import MOST, suggest
from gongkai.core.finding.asking.wording import spot_of
from gongkai.search.port import Searcher
from gongkai.search.understanding.model import IntentKind
from gongkai.search.understanding.vocabulary.store import Vocabulary
from tests.core.finding_papers import ORGANS, PAPERS, fill, organ, paper, write_vocabulary

TODAY = date(2026, 11, 20)
NAMES = {code: told[0] for code, told in ORGANS.items()}
Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> tuple[Searcher, Vocabulary]:
    folder = tmp_path_factory.mktemp("asking")
    return fill(folder / "index").searcher(), write_vocabulary(folder / "vocabulary")


@pytest.fixture(scope="module")
def ask(index: tuple[Searcher, Vocabulary]) -> Ask:
    def asking(words: str = "", **narrowed) -> Answer:
        return answer(Question(words, **narrowed), TODAY, *index, NAMES)

    return asking


def ids(found: Answer) -> list[str]:
    return [item.id for item in found.items]


@pytest.mark.parametrize(
    ("typed", "first", "instead"),
    [
        ("高龄津贴", "document:1", ""),
        ("gaolingjintie", "document:1", "高龄津贴"),
        ("高岭津贴", "document:1", "高龄津贴"),
        ("没有工作怎么办", "document:5", ""),
        ("家里着火了能不能救助", "document:4", ""),
        ("社宝减免", "document:5", "社保减免"),
        ("養犬管理", "document:7", ""),
        ('"烈性犬，携犬外出"', "document:7", ""),
        ("青禾县养犬管理规定", "document:7", ""),
    ],
)
def test_what_people_type_finds_the_paper_that_answers(ask: Ask, typed: str, first: str, instead: str) -> None:
    found = ask(typed)
    assert ids(found)[0] == first
    assert found.instead == instead
    assert found.total >= len(found.items) > 0


def test_an_instrument_stands_once_with_its_text_in_force_leading_and_the_rest_below(ask: Ask) -> None:
    """Also where the words are those of the older text."""
    for typed in ("高龄津贴", "九十周岁的老年人 高龄津贴"):
        found = ask(typed)
        (item,) = [item for item in found.items if item.id == "document:1"]
        assert [one.id for one in item.versions] == ["document:2"]
        assert [one.id for one in item.explained_by] == ["document:3"]
        assert {"document:2", "document:3"}.isdisjoint(ids(found))
        assert item.extract, "the leading text is asked for its own best clause"
        assert item.place.startswith("/library/1/#art-")


def test_a_hit_says_which_clause_answers_and_marks_what_was_asked(ask: Ask) -> None:
    item = ask("八十周岁").items[0]
    assert item.place == "/library/1/#art-2"
    assert "".join(piece.text for piece in item.extract if piece.hit) == "八十周岁"
    assert (item.number, item.organs, item.status, item.day) == (
        "青民〔2023〕18号",
        "青禾县民政局",
        "in_force",
        date(2023, 7, 31),
    )


def test_repealed_papers_sink_and_say_so(ask: Ask) -> None:
    found = ask("养犬 烈性犬")
    assert ids(found)[:2] == ["document:7", "document:6"]
    assert found.items[1].is_past


class TestNumbers:
    @pytest.mark.parametrize("typed", ["青民〔2023〕18号", "青民2023 18号", "青民[2023]18", "文号:青民2023年18号"])
    def test_a_number_in_any_form_leads_to_its_document_at_once(self, ask: Ask, typed: str) -> None:
        found = ask(typed)
        assert found.block.kind is IntentKind.DOCUMENT_NUMBER
        assert [item.id for item in found.block.items] == ["document:1"]
        assert found.absent == ""

    def test_papers_that_name_the_number_follow_it_and_nothing_else_does(self, ask: Ask) -> None:
        found = ask("青公通2012 9号")
        assert [item.id for item in found.block.items] == ["document:6"]
        assert ids(found) == ["document:7"]
        assert found.total == 2

    def test_a_number_that_no_document_bears_is_told(self, ask: Ask) -> None:
        found = ask("青民〔2099〕1号")
        assert found.absent == "青民〔2099〕1号"
        assert found.block is None


class TestBlocks:
    @pytest.mark.parametrize(
        ("typed", "telephone"),
        [("民政局电话", "0539-5550101"), ("人社局", "0539-5550202"), ("县公安局在哪里", "0539-5550110")],
    )
    def test_an_organ_is_told_with_its_telephone_address_and_hours(self, ask: Ask, typed: str, telephone: str) -> None:
        block = ask(typed).block
        assert block.kind is IntentKind.ORGAN_CONTACT
        (told,) = block.items
        assert told.telephone == telephone
        assert told.seat.startswith("青禾县")
        assert told.hours.startswith("工作日")

    def test_an_organ_that_is_not_here_is_not_replaced_by_another(self, ask: Ask) -> None:
        assert ask("水利局电话").block is None

    def test_a_question_is_answered_by_the_clause_and_the_list_does_not_repeat_it(self, ask: Ask) -> None:
        found = ask("多大年龄能领高龄津贴")
        assert found.block.kind is IntentKind.CLAUSE
        assert "八十周岁" in "".join(piece.text for piece in found.block.items[0].extract)
        assert found.items[0].id == "document:1"
        assert not found.items[0].extract

    def test_no_clause_of_a_repealed_paper_answers(self, tmp_path: Path, index: tuple[Searcher, Vocabulary]) -> None:
        past = [paper(1, "养犬管理通告", "城区内养犬应当办理养犬登记。", status="repealed")]
        found = answer(Question("养犬登记怎么办理"), TODAY, fill(tmp_path, past).searcher(), index[1])
        assert ids(found) == ["document:1"]
        assert found.block is None

    def test_how_to_apply_for_disclosure_and_where_a_form_is(self, ask: Ask) -> None:
        assert ask("怎么申请政府信息公开").block.kind is IntentKind.DISCLOSURE_REQUEST
        block = ask("临时救助申请表").block
        assert block.kind is IntentKind.FORM
        assert block.items[0].place == "/library/4/#art-2"

    def test_blocks_stand_on_the_first_page_only(self, ask: Ask) -> None:
        assert ask("民政局电话", page=2).block is None


class TestMeaning:
    def test_the_words_as_typed_can_be_insisted_on(self, ask: Ask) -> None:
        found = ask("高岭津贴", as_typed=True)
        assert found.instead == ""
        assert "高龄津贴" in found.offered

    def test_what_stands_somewhere_is_searched_as_typed_and_only_offered_otherwise(
        self, tmp_path: Path, index: tuple[Searcher, Vocabulary]
    ) -> None:
        odd = [*PAPERS, paper(90, "高岭津贴站地名公告", "高岭津贴站是一个地名。")]
        found = answer(Question("高岭津贴"), TODAY, fill(tmp_path, odd).searcher(), index[1])
        assert found.instead == ""
        assert ids(found)[0] == "document:90"
        assert "高龄津贴" in found.offered

    def test_the_spot_where_two_queries_differ(self) -> None:
        assert spot_of("高岭津贴发放", "高龄津贴发放") == "高岭津"
        assert spot_of("津贴发方", "津贴发放") == "发方"
        assert spot_of("津贴津贴", "津贴") != ""

    def test_stretches_of_time_are_offered_until_one_is_chosen(self, ask: Ask) -> None:
        (span,) = ask("去年的公租房").dates
        assert (span.from_on, span.until_on) == (date(2025, 1, 1), date(2025, 12, 31))
        assert ask("去年的公租房", since=span.from_on).dates == ()

    def test_results_with_a_part_of_the_words_are_told_apart_in_number(self, ask: Ask) -> None:
        found = ask("高龄津贴 公租房 烈性犬")
        assert found.whole == 0 < found.total

    def test_when_nothing_is_found_the_nearest_words_are_those_that_find_something(self, ask: Ask) -> None:
        found = ask('"高龄津贴站在哪里啊"')
        assert found.total == 0
        assert found.nearest.words
        assert all(ask(words).total for words in found.nearest.words)

    def test_when_only_the_conditions_leave_nothing_it_says_how_many_there_are_without_them(self, ask: Ask) -> None:
        found = ask("公租房", topic=("没有这个主题",))
        assert (found.total, found.nearest.unconditioned) == (0, 16)

    @pytest.mark.parametrize("typed", ["😀", "\x00\x07", "　", "***", "？！"])
    def test_what_holds_no_words_is_told(self, ask: Ask, typed: str) -> None:
        assert ask(typed).unread


class TestNarrowing:
    def test_operators_narrow_by_organ_and_year(self, ask: Ask) -> None:
        assert ids(ask("机关:公安局 养犬 年:2019")) == ["document:7"]
        assert ids(ask("机关:人社局 领取")) == ["document:5"]
        assert ask("机关:没有这个局 养犬").total == 0
        assert ask("机关:公安局 养犬", organ=("MZ",)).total == 0

    def test_counts_are_true_and_each_as_if_nothing_were_chosen_in_it(self, ask: Ask) -> None:
        everything = {name: {c.value: c.documents for c in counts} for name, counts in ask("公租房").facets.items()}
        for name, counts in everything.items():
            for value, promised in counts.items():
                narrowed = ask("公租房", **{name: (value,)})
                assert narrowed.total == promised, (name, value)
                assert {c.value: c.documents for c in narrowed.facets[name]} == counts

    def test_several_values_of_a_facet_are_any_and_of_several_facets_all(self, ask: Ask) -> None:
        assert ask("公租房", year=("2011", "2012")).total == 2
        assert ask("公租房", year=("2011", "2012"), topic=("住房",)).total == 2
        assert ask("公租房", year=("2011",), topic=("治安",)).total == 0

    def test_a_stretch_of_days_holds_both_its_ends(self, ask: Ask) -> None:
        assert ask("公租房", since=date(2012, 6, 1), until=date(2014, 6, 1)).total == 3

    def test_what_was_in_force_on_a_day(self, ask: Ask) -> None:
        assert ids(ask("养犬", as_of=date(2015, 1, 1))) == ["document:6"]
        assert ids(ask("养犬", as_of=date(2019, 8, 31))) == ["document:6"]
        assert ids(ask("养犬", as_of=date(2019, 9, 1))) == ["document:7"]
        assert ids(ask("养犬", as_of=date.max)) == ["document:7"]

    def test_orders(self, ask: Ask) -> None:
        days = [item.day for item in ask("公租房", sort="newest").items]
        assert days == sorted(days, reverse=True)
        assert ask("公租房", sort="oldest").items[0].day == date(2010, 6, 1)
        assert ask("县", sort="organ", kind=("document",)).items[0].organs == "青禾县民政局"

    def test_pages_go_on_without_gap_or_repetition_and_end(self, ask: Ask) -> None:
        first, second = ask("公租房"), ask("公租房", page=2)
        assert (first.more, second.more) == (True, False)
        assert len({*ids(first), *ids(second)}) == len(first.items) + len(second.items) == 16
        assert ask("公租房", page=3).items == ()
        assert ask("公租房", page=10**9).items == ()

    def test_conditions_without_words_list_the_newest_first(self, ask: Ask) -> None:
        found = ask(topic=("住房",))
        assert found.total == 16
        assert found.items[0].day == date(2025, 6, 1)


class TestSuggesting:
    @pytest.mark.parametrize(
        ("typed", "text", "sort"),
        [
            ("高龄", "青禾县高龄津贴发放管理办法", "title"),
            ("青民2023", "青民〔2023〕18号", "number"),
            ("青禾县民", "青禾县民政局", "organ"),
            ("gaoling", "高龄津贴", None),
            ("GLJT", "高龄津贴", None),
        ],
    )
    def test_titles_numbers_and_organs_by_characters_and_by_pinyin(
        self, index: tuple[Searcher, Vocabulary], typed: str, text: str, sort: str | None
    ) -> None:
        found = {one.text: one.sort for one in suggest(typed, *index)}
        assert text in found
        assert sort is None or found[text] == sort

    def test_no_words_of_a_paper_are_suggested_once_it_is_gone(self, tmp_path: Path, index: tuple[Searcher, Vocabulary]) -> None:
        left = fill(tmp_path, [organ(1, "MZ")]).searcher()
        said = {
            one.text
            for typed in ("高龄", "养犬", "青民", "gaoling")
            for one in suggest(typed, left, index[1])
            if one.sort != "said"
        }
        assert said == set()

    def test_suggestions_are_few_and_never_what_was_typed(self, index: tuple[Searcher, Vocabulary]) -> None:
        for typed in ("青", "高龄津贴", "公租房", "1", "*", "", "x" * 100_000):
            found = [one.text for one in suggest(typed, *index)]
            assert len(found) == len(set(found)) <= MOST
            assert typed not in found


PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["机关:", "年:", "文号:", '"', "-", "*", "?", "~2", "[a TO z]", "' OR 1=1 --", "\\", "(", ")", "青民", "2023", "18号", "〔", "〕",
         "高龄津贴", "gaoling", "民政局", "电话", "怎么", "去年", "\x00", "\ud800", "😀", "﷽", "title:", "AND", "OR", "NOT", "/.*/"],
    ),
)  # fmt: skip
VALUES = st.lists(st.text(max_size=8), max_size=3).map(tuple)
DAYS = st.none() | st.dates()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(PIECES, max_size=10).map("".join),
    st.dictionaries(st.sampled_from(sorted(FACETS)), VALUES, max_size=3),
    DAYS,
    DAYS,
    DAYS,
    st.integers(1, MAX_PAGE),
    st.booleans(),
)
def test_no_question_whatever_fails(ask: Ask, words, chosen, since, until, as_of, page, as_typed) -> None:
    found = ask(words, **chosen, since=since, until=until, as_of=as_of, page=page, as_typed=as_typed)
    assert found.total >= found.whole >= 0
    assert len(found.items) <= 10


@pytest.mark.parametrize("words", ["公" * 100_000, "(" * 100_000, "gao" * 40_000, "青民〔2023〕18号" * 9_000, "*a?" * 30_000])
def test_a_question_of_a_hundred_kilobytes_is_answered(ask: Ask, words: str) -> None:
    assert ask(words).total >= 0
