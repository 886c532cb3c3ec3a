"""The index holds what is public and nothing else, whatever happens while it learns it."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction

from gongkai.core.agencies.actions import establish
from gongkai.core.agencies.arranging import rename_organ
from gongkai.core.finding import opening
from gongkai.core.finding.feeding import Feeder
from gongkai.core.finding.indexing import Indexing, ask_for_rebuild, rebuild_here
from gongkai.core.finding.models import Change
from gongkai.core.finding.opening import home
from gongkai.core.finding.rebuilding import rebuild
from gongkai.core.finding.words import make_words
from gongkai.core.freshness.touching import touch
from gongkai.domains.catalogue.actions.columns import Draft, arrange, begin
from gongkai.domains.catalogue.queries.columns import columns
from gongkai.domains.catalogue.tasks.reading import default_columns
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.publishing import publish_as_already_public, replace, restore, withdraw
from gongkai.domains.library.actions.sealing import seal_revision
from gongkai.domains.library.models import Document
from gongkai.search.port import IndexBusy, IndexDamaged, Indexer, IndexMissing, Request, Stamp
from gongkai.search.understanding.vocabulary.build import VocabularyBuilder
from tests.domains.library.papers import COUNTY, TODAY, county, filed, notice

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def some_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vocabulary of the language in general."""
    path = tmp_path_factory.mktemp("words") / "vocabulary"
    VocabularyBuilder().write(path)
    return path


@pytest.fixture
def library(own_database: Path, doing, some_words: Path) -> Path:
    """A county with an index of its organs, and no paper yet."""
    county()
    (own_database / "search").mkdir()
    shutil.copy(some_words, own_database / "search" / "vocabulary")
    built()
    return own_database


def built() -> None:
    """All that is public now is in the index."""
    with closing(home().engine(names=True).indexer()) as indexer:
        rebuild(home(), indexer, TODAY, lambda done, total: None, answers=home().answers(), go_on=lambda: None)


@pytest.fixture
def indexer(library: Path) -> Iterator[Indexer]:
    with closing(home().engine(names=True).indexer()) as opened:
        yield opened


def found(words: str) -> set[str]:
    """The ids of all that is found by these words, none of them missing."""
    return {hit.id for hit in opening.searcher().search(Request(phrases=(words,), size=100)).hits}


def in_index() -> set[str]:
    """The ids of the papers in the index."""
    results = opening.searcher().search(Request(chosen={"kind": ["document", "interpretation"]}, size=100))
    assert results.total == len(results.hits)
    return {hit.id for hit in results.hits}


def public() -> set[str]:
    return {f"document:{number}" for number in Document.objects.public().values_list("pk", flat=True)}


def catch_up(indexer: Indexer, today: date = TODAY) -> None:
    feeder = Feeder(indexer)
    while feeder.feed(today):
        pass


def work_until(well: Callable[[], bool]) -> None:
    """Be the indexing process until something holds."""
    deadline = time.monotonic() + 60
    Indexing(lambda: NOON, lambda: well() or time.monotonic() > deadline).run()
    assert well()


# What is in the index


def test_nothing_but_what_is_public_is_found_whatever_became_of_a_paper(indexer: Indexer, doing) -> None:
    withdrawn = filed(notice(1, "撤下的办法", body="为甲甲甲管理。"), doing)
    withdraw(withdrawn.pk, "误发", doing)
    filed(notice(2, "没有发布的办法", body="为乙乙乙管理。"), doing, public=False)
    on_request = filed(notice(3, "依申请公开的办法", body="为丙丙丙管理。"), doing, public=False)
    correct(on_request.pk, {"attribute": "on_request", "attribute_reason": "内部"}, doing)
    replaced = filed(notice(4, "被替代的办法", body="为丁丁丁管理。"), doing)
    shown = filed(notice(5, "现在的办法", body="为戊戊戊管理。"), doing)
    replace(replaced.pk, shown.pk, "重新制定", doing)
    back = filed(notice(6, "恢复的办法", body="为己己己管理。"), doing)
    withdraw(back.pk, "误发", doing)
    restore(back.pk, "核对无误", doing)
    catch_up(indexer)
    for _ in ("fed change by change", "made anew"):
        assert in_index() == public() == {f"document:{shown.pk}", f"document:{back.pk}"}
        assert not any(found(word) for word in ("甲甲甲", "乙乙乙", "丙丙丙", "丁丁丁", "撤下的办法", "没有发布的办法"))
        assert {s.text for s in opening.searcher().suggest("青禾县财政局关于印发")} == {shown.title, back.title}
        assert found("戊戊戊") == {f"document:{shown.pk}"}
        _anew(indexer)


