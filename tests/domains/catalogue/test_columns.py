"""Columns come from files, keep their history, and take their papers from the library."""

from __future__ import annotations

import json
from datetime import date

import pytest
import yaml

from gongkai.core.ledger.append import Stream
from gongkai.core.ledger.models import Event
from gongkai.core.ledger.projections import rebuild, recorded
from gongkai.core.ledger.verify import verify
from gongkai.domains.catalogue.actions.columns import arrange, begin
from gongkai.domains.catalogue.actions.errors import UnfitColumnFile
from gongkai.domains.catalogue.models import Column, Definition
from gongkai.domains.catalogue.queries.columns import NoSuchColumn, columns
from gongkai.domains.catalogue.queries.papers import counts_in, papers_in, tally
from gongkai.domains.catalogue.queries.titles import plain_title
from gongkai.domains.catalogue.queries.written import written
from gongkai.domains.catalogue.tasks.reading import default_columns, read_columns
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import restore, withdraw
from gongkai.domains.library.actions.themes import set_themes
from gongkai.domains.library.models import Document
from tests.domains.library.papers import county, filed, notice

pytestmark = pytest.mark.django_db

TWO = """
columns:
  - slug: first
    name: 第一栏
    entry: statutory
    selection: {kinds: [normative]}
  - slug: second
    name: 第二栏
    entry: statutory
    selection: {words: [养犬 办法]}
"""


def one(selection: str, slug: str = "tried") -> str:
    return f"columns:\n  - slug: {slug}\n    name: 试\n    entry: statutory\n    selection: {selection}\n"


def selected(selection: str, doing: Doing) -> set[str]:
    """Titles of what a column with this selection takes."""
    arrange(read_columns(one(selection)), doing)
    return {entry.title for entry in papers_in("tried").entries}


def slugs() -> list[str]:
    return list(columns())


@pytest.fixture
def papers(doing: Doing) -> list[Document]:
    county()
    return [filed(notice(n, name), doing) for n, name in enumerate(("养犬管理办法", "财政预算公开办法", "校车安全规定"), 1)]


def test_the_default_columns_cover_every_item_of_article_20_and_the_five_entries() -> None:
    drafts = default_columns()
    told = " ".join(d.data["source"] for d in drafts)
    for item in "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五".split():
        assert f"第二十条第（{item}）项" in told, item
    assert {d.data["entry"] for d in drafts} == {"guide", "rules", "statutory", "report", "request"}


def test_importing_again_changes_nothing_and_writes_nothing(doing: Doing) -> None:
    arrange(default_columns(), doing)
    events = Event.objects.count()
    done = arrange(default_columns(), doing)
    assert (done.added, done.changed, done.removed) == ([], [], [])
    assert done.unchanged == Column.objects.count()
    assert Event.objects.count() == events


def test_a_file_adds_after_what_precedes_it_and_leaves_the_rest_where_it_was(doing: Doing) -> None:
    arrange(read_columns(TWO), doing)
    between = TWO.replace("  - slug: second", "  - {slug: between, name: 中间, entry: statutory, text: 字}\n  - slug: second")
    only_first_and_between = between[: between.index("  - slug: second")]
    done = arrange(read_columns(only_first_and_between.replace("第一栏", "改了名的栏目")), doing)
    assert (done.added, done.changed, done.removed) == (["中间"], ["改了名的栏目"], [])
    assert slugs() == ["first", "between", "second"]


def test_a_file_that_says_all_gives_the_order_and_removes_what_it_does_not_name(doing: Doing) -> None:
    arrange(read_columns(TWO), doing)
    arrange(read_columns(one("{kinds: [policy]}")), doing)
    data = yaml.safe_load(TWO)
    turned = yaml.safe_dump({"columns": data["columns"][::-1]}, allow_unicode=True)
    done = arrange(read_columns(turned), doing, only=True)
    assert done.removed == ["试"]
    assert slugs() == ["second", "first"]
    with pytest.raises(NoSuchColumn):
        papers_in("tried")


def test_a_new_site_begins_with_the_defaults_once_and_a_government_s_own_choice_stays(doing: Doing) -> None:
    assert begin(default_columns(), doing) is not None
    arrange(read_columns(TWO), doing, only=True)
    assert begin(default_columns(), doing) is None
    assert slugs() == ["first", "second"]


