"""The clause tree and its anchors."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.formats.numbering import chinese
from gongkai.text.markup import to_html, walk
from gongkai.text.read import read_bytes


def law(articles: list[int], *, chapter: bool = False) -> str:
    head = "某某条例\n" + ("第一章 总则\n" if chapter else "")
    return head + "".join(
        f"第{chinese(n)}条 关于第{n}件事的规定，由县政府负责。\n第{n}条的第二款，另行规定。\n（一）甲；\n（二）乙。\n"
        for n in articles
    )


def tree(text: str, name: str = "law.txt"):
    return read_bytes(text.encode(), name).clauses


def test_chapters_hold_articles_and_articles_hold_paragraphs_and_items() -> None:
    (chapter,) = tree(law([1, 2], chapter=True))
    assert (chapter.anchor, chapter.heading, chapter.level) == ("ch-1", "总则", "chapter")
    assert [c.anchor for c in chapter.children] == ["art-1", "art-2"]
    first = chapter.children[0]
    assert [(c.anchor, c.level, c.label) for c in first.children] == [
        ("art-1-p2", "paragraph", "第二款"),
        ("art-1-item-1", "item", "（一）"),
        ("art-1-item-2", "item", "（二）"),
    ]


@given(st.lists(st.integers(1, 40), min_size=2, max_size=12, unique=True).map(sorted), st.data())
def test_an_anchor_stays_when_other_articles_come_and_go(articles: list[int], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(articles), min_size=1, unique=True).map(sorted))
    whole = {c.anchor: c.label for c in tree(law(articles))}
    less = {c.anchor: c.label for c in tree(law(kept))}
    assert less.items() <= whole.items()


def test_anchors_are_unique_even_when_labels_repeat() -> None:
    text = law([1, 2]) + "附件1\n某某细则\n第一条 细则。\n一、要求\n一、要求\n附件2\n一、另一件\n"
    anchors = [c.anchor for c in walk(tree(text))]
    assert len(anchors) == len(set(anchors))


def test_attachments_have_anchors_of_their_own_number() -> None:
    text = "关于开展检查的通知\n各单位：\n请认真落实以下要求。\n一、总体要求\n青禾县财政局\n2023年5月1日\n附件2\n一、对象\n附件1\n一、范围\n"
    anchors = {c.anchor: c.heading for c in tree(text)}
    assert anchors == {"s-1": "总体要求", "a2-s-1": "对象", "a1-s-1": "范围"}


def test_a_table_of_contents_is_not_the_text() -> None:
    text = "某某条例\n目 录\n第一章 总则\n第二章 附则\n第一章 总则\n第一条 甲事由县政府负责。\n第二章 附则\n第二条 本条例自2020年1月1日起施行。\n"
    assert [(c.anchor, len(c.children)) for c in tree(text)] == [("ch-1", 1), ("ch-2", 1)]


def test_headings_of_a_plan_nest_by_their_marks() -> None:
    text = "2023年工作要点\n一、深化公开\n（一）聚焦发展。抓好落实。\n1.公开清单。\n（1）按月更新。\n（二）聚焦民生。抓好落实。\n二、加强保障\n"
    first, second = tree(text)
    assert [c.anchor for c in walk([first])] == ["s-1", "s-1-1", "s-1-1-1", "s-1-1-1-1", "s-1-2"]
    assert second.anchor == "s-2"
    assert first.children[0].heading == "聚焦发展"


def test_the_page_carries_every_anchor_once_and_no_markup_of_the_file() -> None:
    reading = read_bytes((law([1, 2]) + "<script>alert(1)</script>与<b>粗体</b>\n").encode(), "law.txt")
    html = to_html(reading)
    for clause in walk(reading.clauses):
        assert html.count(f'id="{clause.anchor}"') == 1
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
