"""What every engine must do. A test file of an engine imports all of this and gives the fixture `engine`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.search.port import (
    BadRequest,
    Document,
    Engine,
    IndexBusy,
    IndexMissing,
    Match,
    Passage,
    Range,
    Request,
    Results,
    Searcher,
    Sort,
)
from tests.search.papers import PAPERS, paper


def filled(engine: Engine, documents: Iterable[Document]) -> Searcher:
    """A searcher on an index with these documents."""
    indexer = engine.indexer()
    indexer.index(documents)
    indexer.commit()
    indexer.close()
    return engine.searcher()


@pytest.fixture
def searcher(engine: Engine) -> Searcher:
    """A searcher on the small collection."""
    return filled(engine, PAPERS)


def ids(results: Results) -> list[str]:
    """The ids of the hits, in order."""
    return [hit.id for hit in results.hits]


class TestFinding:
    def test_a_question_finds_the_paper_that_answers_first(self, searcher) -> None:
        assert ids(searcher.search(Request("没有工作怎么领失业保险金")))[0] == "jobless"
        assert ids(searcher.search(Request("家里着火了 临时救助")))[0] == "relief"

    def test_a_document_number_is_found_in_sloppy_form(self, searcher) -> None:
        assert ids(searcher.search(Request("青民发2023 18号")))[0] == "age"
        assert ids(searcher.search(Request("青民规[2022]3号")))[0] == "relief"

    def test_traditional_and_full_width_writing_is_the_same_as_simplified_and_half_width(self, searcher) -> None:
        assert ids(searcher.search(Request("居民用水价格")))[0] == "water"
        assert ids(searcher.search(Request("居民用水價格")))[0] == "water"
        assert ids(searcher.search(Request(phrases=("2024年5月1日",)))) == ["water"]
        assert ids(searcher.search(Request("ＷＩＦＩ")))[0] == "net"

    def test_numbers_in_characters_are_found_by_digits_and_the_other_way_round(self, searcher) -> None:
        assert ids(searcher.search(Request(phrases=("第12条",)))) == ["relief"]
        assert ids(searcher.search(Request(phrases=("24小时",)))) == ["net"]
        assert ids(searcher.search(Request("80周岁", match=Match.ALL)))[0] in {"age", "age-read"}

    def test_a_single_character_finds_every_paper_it_stands_in(self, searcher) -> None:
        assert set(ids(searcher.search(Request("犬")))) == {"dogs"}
        assert set(ids(searcher.search(Request(phrases=("津",))))) == {"age", "age-read", "age-old"}

    def test_an_exact_phrase_is_found_across_marks_and_lines_and_nowhere_else(self, searcher) -> None:
        assert ids(searcher.search(Request(phrases=("烈性犬养犬",)))) == ["dogs"]
        assert ids(searcher.search(Request(phrases=("养犬烈性",)))) == []
        assert ids(searcher.search(Request(phrases=("申请高龄津贴津贴每月",)))) == ["age"]

    def test_no_phrase_goes_from_a_title_into_a_body(self, searcher) -> None:
        assert ids(searcher.search(Request(phrases=("通告城区",)))) == []

    def test_excluded_words_stand_in_no_hit(self, searcher) -> None:
        assert set(ids(searcher.search(Request("高龄津贴", excluded=("政策解读",))))) == {"age", "age-old"}
        assert "age" not in ids(searcher.search(Request(excluded=("津",), size=50)))

    def test_what_is_shared_by_chance_at_word_edges_ranks_below_the_word(self, engine) -> None:
        papers = [paper("chance", "主办公开支管理", "主办公开支的管理。"), paper("word", "政务公开工作", "推进政务公开工作。")]
        assert ids(filled(engine, papers).search(Request("公开")))[0] == "word"

    def test_an_empty_question_shows_everything_the_newest_first(self, searcher) -> None:
        results = searcher.search(Request("", size=50))
        assert results.total == len(PAPERS)
        assert ids(results)[:2] == ["water", "jobless"]
        assert ids(results)[-1] == "net"

    def test_a_question_of_marks_alone_is_an_empty_question(self, searcher) -> None:
        assert searcher.search(Request("？！《》——")).total == len(PAPERS)

    def test_a_question_that_nothing_has_finds_nothing(self, searcher) -> None:
        assert searcher.search(Request("魑魅魍魉")).total == 0

    def test_a_paper_of_lower_quality_sinks(self, searcher) -> None:
        assert ids(searcher.search(Request("高龄津贴")))[-1] == "age-old"

    def test_sayings_lead_to_papers_that_use_other_words(self, searcher) -> None:
        results = searcher.search(Request("老人补助", sayings=(Said("老人补助", "高龄津贴", 0.9),)))
        assert set(ids(results)[:3]) == {"age", "age-read", "age-old"}

    def test_all_words_must_be_there_when_asked_for(self, searcher) -> None:
        assert ids(searcher.search(Request("失业 津贴", match=Match.ALL))) == []
        assert set(ids(searcher.search(Request("失业 津贴", match=Match.ANY)))) == {"jobless", "age", "age-read", "age-old"}

    def test_a_widened_question_loses_nothing_that_the_narrow_one_found(self, searcher) -> None:
        """1 and 8 stand in papers, but nowhere side by side as in the question."""
        assert ids(searcher.search(Request("8:1", size=100)))

    def test_a_choice_finds_as_many_as_its_count_promised_and_widens_nothing(self, engine) -> None:
        both, one = "养犬应当办理登记。", "养犬应当束犬链。"
        papers = [paper(f"a{n}", "规定", both, topic="治安") for n in range(2)]
        papers += [paper("b0", "规定", both, topic="城管"), paper("b1", "规定", one, topic="城管")]
        searcher = filled(engine, papers)
        question = Request("养犬 登记", size=3, facets=("topic",))
        promised = {count.value: count.documents for count in searcher.search(question).facets["topic"]}
        assert promised == {"治安": 2, "城管": 1}
        for topic, documents in promised.items():
            chosen = searcher.search(replace(question, chosen={"topic": (topic,)}))
            assert (chosen.total, chosen.widened) == (documents, False)

    def test_a_question_with_too_few_answers_is_widened_and_says_so(self, searcher) -> None:
        results = searcher.search(Request("失业 津贴"))
        assert results.widened
        assert results.total == 4
        assert not searcher.search(Request("高龄津贴", size=3)).widened

    @pytest.mark.parametrize("question", ["失业 津贴", "高龄津贴", "高龄津贴 发放 魑魅", "失业保险金 申领 条件", "高龄"])
    @pytest.mark.parametrize("chosen", [{}, {"topic": ("就业", "解读")}])
    def test_results_tell_how_many_have_all_of_a_widened_question(self, searcher, question, chosen) -> None:
        asked = Request(question, chosen=chosen, size=100)
        results = searcher.search(asked)
        strict = searcher.search(replace(asked, match=Match.ALL)).total
        assert results.whole == (strict if results.widened else results.total)
        assert strict <= results.whole <= results.total

    def test_who_counts_nothing_is_told_no_numbers(self, searcher) -> None:
        results = searcher.search(Request("失业 津贴", counted=False))
        assert (results.total, results.whole) == (-1, -1)

    def test_a_question_that_is_too_long_is_answered_and_says_so(self, searcher) -> None:
        results = searcher.search(Request("高龄津贴" + "很长的问题" * 20_000))
        assert results.shortened
        assert results.hits
        assert not searcher.search(Request("高龄津贴")).shortened


class Said:
    def __init__(self, said: str, official: str, weight: float) -> None:
        self.said, self.official, self.weight = said, official, weight


class TestCounting:
    def test_facets_count_the_whole_result_set(self, searcher) -> None:
        results = searcher.search(Request("", size=1, facets=("organ", "topic", "issued")))
        assert results.total == len(PAPERS), "one of them has no day"
        assert (results.facets["organ"][0].value, results.facets["organ"][0].documents) == ("县民政局", 4)
        assert sum(c.documents for c in results.facets["organ"]) == len(PAPERS)
        assert [(c.value, c.documents) for c in results.facets["issued"]] == [
            ("2012", 1), ("2015", 1), ("2022", 1), ("2023", 2), ("2024", 2),
        ]  # fmt: skip

    def test_what_is_chosen_narrows_the_hits_and_all_facets_but_its_own(self, searcher) -> None:
        chosen = {"organ": ("县民政局",), "issued": ("2022", "2015")}
        results = searcher.search(Request("", chosen=chosen, facets=("organ", "topic", "issued"), size=50))
        assert set(ids(results)) == {"relief", "age-old"}
        assert results.total == 2
        assert [(c.value, c.documents) for c in results.facets["topic"]] == [("民政", 2)]
        assert [(c.value, c.documents) for c in results.facets["organ"]] == [("县民政局", 2)]
        assert [(c.value, c.documents) for c in results.facets["issued"]] == [("2015", 1), ("2022", 1), ("2023", 2)]

    def test_a_value_chosen_that_nothing_has_is_told_with_none(self, searcher) -> None:
        results = searcher.search(Request("", chosen={"organ": ("县档案馆",)}, facets=("organ",)))
        assert results.total == 0
        assert ("县档案馆", 0) in [(c.value, c.documents) for c in results.facets["organ"]]

    def test_ranges_of_days_and_numbers_include_their_ends(self, searcher) -> None:
        spring = {"issued": Range(date(2024, 1, 15), date(2024, 4, 20))}
        assert set(ids(searcher.search(Request("", ranges=spring)))) == {"jobless", "water"}
        assert set(ids(searcher.search(Request("", ranges={"rank": Range(low=3)})))) == {"age", "net", "water"}
        assert searcher.search(Request("", ranges={"rank": Range()})).total == len(PAPERS)

    def test_unknown_fields_are_refused_with_their_names(self, searcher) -> None:
        for request in (
            Request(facets=("colour",)), Request(chosen={"colour": ("red",)}), Request(ranges={"organ": Range(low=1)}),
            Request(sort=Sort("title")), Request(facets=("title",)), Request(chosen={"title": ("x",)}),
        ):  # fmt: skip
            with pytest.raises(BadRequest):
                searcher.search(request)


class TestPaging:
    def test_pages_by_offset_show_every_hit_once(self, engine) -> None:
        searcher = filled(engine, [paper(f"p{n}", "高龄津贴通知", f"第{n}期高龄津贴。") for n in range(37)])
        pages = [ids(searcher.search(Request("高龄津贴", size=10, offset=offset))) for offset in range(0, 50, 10)]
        assert sorted(key for page in pages for key in page) == sorted(f"p{n}" for n in range(37))
        assert [len(page) for page in pages] == [10, 10, 10, 7, 0]

    def test_a_page_out_of_all_reach_is_empty_and_tells_the_total(self, searcher) -> None:
        results = searcher.search(Request("津贴", offset=10**9 * 10))
        assert (results.hits, results.total, results.after) == ((), 3, "")
        assert searcher.search(Request("", offset=10**15)).hits == ()
        assert len(searcher.search(Request("津贴", size=10**9)).hits) == 3
        assert len(searcher.search(Request("津贴", size=-1, offset=-5)).hits) == 1

    @pytest.mark.parametrize("sort", [None, Sort("issued"), Sort("issued", descending=False), Sort("rank")])
    @pytest.mark.parametrize("grouped", [False, True])
    def test_a_walk_by_cursor_meets_every_document_once(self, engine, sort, grouped) -> None:
        papers = [
            paper(f"p{n}", "高龄津贴通知", f"第{n}期高龄津贴。", on=date(2020, 1, 1 + n % 5) if n % 7 else None, rank=n // 4)
            for n in range(41)
        ]
        searcher, walked, after = filled(engine, papers), [], ""
        while True:
            results = searcher.search(Request("高龄津贴", size=6, sort=sort, after=after, grouped=grouped))
            walked += ids(results)
            after = results.after
            if not after:
                break
        assert sorted(walked) == sorted(f"p{n}" for n in range(41))

    def test_a_walk_through_many_ends_with_the_last_though_others_say_half_of_it_louder(self, engine) -> None:
        papers = [paper(f"p{n}", "通告", f"第{n}区的津贴和救助。") for n in range(320)]
        papers += [paper(f"half{n}", "救助工作救助表", "救助。" * 9) for n in range(40)]
        searcher, walked, after = filled(engine, papers), [], ""
        while True:
            results = searcher.search(Request("津贴 救助", after=after))
            walked += ids(results)
            after = results.after
            if not after:
                break
        assert results.total == 320
        assert sorted(walked) == sorted(f"p{n}" for n in range(320))

    def test_orders_are_by_the_field_and_those_without_a_value_come_last(self, searcher) -> None:
        newest = ids(searcher.search(Request("", sort=Sort("issued"), size=50)))
        assert newest[:3] == ["water", "jobless", "age-read"]
        assert newest[-1] == "net"
        assert ids(searcher.search(Request("", sort=Sort("rank", descending=False), size=3))) == ["jobless", "relief", "age"]

    @pytest.mark.parametrize("word", ["x", "!!!", "WzEsICIiLCBudWxsXQ" * 100, "bnVsbA", "W10", "Wy0xLCAiIiwgbnVsbF0"])
    def test_a_cursor_that_is_none_is_refused(self, searcher, word) -> None:
        with pytest.raises(BadRequest):
            searcher.search(Request("津贴", after=word))

    def test_a_cursor_of_another_order_is_refused(self, searcher) -> None:
        after = searcher.search(Request("津贴", size=1, sort=Sort("issued"))).after
        with pytest.raises(BadRequest):
            searcher.search(Request("津贴", size=1, after=after))

    def test_grouped_hits_show_each_group_once_with_its_best_first(self, searcher) -> None:
        results = searcher.search(Request("高龄津贴", grouped=True))
        assert ids(results) == ["age"]
        assert {other.id for other in results.hits[0].others} == {"age-read", "age-old"}
        assert results.total == 3


class TestShowing:
    def test_a_hit_shows_its_values_and_the_clause_that_answers(self, searcher) -> None:
        (hit, *_) = searcher.search(Request("津贴每月发多少 标准")).hits
        assert hit.id == "age"
        assert hit.values["organ"] == ("县民政局",)
        assert hit.values["issued"] == "2023-07-31"
        assert hit.values["rank"] == 3.0
        assert hit.extract is not None
        assert hit.extract.anchor == "art-2"

    def test_what_was_asked_for_is_marked_in_title_and_extract_as_it_is_written(self, searcher) -> None:
        (hit, *_) = searcher.search(Request("居民用水价格")).hits
        assert [piece.text for piece in hit.marked["title"] if piece.hit] == ["居民用水價格"]
        assert "".join(piece.text for piece in hit.marked["title"]) == "關於調整居民用水價格的通知"
        assert hit.extract is not None
        assert "居民用水" in [piece.text for piece in hit.extract.pieces if piece.hit]

    def test_what_two_words_of_a_question_have_between_them_is_not_marked_by_itself(self, engine) -> None:
        """记管 of 登记|管理 stands in 书记管 by chance."""
        searcher = filled(engine, [paper("book", "登记管理", "登记实行分级管理。书记管纪律，登记管理另行规定。")])
        (hit,) = searcher.search(Request("登记管理")).hits
        assert hit.extract is not None
        assert [piece.text for piece in hit.extract.pieces if piece.hit] == ["登记", "管理", "登记管理"]

    def test_nothing_is_marked_when_not_asked_to(self, searcher) -> None:
        (hit, *_) = searcher.search(Request("居民用水", marked=False)).hits
        assert (hit.marked, hit.extract) == ({}, None)

    def test_titles_are_suggested_while_typing_those_that_begin_so_first(self, searcher) -> None:
        assert searcher.suggest("临时")[0].text == "临时救助实施细则"
        assert [s.id for s in searcher.suggest("高龄津")][:1] == ["age"]
        assert [s.id for s in searcher.suggest("關于調整")] == ["water"]
        assert len(searcher.suggest("高", size=2)) == 2
        assert searcher.suggest("") == []
        assert searcher.suggest("？") == []

    def test_documents_alike_are_told_without_the_document_itself(self, searcher) -> None:
        assert [hit.id for hit in searcher.more_like("age", 2)] in (["age-read", "age-old"], ["age-old", "age-read"])
        assert searcher.more_like("nothing") == []


class TestChanging:
    def test_a_document_indexed_again_replaces_the_one_with_its_id(self, engine) -> None:
        searcher, indexer = filled(engine, PAPERS), engine.indexer()
        indexer.index([paper("dogs", "养犬管理办法", "养犬实行登记制度。")])
        indexer.commit()
        assert ids(searcher.search(Request("养犬"))) == ["dogs"]
        assert searcher.search(Request(phrases=("烈性犬",))).total == 0
        indexer.close()

    def test_what_is_deleted_is_neither_found_counted_nor_suggested(self, engine) -> None:
        searcher, indexer = filled(engine, PAPERS), engine.indexer()
        question = Request("养犬", facets=("organ",))
        assert searcher.search(question).total == searcher.search(replace(question, sort=Sort("issued"))).total == 1
        indexer.delete(["dogs", "unknown"])
        indexer.commit()
        results = searcher.search(question)
        assert (results.total, results.hits) == (0, ())
        assert searcher.suggest("养犬") == []
        assert searcher.search(Request("")).total == len(PAPERS) - 1
        indexer.close()

    def test_a_change_shows_with_its_commit_and_not_before(self, engine) -> None:
        searcher, indexer = filled(engine, PAPERS), engine.indexer()
        before = searcher.stamp()
        indexer.index([paper("new", "新建停车场公告", "停车场建成开放。")])
        assert searcher.search(Request("停车场")).total == 0
        after = indexer.commit()
        assert searcher.search(Request("停车场")).total == 1
        assert searcher.stamp() == after != before
        indexer.close()

    def test_what_was_not_committed_is_forgotten(self, engine) -> None:
        searcher, indexer = filled(engine, PAPERS), engine.indexer()
        indexer.index([paper("new", "新建停车场公告", "停车场建成开放。")])
        indexer.close()
        again = engine.indexer()
        again.commit()
        assert searcher.search(Request("停车场")).total == 0
        again.close()

    def test_a_second_writer_is_refused_and_told_who_writes(self, engine) -> None:
        indexer = engine.indexer()
        with pytest.raises(IndexBusy, match="写入"):
            engine.indexer()
        indexer.close()
        engine.indexer().close()

    def test_an_index_that_is_not_there_says_so(self, engine) -> None:
        with pytest.raises(IndexMissing):
            engine.searcher().search(Request("津贴"))
        assert [fault.error for fault in engine.faults()] == [IndexMissing]

    def test_a_sound_index_has_no_faults(self, engine, searcher) -> None:
        assert engine.faults() == []
        assert searcher.check() == []

    def test_a_document_with_a_value_its_collection_has_no_field_for_is_refused_by_name(self, engine) -> None:
        indexer = engine.indexer()
        with pytest.raises(BadRequest, match="colour"):
            indexer.index([Document("x", {"colour": "red"})])
        with pytest.raises(BadRequest, match="issued"):
            indexer.index([Document("x", {"issued": "昨天"})])
        indexer.close()


class TestRebuilding:
    def test_a_rebuild_replaces_everything_in_one_step_while_the_old_answers(self, engine) -> None:
        searcher, indexer, told = filled(engine, PAPERS), engine.indexer(), []
        with indexer.rebuild(2, lambda done, total: told.append((done, total))) as rebuild:
            rebuild.add([paper("a", "新停车办法", "停车。"), paper("b", "旧停车办法", "停车。")])
            assert searcher.search(Request("高龄津贴")).total == 3
            assert searcher.search(Request("停车")).total == 0
        assert searcher.search(Request("高龄津贴")).total == 0
        assert set(ids(searcher.search(Request("停车")))) == {"a", "b"}
        assert told[-1] == (2, 2)
        indexer.close()

    def test_a_rebuild_that_fails_leaves_the_old_index_and_nothing_else(self, engine) -> None:
        searcher, indexer = filled(engine, PAPERS), engine.indexer()
        with pytest.raises(BadRequest), indexer.rebuild() as rebuild:
            rebuild.add([paper("a", "新停车办法", "停车。"), Document("b", {"colour": "red"})])
        assert searcher.search(Request("高龄津贴")).total == 3
        assert searcher.search(Request("停车")).total == 0
        indexer.index([paper("c", "停车", "停车。")])
        indexer.commit()
        assert searcher.search(Request("停车")).total == 1
        indexer.close()

    def test_changes_made_during_a_rebuild_are_not_lost(self, engine) -> None:
        searcher, indexer = filled(engine, PAPERS), engine.indexer()
        with indexer.rebuild() as rebuild:
            rebuild.add([paper("a", "停车办法", "第一版。"), paper("gone", "停车办法", "第一版。")])
            indexer.index([paper("a", "停车办法", "第二版。"), paper("b", "停车办法", "第二版。")])
            indexer.delete(["gone", "late"])
            indexer.commit()
            assert set(ids(searcher.search(Request(phrases=("第二版",))))) == {"a", "b"}
            rebuild.add([paper("b", "停车办法", "读得早了的第一版。"), paper("late", "停车办法", "第一版。")])
        assert set(ids(searcher.search(Request(phrases=("停车办法",))))) == {"a", "b"}
        assert searcher.search(Request(phrases=("第一版",))).total == 0
        indexer.close()

    def test_a_document_twice_in_a_rebuild_is_there_once_as_it_was_last(self, engine) -> None:
        indexer = engine.indexer()
        with indexer.rebuild() as rebuild:
            rebuild.add([paper("a", "停车办法", "第一版。"), paper("a", "停车办法", "第二版。")])
        searcher = engine.searcher()
        assert searcher.search(Request("停车办法")).total == 1
        assert searcher.search(Request(phrases=("第二版",))).total == 1
        indexer.close()


ODD = st.text(
    alphabet=st.one_of(
        st.sampled_from("老人补助津贴政办发〔2023〕7号*?~^\"'()[]{}:\\/+-&|!<>=;%_ \t\n\0😀é٣ｱⅧ﷽\ud800"), st.characters()
    ),
    max_size=80,
)


class TestBadInput:
    @pytest.mark.parametrize(
        "text",
        [
            "*" * 5_000, "(" * 5_000, "title:津贴 AND (NOT organ:*)", "津贴'; DROP TABLE documents; --", "/(a+)+$/", "津贴~2^1000",
            "\0\x01\x1f津贴", "😀" * 500, "a" * 100_000, "补" * 100_000, "[TO *]", "\ud800\udfff", "\u202e津贴", "١٢٣", "𠀀𠀁𠀂",
        ],
    )  # fmt: skip
    def test_nothing_in_a_question_is_syntax_or_too_much(self, searcher, text) -> None:
        for match in Match:
            searcher.search(Request(text, match=match, facets=("organ",)))
        searcher.search(Request(phrases=(text,), excluded=(text[:50],)))
        searcher.suggest(text)

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(text=ODD, phrase=ODD, excluded=ODD, value=ODD, offset=st.integers(-5, 10**12), grouped=st.booleans())
    def test_no_question_fails(self, searcher, text, phrase, excluded, value, offset, grouped) -> None:
        results = searcher.search(
            Request(
                text, (phrase,), (excluded,), chosen={"organ": (value,), "issued": (value,)}, facets=("organ", "issued"),
                offset=offset, grouped=grouped,
            )
        )  # fmt: skip
        assert results.total >= 0
        searcher.suggest(text)
        searcher.more_like(text)

    def test_odd_documents_are_taken_in_and_found(self, engine) -> None:
        odd = [
            Document("\ud800", {"title": "半个\ud800字符"}, [Passage("半个\udfff代理")]),
            Document("𠀀", {"title": "𠀀𠀁的姓名"}, [Passage("生僻字𠀀𠀁𠀂，也要能查。" * 30)]),
            Document("empty", {"title": ""}),
            Document("nul", {"title": "含\0空字符", "organ": "\0"}, [Passage("")]),
            Document("long", {"title": "长" * 5_000}, [Passage("没有标点" * 20_000)]),
            Document("x" * 3_000, {"title": "编号很长"}),
        ]
        searcher = filled(engine, odd)
        assert searcher.search(Request("", size=50)).total == len(odd)
        assert ids(searcher.search(Request(phrases=("𠀁𠀂",)))) == ["𠀀"]
        (hit,) = searcher.search(Request("生僻字𠀀𠀁", match=Match.ALL)).hits
        assert hit.extract is not None
        assert "𠀀𠀁" in "".join(piece.text for piece in hit.extract.pieces)
        assert ids(searcher.search(Request("没有标点")))[0] == "long"
        assert ids(searcher.search(Request(phrases=("编号很长",)))) == ["x" * 3_000]