def _anew(indexer: Indexer) -> None:
    rebuild(home(), indexer, TODAY, lambda done, total: None, answers=True, go_on=lambda: None)


def test_a_draft_behind_a_public_text_and_a_text_taken_back_are_not_found(indexer: Indexer, doing) -> None:
    paper = filed(notice(1, "停车管理办法"), doing)
    correct(paper.pk, {"title": "从前的名称"}, doing)
    publish_as_already_public(paper.pk, doing)
    correct(paper.pk, {"title": "现在的名称"}, doing)
    publish_as_already_public(paper.pk, doing)
    seal_revision(paper.pk, 2, "含个人信息", doing)
    correct(paper.pk, {"title": "草拟中的名称"}, doing)
    catch_up(indexer)
    for _ in ("fed change by change", "made anew"):
        assert found("现在的名称") == {f"document:{paper.pk}"}
        assert found("从前的名称") == found("草拟中的名称") == set()
        _anew(indexer)


def test_the_vocabulary_has_the_words_of_what_is_public_and_of_nothing_else(library: Path, doing) -> None:
    shown, hidden = filed(notice(1, "停车甲管理办法"), doing), filed(notice(2, "停车乙管理办法"), doing)
    make_words(home(), TODAY)
    assert known("停车甲管理办法", "停车乙管理办法") == [True, True]
    withdraw(hidden.pk, "误发", doing)
    correct(shown.pk, {"title": "停车丙管理办法"}, doing)
    make_words(home(), TODAY)
    assert known("停车甲管理办法", "停车乙管理办法", "停车丙管理办法") == [True, False, False]
    assert [opening.vocabulary().numbers(2020, number) for number in (1, 2)] == [["青财〔2020〕1号"], []]


def known(*words: str) -> list[bool]:
    return [bool(opening.vocabulary().known(word)) for word in words]


def test_a_paper_is_told_with_its_clauses_organs_numbers_and_days(indexer: Indexer, doing) -> None:
    paper = filed(notice(7, "停车管理办法", body="为规范停车秩序，制定本办法。"), doing)
    catch_up(indexer)
    (hit,) = opening.searcher().search(Request("停车秩序", chosen={"kind": ["document"]})).hits
    assert hit.extract is not None
    assert hit.extract.anchor == "art-1"
    told = {name: value[0] if isinstance(value, tuple) else value for name, value in hit.values.items()}
    assert told["address"] == f"/library/{paper.pk}/"
    assert told["shown_number"] == "青财〔2020〕7号"
    assert (told["organ"], told["shown_organs"], told["status"]) == ("B", "青禾县财政局", "in_force")
    assert (told["day"], told["from"], told["until"]) == ("2020-05-01", "2020-05-01", "9999-12-31")


def test_organs_are_found_by_every_name_they_bore_and_so_are_their_papers(indexer: Indexer, doing) -> None:
    paper = filed(notice(1), doing)
    catch_up(indexer)
    rename_organ("B", "青禾县财政金融局", doing, on=TODAY, short_name="财金局")
    catch_up(indexer)
    (organ,) = [hit for hit in opening.searcher().search(Request("财金局")).hits if hit.id.startswith("organ:")]
    assert organ.values["title"] in ("青禾县财政金融局", ("青禾县财政金融局",))
    assert found("财金局") == {organ.id, f"document:{paper.pk}"}
    assert organ.id in found("青禾县财政局")


# How changes get there


def test_a_change_waits_in_the_outbox_from_its_commit_until_the_index_has_it(indexer: Indexer, doing) -> None:
    paper = filed(notice(1), doing)
    assert f"document:{paper.pk}" in Change.objects.values_list("tag", flat=True)
    catch_up(indexer)
    assert not Change.objects.exists()
    assert in_index() == {f"document:{paper.pk}"}


def undone(change: Callable[[], object]) -> None:
    """Change something, and have it rolled back."""
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        change()
        raise ZeroDivisionError


def test_a_change_that_is_rolled_back_indexes_nothing(indexer: Indexer, doing) -> None:
    catch_up(indexer)
    undone(lambda: filed(notice(1), doing))
    assert not Change.objects.exists()


