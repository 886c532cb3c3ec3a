"""What changed between two texts: aligned by clause, marked by word, and nothing lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.text.comparing import Passage, compare, passages
from gongkai.text.edits import Effort, marked, new_wording, old_wording
from gongkai.text.read import read_bytes


def law(*articles: str) -> list[Passage]:
    """Passages of a law, numbered as they come; a text that brings its own label keeps it."""
    return [
        Passage(f"第{n}条 {text}", f"art-{n}", f"第{n}条", "article") for n, text in ((n, a) for n, a in enumerate(articles, 1))
    ]


A = "为了规范公共租赁住房的管理，保障住房困难家庭的基本居住需求，制定本办法。"
B = "县住房和城乡建设局主管本县公共租赁住房工作，县民政局负责经济状况核对。"
C = "申请人应当向户籍所在地的街道办事处提交申请，并如实申报家庭收入和财产。"
D = "承租人不得转租、转借公共租赁住房，不得擅自改变房屋结构和用途。"
E = "本办法自2024年1月1日起施行，有效期五年。"


def told(old: list[Passage], new: list[Passage]) -> list[str]:
    """The steps as short words: kind, label, and whether it was moved."""
    steps = compare(old, new).steps
    return [f"{s.kind}{'*' if s.moved else ''} {s.passage.label}" for s in steps]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([A, B, C], [A, B, C], ["same 第1条", "same 第2条", "same 第3条"]),
        ([A, B, C], [A, B.replace("县民政局", "县财政局"), C], ["same 第1条", "changed 第2条", "same 第3条"]),
        ([A, B, C], [A, B, D, C], ["same 第1条", "same 第2条", "added 第3条", "renumbered 第4条"]),
        ([A, B, C, D], [A, C, D], ["same 第1条", "removed 第2条", "renumbered 第2条", "renumbered 第3条"]),
        (
            [A, B, C, D, E],
            [A, D, B, C, E],
            ["same 第1条", "renumbered* 第2条", "renumbered 第3条", "renumbered 第4条", "same 第5条"],
        ),
        ([A, B], [D, E], ["removed 第1条", "removed 第2条", "added 第1条", "added 第2条"]),
        ([], [A], ["added 第1条"]),
        ([A], [], ["removed 第1条"]),
        ([], [], []),
        ([A, A, A], [A, A], ["same 第1条", "same 第2条", "removed 第3条"]),
    ],
)
def test_each_clause_is_known_again(old: list[str], new: list[str], expected: list[str]) -> None:
    assert told(law(*old), law(*new)) == expected


def test_a_clause_that_was_changed_and_renumbered_is_still_the_same_clause() -> None:
    changed = C.replace("街道办事处", "社区居民委员会")
    steps = compare(law(A, B, C), law(A, D, B, changed)).steps
    assert [(s.kind, s.old.label if s.old else "", s.new.label if s.new else "") for s in steps] == [
        ("same", "第1条", "第1条"),
        ("added", "", "第2条"),
        ("renumbered", "第2条", "第3条"),
        ("changed", "第3条", "第4条"),
    ]


def test_blanks_and_the_width_of_punctuation_are_no_change() -> None:
    (step,) = compare(law("（一）甲；乙，丙。"), law("(一) 甲;乙,丙。")).steps
    assert step.kind == "same"
    assert compare(law("（一）甲"), law("(一)甲")).unchanged


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("由民政部门负责。", "由财政部门负责。", "由[民][财]政部门负责。"),
        ("自2019年3月1日起施行。", "自2024年5月1日起施行。", "自[2019年3][2024年5]月1日起施行。"),
        ("甲，乙，丙。", "甲，丁，乙，丙。", "甲，+丁，+乙，丙。"),
        ("处以罚款。", "处以罚款，并没收违法所得。", "处以罚款+，并没收违法所得+。"),
        ("依照第十二条处理。", "依照第十三条处理。", "依照[第十二条][第十三条]处理。"),
        ("同一句话。", "同一句话。", "同一句话。"),
    ],
)
def test_words_are_marked_as_a_reader_would(old: str, new: str, expected: str) -> None:
    pieces = marked(old, new, Effort())
    lone = not (any(p.kind == "removed" for p in pieces) and any(p.kind == "added" for p in pieces))
    signs = {"same": "{}", "removed": "[{}]", "added": "+{}+" if lone else "[{}]"}
    assert "".join(signs[p.kind].format(p.text) for p in pieces) == expected


WORDS = st.text(alphabet="甲乙丙的，。；（）() \n第一二条12a", max_size=60)


@given(WORDS, WORDS)
@settings(max_examples=400, deadline=None)
def test_both_wordings_can_be_put_together_from_the_pieces(old: str, new: str) -> None:
    pieces = marked(old, new, Effort())
    assert old_wording(pieces) == old
    assert new_wording(pieces) == new


@given(WORDS, WORDS, st.integers(0, 40))
@settings(max_examples=200, deadline=None)
def test_nothing_is_lost_when_the_effort_is_spent(old: str, new: str, effort: int) -> None:
    pieces = marked(old, new, Effort(effort))
    assert (old_wording(pieces), new_wording(pieces)) == (old, new)


LINES = st.lists(
    st.sampled_from([A, B, C, D, E, "短", "", A + B]) | st.text(max_size=12).filter(lambda t: "\n" not in t), max_size=12
)


@given(LINES, LINES)
@settings(max_examples=300, deadline=None)
def test_both_texts_can_be_put_together_from_the_comparison(old: list[str], new: list[str]) -> None:
    was, now = law(*old), law(*new)
    found = compare(was, now)
    assert found.old_text() == "\n".join(p.text for p in was)
    assert found.new_text() == "\n".join(p.text for p in now)
    for step in found.steps:
        if step.pieces:
            assert step.old is not None
            assert step.new is not None
            assert old_wording(step.pieces) == step.old.text
            assert new_wording(step.pieces) == step.new.text


@given(st.lists(st.sampled_from([A, B, C, D, E, "第一章 总则", "（一）甲；", "一、乙", "表头\t值"]), min_size=1, max_size=15))
@settings(max_examples=200, deadline=None)
def test_passages_are_the_text_cut_and_nothing_else(lines: list[str]) -> None:
    text = "\n".join(lines)
    reading = read_bytes(text.encode(), "a.txt")
    cut = passages(reading.text, [c.to_json() for c in reading.clauses])
    assert "\n".join(p.text for p in cut) == reading.text


def test_an_article_keeps_its_paragraphs_and_items() -> None:
    text = "第一条 申请人应当符合下列条件：\n（一）有本县户籍；\n（二）住房困难。\n申请人应当如实申报。\n第二条 本办法自2024年1月1日起施行。"
    reading = read_bytes(text.encode(), "a.txt")
    cut = passages(reading.text, [c.to_json() for c in reading.clauses])
    assert [(p.label, p.text.count("\n")) for p in cut if p.level == "article"] == [("第一条", 3), ("第二条", 0)]


def test_the_tally_counts_articles_apart_from_other_lines() -> None:
    tally = compare([Passage("题注一二三四五六"), *law(A, B, C)], [Passage("题注一二三四五七"), *law(A, D, C)]).tally()
    assert tally.has_articles
    assert dict(tally.articles) == {"same": 2, "removed": 1, "added": 1}
    assert dict(tally.others) == {"changed": 1}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["甲。" * 30_000], ["乙。" * 30_000]),
        (["甲" * 50_000], ["甲" * 25_000 + "乙" + "甲" * 20_000]),
        ([f"{A}{n}" for n in range(3_000)], [f"{A}{n + 1}变" for n in range(3_000)]),
        ([A] * 5_000, [A] * 4_999 + [B]),
    ],
    ids=["all sentences differ", "one long sentence", "three thousand lookalikes", "five thousand twins"],
)
def test_hostile_texts_stay_within_the_effort(old: list[str], new: list[str]) -> None:
    effort = Effort()
    found = compare(law(*old), law(*new), effort=effort)
    assert effort.left > -100_000
    assert found.old_text() == "\n".join(p.text for p in law(*old))
    assert found.new_text() == "\n".join(p.text for p in law(*new))