def test_every_state_of_a_column_is_in_the_ledger_and_can_be_read_again(doing: Doing) -> None:
    arrange(read_columns(one("{kinds: [policy]}")), doing)
    arrange(read_columns(one("{kinds: [guide]}")), doing)
    arrange(read_columns(TWO), doing, only=True)
    happened = recorded(Stream("column", "tried"))
    assert [e.kind for e in happened] == ["defined", "redefined", "removed"]
    assert all(e.payload.keys() == {"slug", "digest"} for e in happened)
    kept = [Definition.objects.get(pk=e.payload["digest"]).content["selection"][0]["kinds"] for e in happened[:2]]
    assert kept == [["policy"], ["guide"]]
    assert verify().faults == []


def test_rebuilding_from_the_ledger_gives_the_same_columns_and_mends_tampered_ones(doing: Doing, today: date) -> None:
    arrange(default_columns(), doing)
    before = list(Column.objects.values())
    assert rebuild(today).differences == []
    assert list(Column.objects.values()) == before
    Column.objects.filter(slug="budgets").update(entry="guide")
    Column.objects.filter(slug="fees").delete()
    assert rebuild(today).differences == ["栏目 budgets", "栏目 fees"]
    assert {(c.slug, c.entry, c.order) for c in Column.objects.all()} == {(c["slug"], c["entry"], c["order"]) for c in before}