def test_a_tag_touched_again_after_a_savepoint_was_undone_is_written_down_again(library: Path) -> None:
    Change.objects.all().delete()
    with transaction.atomic():
        undone(lambda: touch("document:5"))
        touch("document:5")
        touch("document:5", "library")
    assert list(Change.objects.values_list("tag", flat=True)) == ["document:5"]


def test_what_touches_many_tags_writes_them_down_in_one_statement(library: Path, django_assert_num_queries) -> None:
    Change.objects.all().delete()
    with transaction.atomic(), django_assert_num_queries(1):
        touch("library", *(f"document:{number}" for number in range(50)))
        touch("library", "document:7")
    assert Change.objects.count() == 50


class Killed(BaseException):
    """The process ends here."""


class Dying:
    """An indexer whose process is killed at a commit, before or after it."""

    def __init__(self, indexer: Indexer, *, after: bool) -> None:
        self._indexer, self._after = indexer, after
        self.index, self.delete, self.rebuild, self.close = indexer.index, indexer.delete, indexer.rebuild, indexer.close

    def commit(self) -> Stamp:
        if self._after:
            self._indexer.commit()
        raise Killed


@pytest.mark.parametrize("after", [True, False])
def test_an_indexer_that_is_killed_around_its_commit_loses_nothing(library: Path, doing, after: bool) -> None:
    gone, stays = filed(notice(1, "甲办法"), doing), filed(notice(2, "乙办法"), doing)
    built()
    withdraw(gone.pk, "误发", doing)
    added = filed(notice(3, "丙办法"), doing)
    with closing(home().engine().indexer()) as indexer, pytest.raises(Killed):
        catch_up(Dying(indexer, after=after))
    with closing(home().engine().indexer()) as indexer:
        catch_up(indexer)
    assert in_index() == {f"document:{stays.pk}", f"document:{added.pk}"}
    assert not Change.objects.exists()


def test_a_round_that_is_broken_off_is_begun_again(library: Path, doing) -> None:
    paper = filed(notice(1), doing)
    built()
    rename_organ("B", "青禾县财政金融局", doing, on=TODAY, short_name="财金局")
    with closing(home().engine().indexer()) as indexer:
        assert Feeder(indexer).feed(TODAY)
    with closing(home().engine().indexer()) as indexer:
        catch_up(indexer)
    assert f"document:{paper.pk}" in found("财金局")
    assert not Change.objects.exists()


def test_organs_are_looked_at_again_on_another_day(indexer: Indexer, doing) -> None:
    told = [{"name": "青禾县财政局", "until": "2026-11-21"}, {"name": "青禾县财政金融局", "from": "2026-11-21"}]
    establish({**COUNTY, "organs": [COUNTY["organs"][0], {**COUNTY["organs"][1], "names": told}]})
    feeder = Feeder(indexer)
    while feeder.feed(TODAY):
        pass
    assert _title("B") == "青禾县财政局"
    while feeder.feed(date(2026, 11, 21)):
        pass
    assert _title("B") == "青禾县财政金融局"


def _title(code: str) -> str:
    (hit,) = opening.searcher().search(Request(chosen={"kind": ["organ"], "organ": [code]})).hits
    return "".join(hit.values["title"])


# Making it anew


def test_a_rebuild_while_papers_come_and_go_loses_none_of_it(indexer: Indexer, doing) -> None:
    papers = [filed(notice(number, f"第{number}办法"), doing) for number in range(1, 9)]
    catch_up(indexer)
    doings: list[Callable[[], object]] = [
        lambda: withdraw(papers[0].pk, "误发", doing),
        lambda: filed(notice(20, "重建中新增的办法"), doing),
        lambda: (correct(papers[1].pk, {"title": "重建中改的名称"}, doing), publish_as_already_public(papers[1].pk, doing)),
        lambda: withdraw(papers[2].pk, "误发", doing),
    ]

    def meanwhile(*_: object) -> None:
        if doings:
            doings.pop()()

    rebuild(home(), indexer, TODAY, meanwhile, answers=True, go_on=meanwhile)  # told after papers were read, and between
    assert doings == []
    catch_up(indexer)
    assert in_index() == public()
    assert found("重建中改的名称") == {f"document:{papers[1].pk}"}
    assert found("重建中新增的办法")


