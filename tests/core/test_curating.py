"""What editors say of words: checked, kept with their history, in force at once, the same by console and by file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.core.doing import Doing
from gongkai.core.finding.curating import queries
from gongkai.core.finding.curating.actions import bring, put, remove
from gongkai.core.finding.curating.entries import MOST_ENTRIES, Entry, Kind, UnfitEntry, circles
from gongkai.core.finding.curating.files import read, written
from gongkai.core.finding.models import Word
from gongkai.core.ledger import projections
from gongkai.core.ledger.append import Overtaken
from gongkai.core.ledger.models import Event

pytestmark = pytest.mark.django_db
PAIR = Entry(Kind.SYNONYM, "老人补助", "高龄津贴", 0.9, "群众来电")
ALL = [
    PAIR,
    Entry(Kind.SYNONYM, "社保", "社会救助", 0.0),
    Entry(Kind.BEST, "高龄津贴怎么领", "/library/1/"),
    Entry(Kind.STOP, "麻烦问下"),
    Entry(Kind.BLOCKED, "某某人"),
    Entry(Kind.REFUSED, "停水", "/library/2/"),
]


def test_what_was_saved_is_in_force_at_the_next_question(doing: Doing) -> None:
    bring(ALL, doing)
    words = queries.words_now()
    assert [(p.official, p.weight) for p in words.own.pairs["老人补助"]] == [("高龄津贴", 0.9)]
    assert words.own.off == {("社保", "社会救助")}
    assert words.best == {"高龄津贴怎么领": ("/library/1/",)}
    assert (words.stop, words.blocked) == (("麻烦问下",), ("某某人",))
    assert words.are_blocked("某 某人的事")
    assert not words.are_blocked("某人")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Entry(Kind.SYNONYM, "高齡津貼", "高龄津贴"), "对应到它自己"),
        (Entry(Kind.SYNONYM, "老人补助", "  "), "没有对应的规范用语"),
        (Entry(Kind.SYNONYM, "？！", "高龄津贴"), "请填写词语"),
        (Entry(Kind.SYNONYM, "老" * 61, "高龄津贴"), "最多 60 字"),
        (Entry(Kind.SYNONYM, "ﷺ" * 50, "高龄津贴"), "不能检索的符号"),
        (Entry(Kind.SYNONYM, "老人补助", "高" * 121), "最多 120 字"),
        (Entry(Kind.SYNONYM, "老人补助", "高龄津贴", 1.5), "0 和 1 之间"),
        (Entry(Kind.SYNONYM, "老人补助", "高龄津贴", float("nan")), "0 和 1 之间"),
        (Entry(Kind.BEST, "津贴", "高龄津贴办法"), "请写本站网址"),
        (Entry(Kind.BEST, "津贴", "https://elsewhere.example/"), "请写本站网址"),
    ],
)
def test_an_entry_that_cannot_stand_is_refused_with_the_reason(doing: Doing, entry: Entry, why: str) -> None:
    with pytest.raises(UnfitEntry, match=why):
        put(entry, doing)
    assert Event.objects.count() == 0


def test_synonyms_that_lead_round_are_refused_and_all_that_stood_stays(doing: Doing) -> None:
    bring([Entry(Kind.SYNONYM, "甲词", "乙词"), Entry(Kind.SYNONYM, "乙词", "丙词")], doing)
    with pytest.raises(UnfitEntry, match="绕了一圈"):
        put(Entry(Kind.SYNONYM, "丙词", "甲词"), doing)
    assert Word.objects.count() == 2


@given(st.lists(st.tuples(st.sampled_from("甲乙丙丁戊"), st.sampled_from("甲乙丙丁戊")).filter(lambda p: p[0] != p[1])))
def test_a_circle_is_told_exactly_where_there_is_one(pairs: list[tuple[str, str]]) -> None:
    reached = {(a, b) for a, b in pairs}
    for _ in range(5):
        reached |= {(a, d) for a, b in reached for c, d in reached if b == c}
    assert bool(circles(Entry(Kind.SYNONYM, *p) for p in pairs)) == any(a == b for a, b in reached)


def test_the_same_words_written_otherwise_are_the_same_entry(doing: Doing) -> None:
    put(PAIR, doing)
    with pytest.raises(UnfitEntry, match="已经有了"):
        put(replace(PAIR, said="老人，補助"), doing)


def test_two_people_over_one_entry_the_second_is_told(doing: Doing) -> None:
    put(PAIR, doing)
    row = queries.rows()[0][0]
    put(replace(PAIR, weight=0.5), doing, instead_of=row.number, seen=row.sequence)
    with pytest.raises(Overtaken):
        put(replace(PAIR, weight=0.7), doing, instead_of=row.number, seen=row.sequence)
    assert Word.objects.get().weight == 0.5


def test_an_entry_under_other_words_leaves_nothing_of_the_old_ones(doing: Doing) -> None:
    put(PAIR, doing)
    row = queries.rows()[0][0]
    put(replace(PAIR, said="老年补助"), doing, instead_of=row.number, seen=row.sequence)
    assert list(Word.objects.values_list("said", flat=True)) == ["老年补助"]


def test_a_file_brings_back_what_was_written_and_changes_nothing_the_second_time(doing: Doing) -> None:
    bring(ALL, doing)
    events = Event.objects.count()
    done = bring(read(written(queries.all_entries()).encode()), doing, only=True)
    assert (done.added, done.changed, done.removed, done.unchanged) == ([], [], [], len(ALL))
    assert Event.objects.count() == events


def test_only_what_the_file_has_stays_but_what_was_refused_is_not_offered_again(doing: Doing) -> None:
    bring(ALL, doing)
    done = bring([PAIR], doing, only=True)
    assert len(done.removed) == 4
    assert set(Word.objects.values_list("kind", flat=True)) == {Kind.SYNONYM, Kind.REFUSED}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"synonyms: [", "不是正确的 YAML"),
        (b"- a", "应当是"),
        (b"words: []", "应当是"),
        (b"synonyms: {a: b}", "应当是一个列表"),
        ("synonyms:\n- say: 甲".encode(), "synonyms 第 1 条读不出来"),
        ("synonyms:\n- {say: 甲, official: 乙, weight: .nan}".encode(), "第 1 条"),
        ("synonyms:\n- {say: 甲, official: 乙, wieght: 1}".encode(), "第 1 条"),
        (b"[" * 5_000, "不是正确的 YAML"),
        (b"a" * (3 << 20), "最多 2 MB"),
        (f"stop_words: [{'甲,' * 10_000}]".encode(), f"最多 {MOST_ENTRIES} 条"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(told: bytes, why: str) -> None:
    with pytest.raises(UnfitEntry, match=why):
        read(told)


def test_of_one_pair_written_twice_with_two_weights_neither_is_taken(doing: Doing) -> None:
    with pytest.raises(UnfitEntry, match="写了两次"):
        bring([PAIR, replace(PAIR, weight=0.1)], doing)
    assert bring([PAIR, PAIR], doing).added == [PAIR]


def test_as_many_entries_as_there_may_be_come_in_one_event_and_one_more_is_refused(doing: Doing) -> None:
    many = [Entry(Kind.STOP, f"词{n}") for n in range(MOST_ENTRIES)]
    bring(many, doing)
    assert (Word.objects.count(), Event.objects.count()) == (MOST_ENTRIES, 1)
    with pytest.raises(UnfitEntry, match="一共会有"):
        put(Entry(Kind.STOP, "再来一个"), doing)


def test_the_history_says_who_changed_what_and_the_rows_come_back_from_the_ledger(doing: Doing) -> None:
    bring(ALL, doing)
    number = Word.objects.get(said="麻烦问下").pk
    remove(number, doing)
    assert remove(number, doing) is None
    (last, first) = queries.history()
    assert last.lines == [("停用词", "麻烦问下", "")]
    assert ("同义词", "", "老人补助 → 高龄津贴（0.9）　群众来电") in first.lines
    before = sorted(Word.objects.values_list("kind", "said", "target", "weight", "note", "sequence"))
    assert projections.rebuild(doing.today).differences == []
    Word.objects.filter(said="老人补助").update(weight=0.1)
    Word.objects.filter(said="某某人").delete()
    assert len(projections.rebuild(doing.today).differences) == 2
    assert sorted(Word.objects.values_list("kind", "said", "target", "weight", "note", "sequence")) == before