def test_what_is_exported_can_be_imported_again_without_a_change(doing: Doing) -> None:
    arrange(default_columns(), doing)
    exported = yaml.safe_dump({"columns": [written(d) for d in columns().values()]}, allow_unicode=True, sort_keys=False)
    done = arrange(read_columns(exported), doing, only=True)
    assert (done.added, done.changed, done.removed) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("columns:\n  - slug: a\n    nam: 甲\n    entry: guide\n    text: 字", 3, "不认识的项“nam”，是不是 name？"),
        ("columns:\n  - slug: a\n    name: 甲\n    entry: guides\n    text: 字", 4, "entry 只能是"),
        ("columns:\n  - slug: 甲\n    name: 甲\n    entry: rules\n    text: 字", 2, "小写字母"),
        (one("{kinds: [notices]}"), 5, "没有叫“notices”的文件类别，可用"),
        (one("{topic: [教育]}"), 5, "是不是 topics？"),
        (one("{subtopics: [无此子类]}"), 5, "没有叫“无此子类”的主题子类"),
        (one("{themes: [nowhere]}"), 5, "特色主题"),
        (one("{organs: ['0']}"), 5, "机构代码"),
        (one("{}"), 5, "全部文件"),
        (one("{without: [字]}"), 5, "全部文件"),
        (one("[]"), 5, "selection 是空的"),
        (one("{rest: true, kinds: [guide]}"), 5, "rest"),
        (one("{words: ['']}"), 5, "空的"),
        (one("字"), 5, "名称: 内容"),
        (one("{kinds: [guide]}") + one("{kinds: [guide]}").removeprefix("columns:\n"), 6, "与第 2 行重复"),
        ("columns:\n  - slug: a\n    name: 甲\n    entry: rules", 2, "页面会是空的"),
        ("columns:\n  - slug: a\n    name: 甲\n    entry: guide\n    text: 见{受理科室}", 5, "不认识的“{受理科室}”"),
        ("columns:\n  - slug: a\n    name: 甲\n    entry: rules\n    text: 字\n    texts: {'0': 字}", 6, "gongkai agency list"),
        ("columns:\n  - slug: a\n    name: 甲\n    entry: rules\n    text: 字\n    order: 先", 6, "order"),
        ("columns:\n  - slug: a\n    slug: b", 3, "写了两次"),
        ("columns:\n  - slug: [a\n", 3, "不是有效的 YAML"),
        ("columns: []", 1, "没有 columns"),
        ("栏目: []", 1, "不认识的项“栏目”"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_line_and_nothing_is_taken_in(text: str, line: int, told: str) -> None:
    with pytest.raises(UnfitColumnFile) as refused:
        read_columns(text)
    assert any(p.startswith(f"第 {line} 行") and told in p for p in refused.value.problems), refused.value.problems


@pytest.mark.parametrize("text", ["", "# 只有注释\n", "字" * 400_000, "\x00", "a: &a [*a]\ncolumns: *a", "- 1"])
def test_a_file_of_nonsense_is_refused_in_words(text: str) -> None:
    with pytest.raises(UnfitColumnFile):
        read_columns(text)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(UnfitColumnFile) as refused:
        read_columns("columns:\n  - {slug: A, nam: 甲}\n  - {slug: b, entry: nothing}\n")
    assert len(refused.value.problems) >= 5


def test_words_must_all_stand_in_the_title_but_any_value_will_do(papers: list[Document], doing: Doing) -> None:
    assert len(selected("{words: [养犬 办法]}", doing)) == 1
    assert len(selected("{words: [养犬 规定]}", doing)) == 0
    assert len(selected("{words: [养犬, 校车]}", doing)) == 2
    assert len(selected("{words: [办法, 规定], without: [校车]}", doing)) == 2


def test_the_organ_s_own_name_is_not_a_word_of_the_title(papers: list[Document], doing: Doing) -> None:
    assert {"预算" in title for title in selected("{words: [财政]}", doing)} == {True}
    assert plain_title("青禾县财政局关于印发《青禾县校车安全规定》的通知", "青禾县财政局") == "印发《青禾县校车安全规定》的通知"
    assert plain_title("青禾县国土资源局征地公告", "青禾县国土资源局") == "征地公告"


def test_conditions_narrow_each_other_and_alternatives_add_up(papers: list[Document], doing: Doing) -> None:
    kind = papers[0].kind
    assert len(selected(f"{{kinds: [{kind}], words: [养犬]}}", doing)) == 1
    assert len(selected("{organs: [B]}", doing)) == 3
    assert selected("{organs: [A]}", doing) == set()
    assert len(selected("[{words: [养犬]}, {words: [校车]}]", doing)) == 2
    assert len(selected(f"{{index_numbers: ['{papers[1].index_number}', 没有这个]}}", doing)) == 1


def test_a_theme_can_be_named_by_its_slug_or_its_name(doing: Doing) -> None:
    county()
    set_themes([{"slug": "dogs", "name": "养犬服务", "words": ["养犬"]}])
    filed(notice(1, "养犬管理办法"), doing)
    told = read_columns(one("{themes: [养犬服务]}"))[0].data["selection"][0]["themes"]
    assert told == ["dogs"]


def test_the_rest_takes_what_no_other_column_of_the_entry_takes(papers: list[Document], doing: Doing) -> None:
    arrange(read_columns(one("{words: [养犬]}", "dogs")), doing)
    rest = selected("{rest: true}", doing)
    assert len(rest) == 2
    assert not any("养犬" in title for title in rest)
    assert tally({"all": ["dogs", "tried"]}).groups == {"all": 3}


def test_a_withdrawn_paper_leaves_its_columns_and_comes_back_when_restored(papers: list[Document], doing: Doing) -> None:
    arrange(read_columns(one("{words: [养犬]}")), doing)
    withdraw(papers[0].pk, "有误", doing)
    assert papers_in("tried").total == 0
    restore(papers[0].pk, "已核对", doing)
    assert papers_in("tried").total == 1


def test_a_draft_is_in_no_column(doing: Doing) -> None:
    county()
    filed(notice(1, "养犬管理办法"), doing, public=False)
    arrange(default_columns(), doing)
    assert tally({"all": slugs()}).groups == {"all": 0}


def test_pages_hold_twenty_and_a_page_out_of_range_is_the_last(doing: Doing) -> None:
    county()
    for n in range(1, 24):
        filed(notice(n, f"第{n}项管理办法", year=2000 + n), doing)
    arrange(read_columns(one("{words: [管理办法]}")), doing)
    first, last = papers_in("tried"), papers_in("tried", page=99)
    assert (first.total, first.page, first.pages, len(first.entries)) == (23, 1, 2, 20)
    assert (last.page, len(last.entries)) == (2, 3)
    days = [e.issued_on for e in (*first.entries, *last.entries)]
    assert days == sorted(days, reverse=True)
    assert papers_in("tried", page=0).page == 1
    assert counts_in(["tried"], "B") == {"tried": 23}
    assert counts_in(["tried"], "A") == {"tried": 0}


def test_a_file_can_be_written_as_json_too(doing: Doing) -> None:
    assert arrange(read_columns(json.dumps(yaml.safe_load(TWO), ensure_ascii=False)), doing).added == ["第一栏", "第二栏"]
