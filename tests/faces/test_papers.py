"""A paper in other forms: print view, code, PDF and Word, history, comparison."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import docx
import pypdfium2
import pytest
from django.test import Client

from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.filing import revise
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw
from gongkai.domains.library.models import Document
from gongkai.faces.portal.papers import press, word
from gongkai.faces.portal.papers.letterhead import MADE_HERE, letterhead
from tests.domains.library.papers import content, county, filed, fresh, notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def browse() -> Client:
    """A visitor whose server errors are answers, not exceptions."""
    return Client(raise_request_exception=False)


@pytest.fixture
def paper(doing: Doing) -> Document:
    """A public notice that prints a measure."""
    county()
    return filed(notice(1, body="为规范财政资金管理，提高使用效益，制定本办法。"), doing)


def text(response) -> str:
    return response.content.decode()


def forms(document: Document) -> dict[str, str]:
    """The addresses of all its forms."""
    address = f"/library/{document.pk}/"
    return {name: address + name for name in ("print/", "qr.svg", "paper.pdf", "paper.docx", "history/")} | {
        "compare": f"{address}compare/?with=r1"
    }


def revised(document: Document, written: str, doing: Doing, *, public: bool = True) -> None:
    """A new text of the document, published unless told otherwise."""
    revise(fresh(document), content(written), None, "revised", doing)
    if public:
        publish_as_already_public(document.pk, doing)


def law(year: int, *articles: str) -> str:
    """A consolidated version of a law."""
    body = "\n".join(f"第{'一二三四五六'[n]}条　{a}" for n, a in enumerate(articles))
    return f"# 青禾县养犬管理条例\n\n{year}年5月1日青禾县人民代表大会常务委员会公布\n\n{body}\n"


def test_the_print_view_looks_like_an_official_paper(browse: Client, paper: Document) -> None:
    page = text(browse.get(f"/library/{paper.pk}/print/"))
    assert re.search(r'redhead--\d+"><p>青禾县财政局文件</p>', page)
    assert page.index("青财〔2020〕1号") < page.index('class="rule"') < page.index("<h1>")
    assert 'id="art-1"' in page
    assert not re.search(r"<script|<style|\sstyle=", page)


@pytest.mark.parametrize(
    ("organs", "number", "kind", "lines"),
    [
        (["青禾县人民政府"], "青政发〔2024〕1号", "policy", ["青禾县人民政府文件"]),
        (["国务院"], "国令第306号", "regulation", ["国务院令"]),
        (["青禾县人大常委会"], "", "regulation", ["青禾县人大常委会"]),
        (["甲局", "乙局"], "甲〔2024〕1号", "policy", ["甲局", "乙局文件"]),
        (["甲局", "乙局", "丙局", "丁局", "戊局"], "甲〔2024〕1号", "policy", ["甲局", "乙局", "丙局", "丁局等5个机关文件"]),
        (["甲局"], "", "interpretation", None),
        ([], "甲〔2024〕1号", "policy", None),
    ],
)
def test_the_red_head_says_whose_paper_it_is(organs, number, kind, lines) -> None:
    head = letterhead(organs, number, kind)
    assert (head.lines if head else None) == lines
    assert head is None or max(map(len, head.lines)) * head.size <= 442 or head.size == 13


def test_the_code_is_a_picture_of_the_public_address_whatever_the_host_header_says(browse: Client, paper: Document) -> None:
    one = browse.get(f"/library/{paper.pk}/qr.svg")
    other = browse.get(f"/library/{paper.pk}/qr.svg", headers={"host": "localhost"})
    assert one.headers["Content-Type"] == "image/svg+xml"
    assert one.content.startswith(b"<?xml")
    assert one.content == other.content


def test_the_pdf_is_a_whole_paper_on_a4_that_says_where_it_was_made(browse: Client, paper: Document) -> None:
    answer = browse.get(f"/library/{paper.pk}/paper.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert f"document:{paper.pk}" in answer.headers["X-Page-Tags"].split()
    pdf = pypdfium2.PdfDocument(answer.content)
    words = "".join(page.get_textpage().get_text_range() for page in pdf)
    for expected in ("青禾县财政局文件", "青财〔2020〕1号", "第一条", "— 1 —", MADE_HERE):
        assert expected in re.sub(r"[\r\n]", "", words)
    assert [round(side) for side in pdf[0].get_size()] == [595, 842]


def test_the_word_file_is_a_whole_paper_with_a_red_head(browse: Client, paper: Document) -> None:
    answer = browse.get(f"/library/{paper.pk}/paper.docx")
    document = docx.Document(io.BytesIO(answer.content))
    paragraphs = document.paragraphs
    assert paragraphs[0].text == "青禾县财政局文件"
    assert str(paragraphs[0].runs[0].font.color.rgb) == "D01A1F"
    words = [p.text for p in paragraphs]
    assert any(w.startswith("第一条") for w in words)
    assert any(MADE_HERE in w and f"/library/{paper.pk}/" in w for w in words)
    assert round(document.sections[0].page_width.mm) == 210


def test_odd_markup_gives_a_word_file_with_every_word() -> None:
    html = (
        '<p class="text">甲<b>乙</b>\x0b</p><div class="table-scroll"><table><tr><td colspan="2" rowspan="3">丙</td><td>丁</td></tr>'
        '<tr><td>戊</td></tr><tr></tr><tr><td colspan="x">己</td></tr></table></div><table></table><img src="http://x/y.png">'
        '<blockquote>庚</blockquote><h2 id="s">一、辛</h2>'
    )
    job = {"title": "壬", "organs": "", "made_here": "癸", "head": [], "head_size": 0, "number": "", "notice": "", "html": html}
    document = docx.Document(io.BytesIO(word.made(job)))
    words = "".join(p.text for p in document.paragraphs) + "".join(
        c.text for t in document.tables for r in t.rows for c in r.cells
    )
    assert set("甲乙丙丁戊己庚辛壬癸") <= set(words)


def test_a_page_with_odd_markup_and_foreign_addresses_becomes_a_pdf_that_fetched_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容", encoding="utf-8")
    html = f'<p>正文<img src="file://{secret}"><link rel="attachment" href="file://{secret}"></p><table><tr></tr></table>'
    made = press.made(press.Job("pdf", "题", html, css="p { color: red"))
    assert made.startswith(b"%PDF")
    assert "正文" in pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range()
    assert pypdfium2.PdfDocument(made).count_attachments() == 0


def test_a_paper_that_is_too_long_is_refused_politely(browse: Client, paper: Document, monkeypatch) -> None:
    monkeypatch.setattr(press, "LONGEST", 10)
    answer = browse.get(f"/library/{paper.pk}/paper.pdf")
    assert answer.status_code == 503
    assert "太长" in text(answer)
    assert f'href="/library/{paper.pk}/print/"' in text(answer)
    assert "X-Page-Tags" not in answer.headers


def test_a_machine_without_the_parts_says_so_instead_of_breaking(browse: Client, paper: Document, monkeypatch, tmp_path) -> None:
    broken = tmp_path / "python"
    broken.write_text(f"#!/bin/sh\nexit {press.MISSING_PARTS}\n", encoding="ascii")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    answer = browse.get(f"/library/{paper.pk}/paper.docx")
    assert answer.status_code == 503
    assert "缺少" in text(answer)
    assert answer.headers["Retry-After"]


def test_while_one_file_is_in_the_making_another_reader_is_asked_to_come_back(browse: Client, paper: Document, settings) -> None:
    with press.FileLock(settings.DATA_FOLDER / "press.lock"):
        answer = browse.get(f"/library/{paper.pk}/paper.pdf")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_the_page_offers_files_made_here_only_where_no_such_original_is(browse: Client, paper: Document) -> None:
    page = text(browse.get(f"/library/{paper.pk}/"))
    assert f'href="/library/{paper.pk}/paper.pdf"' in page
    assert MADE_HERE in page


def test_the_page_tells_how_to_cite_the_paper(browse: Client, paper: Document) -> None:
    page = text(browse.get(f"/library/{paper.pk}/"))
    assert "《青禾县财政局关于印发〈青禾县某某管理办法〉的通知》（青财〔2020〕1号）" in page
    assert "青财〔2020〕1号[A/OL]. (2020-05-01)[查阅日期]." in page


def test_the_life_of_a_repealed_paper_is_a_picture_with_its_sentence(browse: Client, paper: Document, doing: Doing) -> None:
    filed(
        notice(
            2, "新的办法", year=2024, closing="本办法自2024年6月1日起施行。《青禾县某某管理办法》（青财〔2020〕1号）同时废止。"
        ),
        doing,
    )
    page = text(browse.get(f"/library/{paper.pk}/"))
    sentence = "这份文件2020年5月1日成文、施行，2024年6月1日废止；目前已废止。"
    assert f'role="img" aria-label="{sentence}"' in page
    assert f"<figcaption>{sentence}</figcaption>" in page


def test_a_new_text_is_compared_with_the_one_before(browse: Client, paper: Document, doing: Doing) -> None:
    revised(
        paper, notice(1, body="为规范财政资金管理，提高使用绩效，制定本办法。", closing="本办法自2020年6月1日起施行。"), doing
    )
    page = text(browse.get(f"/library/{paper.pk}/compare/?with=r1"))
    assert "条文修改2条" in page
    assert re.search(r"<del>.*?效益.*?</del><ins>.*?绩效.*?</ins>", page)
    assert "施行日期有变化" in page
    history = text(browse.get(f"/library/{paper.pk}/history/"))
    assert "与上一文本相比：施行日期有变化；条文修改2条。" in history
    assert f'href="/library/{paper.pk}/compare/?with=r1"' in history
    assert f'href="/library/{paper.pk}/history/"' in text(browse.get(f"/library/{paper.pk}/"))


def test_a_correction_that_was_not_published_is_nowhere(browse: Client, paper: Document, doing: Doing) -> None:
    correct(paper.pk, {"registration_number": "QH-SECRET-1"}, doing)
    assert browse.get(f"/library/{paper.pk}/compare/?with=r2").status_code == 404
    revised(paper, notice(1, body="为规范财政资金管理，保障安全，制定本办法。"), doing)
    history = text(browse.get(f"/library/{paper.pk}/history/"))
    assert "2 个文本" in history
    assert browse.get(f"/library/{paper.pk}/compare/?with=r2").status_code == 404
    assert browse.get(f"/library/{paper.pk}/compare/?with=r1&of=r2").status_code == 404
    assert "SECRET" not in history + text(browse.get(f"/library/{paper.pk}/compare/?with=r1"))


def test_a_text_that_was_withdrawn_for_good_is_not_shown_again(browse: Client, paper: Document, doing: Doing) -> None:
    revised(paper, notice(1, body="为规范财政资金管理，联系人张三，制定本办法。"), doing)
    withdraw(paper.pk, "含有个人信息", doing)
    for name, address in forms(paper).items():
        assert browse.get(address).status_code == 404, name
    restore(paper.pk, "核实后恢复", doing)
    for name, address in forms(paper).items():
        assert browse.head(address).status_code == 200, name


def test_versions_of_one_law_are_compared_and_only_those(browse: Client, paper: Document, doing: Doing) -> None:
    old = filed(law(2010, "为了规范养犬行为，制定本条例。", "养犬人应当办理登记，每年审验一次。"), doing)
    new = filed(law(2020, "为了规范养犬行为，制定本条例。", "一户只能养一只犬。", "养犬人应当办理登记，每两年审验一次。"), doing)
    if old.work_id is None or old.work_id != new.work_id:
        pytest.fail("the two texts are not read as versions of one law")
    page = text(browse.get(f"/library/{new.pk}/compare/?with={old.pk}"))
    assert "条文修改1条、新增1条" in page
    assert "2010年文本" in page
    assert text(browse.get(f"/library/{old.pk}/compare/?with={new.pk}")).count("<ins>") == page.count("<ins>")
    assert browse.get(f"/library/{new.pk}/compare/?with={paper.pk}").status_code == 404
    history = text(browse.get(f"/library/{new.pk}/history/"))
    assert history.index("2020年文本") < history.index("2010年文本")
    assert f'href="/library/{new.pk}/compare/?with={old.pk}"' in history
    withdraw(old.pk, "误发", doing)
    assert browse.get(f"/library/{new.pk}/compare/?with={old.pk}").status_code == 404


@pytest.mark.parametrize("asked", ["r0", "r99", "x", "-1", "1" * 40, "r1&of=r1", "r1%00", "../1", "999999"])
def test_odd_comparisons_are_not_found(browse: Client, paper: Document, asked: str) -> None:
    assert browse.get(f"/library/{paper.pk}/compare/?with={asked}").status_code == 404


def test_a_comparison_with_nothing_leads_to_the_history(browse: Client, paper: Document) -> None:
    answer = browse.get(f"/library/{paper.pk}/compare/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/library/{paper.pk}/history/")
    assert "只公开过一个文本" in text(browse.get(f"/library/{paper.pk}/history/"))


def test_forms_of_papers_that_are_not_public_are_not_found(browse: Client, paper: Document, doing: Doing) -> None:
    draft = filed(notice(7, "还没有发布的办法"), doing, public=False)
    for document in (draft.pk, 999_999, 10**30):
        for form in ("print/", "qr.svg", "paper.pdf", "paper.docx", "history/", "compare/", "compare/?with=r1"):
            assert browse.get(f"/library/{document}/{form}").status_code == 404, form


def test_every_form_says_what_it_shows_so_that_it_may_be_kept(browse: Client, paper: Document) -> None:
    for name, address in forms(paper).items():
        if name not in ("compare", "paper.pdf", "paper.docx"):
            assert f"document:{paper.pk}" in browse.get(address).headers["X-Page-Tags"].split(), name
