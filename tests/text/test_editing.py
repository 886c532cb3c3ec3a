"""A text that was edited: unchanged clauses keep their anchors, an unedited text stays exactly as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.text.editing import Text, edited
from gongkai.text.errors import UnreadableFile
from gongkai.text.markup import to_html
from gongkai.text.read import read_bytes, read_file
from gongkai.text.reading import Reading
from gongkai.text.written import Written, as_lines, written_in_html, written_in_lines
from tests.conftest import ROOT
from tests.soaking import often

NOTICE = (
    "青财〔2020〕1号\n青禾县财政局关于印发《青禾县停车管理办法》的通知\n各乡镇人民政府：\n现将《青禾县停车管理办法》印发给你们。\n"
    "青禾县财政局\n2020年5月1日\n青禾县停车管理办法\n第一条 为规范停车，制定本办法。\n第二条 县财政局负责下列事项：\n（一）收费；\n（二）监督。\n"
    "违反规定的，责令改正。\n第三条 本办法自印发之日起施行。\n附件1\n一、收费标准\n二、减免情形\n"
)


def stored(text: str | Reading) -> Text:
    reading = read_bytes(text.encode(), "a.txt") if isinstance(text, str) else text
    return Text(reading.text, to_html(reading), [c.to_json() for c in reading.clauses])


def flat(clauses: list) -> list[dict]:
    return [c for clause in clauses for c in (clause, *flat(clause["children"]))]


def anchors(text: Text) -> dict[str, str]:
    return {c["anchor"]: text.text[c["source"][0] : c["source"][1]].split("\n")[0] for c in flat(text.clauses)}


def samples() -> list[Path]:
    return sorted(p for p in (ROOT / "sample" / "files").rglob("*") if p.is_file())


def is_kept_exactly(reading: Reading) -> bool:
    text = stored(reading)
    given = written_in_html(text.html)
    more = edited(text, [*given, Written("又及。", "text")])
    again = edited(more, given)  # worked out anew: nothing is left of the addition
    return edited(text, given) is text and edited(text, written_in_lines(as_lines(given))) is text and again == text


@pytest.mark.parametrize("paper", samples(), ids=lambda p: p.stem[:20])
def test_a_paper_saved_unedited_is_exactly_what_it_was(paper: Path) -> None:
    try:
        reading = read_file(paper)
    except UnreadableFile:
        return  # a scan without words is no text to edit
    assert is_kept_exactly(reading)


@pytest.mark.corpus
@pytest.mark.soak
def test_real_papers_saved_unedited_are_exactly_what_they_were(shared: Path) -> None:
    papers = [p for kind in ("portals", "gov_cn", "laws") for p in sorted((shared / "corpus" / kind).rglob("*.*"))]
    odd = []
    for paper in papers[:: often(12, 1)]:
        try:
            reading = read_file(paper)
        except UnreadableFile:
            continue
        if not is_kept_exactly(reading):
            odd.append(paper.name)
    assert odd == []


def test_a_changed_word_changes_its_own_clause_and_no_anchor() -> None:
    text = stored(NOTICE)
    changed = edited(text, written_in_html(text.html.replace("监督。", "监督检查。")))
    assert anchors(changed).keys() == anchors(text).keys()
    assert anchors(changed)["art-2-item-2"] == "（二）监督检查。"
    assert changed.text == text.text.replace("监督。", "监督检查。")
    assert changed.html == text.html.replace("监督。", "监督检查。")


def test_an_inserted_article_takes_an_anchor_of_its_own() -> None:
    text = stored(NOTICE)
    added = '<p id="art-3" class="clause clause-article"><span class="clause-label">第三条</span>'
    assert added in text.html
    changed = edited(text, written_in_html(text.html.replace(added, f"<p>第二条之一 停车人应当缴费。</p>{added}")))
    assert anchors(changed) == {**anchors(text), "art-2-1": "第二条之一 停车人应当缴费。"}


def test_a_list_before_another_of_the_same_numbers_does_not_take_its_anchors() -> None:
    text = stored("关于检查的通知\n各单位：\n请落实以下要求。\n一、时间安排\n五月底前完成。\n二、报送方式\n书面报送。\n")
    assert list(anchors(text)) == ["s-1", "s-2"]
    changed = edited(text, written_in_html(text.html.replace('<p class="text">请落实', '<p>一、背景</p><p class="text">请落实')))
    told = anchors(changed)
    assert (told["s-1"], told["s-2"]) == ("一、时间安排", "二、报送方式")
    assert [a for a, words in told.items() if words == "一、背景"] == ["s-1.2"]


def test_a_signature_that_is_corrected_is_still_no_clause() -> None:
    text = stored(NOTICE.replace("青禾县财政局\n2020年5月1日\n", "一、青禾县财政局\n2020年5月1日\n"))
    before = anchors(text)
    changed = edited(text, written_in_html(text.html.replace("2020年5月1日", "2020年5月2日")))
    assert anchors(changed) == before


def test_a_deleted_paragraph_is_gone_and_the_head_stays() -> None:
    text = stored(NOTICE)
    kept = [w for w in written_in_html(text.html) if not w.text.startswith("第二条")]
    changed = edited(text, kept)
    assert changed.text.startswith("青财〔2020〕1号\n青禾县财政局关于印发")
    assert "第二条" not in changed.text
    assert "art-2" not in anchors(changed)


def test_everything_may_be_deleted() -> None:
    text = stored(NOTICE)
    assert edited(text, []).clauses == []
    assert edited(text, []).html == ""


def test_a_table_keeps_its_cells_and_how_far_they_reach() -> None:
    html = '<p>各单位：</p><table><tr><td colspan="2">项目</td></tr><tr><td>停车</td><td>5元</td></tr></table>'
    (_, head, row) = written_in_html(html)
    assert [c.width for c in head.cells] == [2]
    text = Text("各单位：\n项目\n停车\t5元", html, [])
    plain = written_in_lines(as_lines(written_in_html(html)).replace("5元", "6元"))
    changed = edited(text, plain)
    assert '<td colspan="2">项目</td>' in changed.html
    assert "<td>6元</td>" in changed.html
    assert row.text == "停车\t5元"


@pytest.mark.parametrize(
    "markup",
    [
        "<p>甲<script>alert(1)</script></p>",
        "<p>甲</p><style>p{}</style>",
        "<p onclick='x()'>甲</p>",
        "甲",
        "<div><div><p><b>甲</b></p></div></div>",
        "<ul><li>甲</li></ul>",
        "\x00<p>\x00甲</p>",
        "<!-- x --><p>甲",
        "<p>甲<p>",
    ],
)
def test_whatever_an_editor_or_a_stranger_sends_only_its_words_are_taken(markup: str) -> None:
    assert [w.text for w in written_in_html(markup)] == ["甲"]


@pytest.mark.parametrize("markup", ["", "   ", "<p></p>", "<<<", "<p>&nbsp;</p>", "<table><tr><td></td></tr></table>"])
def test_no_words_are_no_paragraphs(markup: str) -> None:
    assert [w.text for w in written_in_html(markup) if w.text.strip("<")] == []


def test_deeply_nested_elements_are_no_trap() -> None:
    written_in_html("<div>" * 20_000 + "甲" + "</div>" * 20_000)


words = st.text("停车收费监督检查〇一二三第条章（）、。 ", min_size=1, max_size=12)
lines_ = st.one_of(
    words,
    st.builds("第{}条 {}".format, st.sampled_from("一二三四五六"), words),
    st.builds("{}、{}".format, st.sampled_from("一二三"), words),
)


@settings(max_examples=often(80, 3_000), deadline=None)
@given(st.data())
def test_after_any_edit_the_clauses_point_to_their_labels_and_unchanged_ones_keep_their_anchors(data: st.DataObject) -> None:
    text = stored(NOTICE)
    written = written_in_html(text.html)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(written) - 1)))
        act = data.draw(st.sampled_from(["insert", "delete", "change"]))
        new = written_in_html(f"<p>{data.draw(lines_)}</p>") if act != "delete" else []
        written[at : at + (act != "insert")] = new
    changed = edited(text, written)
    told = flat(changed.clauses)
    assert len({c["anchor"] for c in told}) == len(told)
    for clause in told:
        line = changed.text[clause["source"][0] : clause["source"][1]]
        assert clause["level"] == "paragraph" or line.startswith(clause["label"])
        assert f'id="{clause["anchor"]}"' in changed.html
    assert [w.text for w in written_in_html(changed.html)] == [w.text for w in written]
    again = edited(changed, written_in_html(changed.html))
    assert again is changed