def test_a_rebuild_that_is_given_up_leaves_the_index_as_it_was(indexer: Indexer, doing) -> None:
    paper = filed(notice(1), doing)
    catch_up(indexer)
    before = opening.searcher().stamp()

    def give_up() -> None:
        raise Killed

    with pytest.raises(Killed):
        rebuild(home(), indexer, TODAY, lambda done, total: None, answers=True, go_on=give_up)
    assert opening.searcher().stamp() == before
    assert in_index() == {f"document:{paper.pk}"}


def test_a_new_site_gets_its_index_when_the_indexer_first_runs(own_database: Path, doing) -> None:
    county()
    paper = filed(notice(1), doing)
    with pytest.raises(IndexMissing, match="正在建立"):
        opening.searcher()
    with pytest.raises(IndexMissing):
        opening.vocabulary()
    work_until(lambda: home().answers() and not Change.objects.exists())
    assert in_index() == {f"document:{paper.pk}"}
    assert len(opening.vocabulary())


def damage_a_file(folder: Path) -> None:
    next((folder / "search").rglob("*.store")).unlink()


def damage_the_vocabulary(folder: Path) -> None:
    (folder / "search" / "vocabulary").write_bytes(b"GKVOCAB1")


def make_it_of_another_version(folder: Path) -> None:
    next((folder / "search").rglob("about.json")).write_text('{"format": 0}')


def make_it_of_other_offers(folder: Path) -> None:
    (folder / "search" / "complete").write_text("another")


def lose_it(folder: Path) -> None:
    (folder / "search" / "site" / "current").unlink()


@pytest.mark.parametrize(
    "spoil", [damage_a_file, damage_the_vocabulary, make_it_of_another_version, make_it_of_other_offers, lose_it]
)
def test_an_index_that_will_not_do_is_told_and_made_anew(library: Path, doing, caplog, spoil: Callable[[Path], None]) -> None:
    paper = filed(notice(1), doing)
    built()
    spoil(library)
    assert home().trouble()
    work_until(lambda: home().answers() and not home().trouble())
    assert in_index() == {f"document:{paper.pk}"}
    assert "index: being rebuilt" in caplog.text


def test_the_indexing_process_makes_everything_anew_when_asked(library: Path, doing) -> None:
    before = opening.searcher().stamp().generation
    asked = ask_for_rebuild()
    assert asked.look() == (0, 0)
    work_until(lambda: asked.look() is None)
    assert opening.searcher().stamp().generation > before


def test_a_second_indexer_is_refused_and_told_who_has_it(indexer: Indexer) -> None:
    with pytest.raises(IndexBusy, match=r"正由进程 \d+ 写入"):
        Indexing(lambda: NOON, lambda: False).run()
    with pytest.raises(IndexBusy):
        rebuild_here(TODAY)


def test_damage_met_while_indexing_is_mended(library: Path, doing) -> None:
    filed(notice(1), doing)
    broken: list[bool] = []

    class Breaking(Indexing):
        def _today(self) -> date:
            if not broken:
                broken.append(True)
                raise IndexDamaged("索引坏了")
            return super()._today()

    deadline = time.monotonic() + 60
    Breaking(lambda: NOON, lambda: (not Change.objects.exists() and home().answers()) or time.monotonic() > deadline).run()
    assert in_index() == public()


def test_a_database_that_is_away_for_a_while_is_waited_for(library: Path, doing) -> None:
    paper = filed(notice(1), doing)
    name, calls = connection.settings_dict["NAME"], iter(range(1_000))

    def today() -> datetime:
        connection.close()
        connection.settings_dict["NAME"] = (
            name if next(calls) else "/nowhere/at-all" if connection.vendor == "sqlite" else "no_such_one"
        )
        return NOON

    deadline = time.monotonic() + 60
    Indexing(today, lambda: (next(calls) > 20 and not Change.objects.exists()) or time.monotonic() > deadline).run()
    assert in_index() == {f"document:{paper.pk}"}


def test_columns_are_found_by_name_and_text_until_they_are_removed(indexer: Indexer, doing) -> None:
    begin(default_columns(), doing)
    catch_up(indexer)
    (column,) = [hit for hit in opening.searcher().search(Request("公开指南")).hits if hit.id.startswith("column:")][:1]
    kept = [Draft(data, placed=True) for data in columns().values() if data["name"] not in column.values["title"]]
    arrange(kept, doing, only=True)
    catch_up(indexer)
    assert column.id not in {hit.id for hit in opening.searcher().search(Request("公开指南", size=100)).hits}
    assert not Change.objects.exists()
