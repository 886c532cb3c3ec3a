"""DOCX, PDF, OFD and saved pages: the same paper from several producers, and files that mean harm."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from gongkai.text import dates, errors, numbers, organs
from gongkai.text.blanks import squeeze
from gongkai.text.read import read_bytes, read_file
from gongkai.text.reading import Reading
from sample.build.manuscript import Manuscript, Piece, manuscripts
from sample.build.ofd import to_ofd
from sample.build.page import to_html
from sample.build.word import to_docx

FILES = Path(__file__).parents[2] / "sample" / "files"


def plain(text: str) -> str:
    return re.sub(r"[\s|]", "", text)


@pytest.mark.parametrize("paper", manuscripts(), ids=lambda m: m.slug)
def test_every_sample_paper_is_read_as_its_author_meant_it(paper: Manuscript) -> None:
    facts, reading = paper.data["facts"], read_file(FILES / paper.target)
    assert squeeze(reading.title.value if reading.title else "") == squeeze(facts["title"])
    assert (reading.document_number.value if reading.document_number else None) == facts["document_number"]
    assert (reading.issued_on.value if reading.issued_on else None) == (str(facts["issued_on"]) if facts["issued_on"] else None)
    assert [o.value for o in reading.organs] == paper.data["organs"]
    repeals = {(r["document_number"]) for r in facts["relations"] or [] if r["kind"] in ("repeals", "amends")}
    assert repeals <= {r.document_number for r in reading.relations if r.kind in ("repeals", "amends")}


@pytest.mark.parametrize("paper", [m for m in manuscripts() if m.data["deliver"] != "html"], ids=lambda m: m.slug)
def test_no_word_of_a_sample_paper_is_lost(paper: Manuscript) -> None:
    wanted = "".join(plain(p.text) if p.role != "table" else plain("".join("".join(r) for r in p.rows)) for p in paper.pieces())
    assert sorted(plain(read_file(FILES / paper.target).text)) == sorted(wanted)


def pieces_of(reading: Reading) -> list[Piece]:
    """A real paper's lines with the parts they play, for a producer to set."""
    out: list[Piece] = []
    rows: list[tuple[str, ...]] = []
    title = reading.title.source if reading.title and reading.title.source else (0, 0)
    for line in reading.lines:
        if line.block.kind == "row":
            rows.append(tuple(cell.text for cell in line.block.cells))
            continue
        if rows:
            out.append(Piece("table", rows=tuple(rows)))
            rows = []
        out.append(Piece(_role(line.text, title[0] <= line.start and line.end <= title[1], reading), line.text))
    return [*out, Piece("table", rows=tuple(rows))] if rows else out


def _role(text: str, in_title: bool, reading: Reading) -> str:
    if in_title:
        return "title"
    if numbers.whole(text):
        return "number"
    if reading.addressees and squeeze(text).rstrip("：") == squeeze(reading.addressees[0].value):
        return "addressees"
    if dates.whole(text):
        return "date"
    return "signature" if organs.split(text) and len(text) < 40 else "paragraph"


def real_papers(shared: Path) -> list[Path]:
    gov = sorted((shared / "corpus/gov_cn").glob("*.txt"))
    return [*gov[:4], *gov[12:15], shared / "seeds/laiyang-2022-work-points.txt", shared / "seeds/qixia-2023-work-points.txt"]


def same(before: Reading, after: Reading) -> None:
    """Nothing lost, nothing invented, same fields; same order, save where a page break cuts a table row in two."""
    assert sorted(plain(after.text)) == sorted(plain(before.text))
    if not any(line.block.kind == "row" for line in before.lines):
        assert plain(after.text) == plain(before.text)
    for field in ("title", "document_number", "issued_on"):
        old, new = getattr(before, field), getattr(after, field)
        assert squeeze(new.value if new else "") == squeeze(old.value if old else "")
    assert [squeeze(o.value) for o in after.organs] == [squeeze(o.value) for o in before.organs]


@pytest.mark.corpus
def test_real_papers_survive_python_docx_and_ofd(shared: Path) -> None:
    for path in real_papers(shared):
        before = read_file(path)
        same(before, read_bytes(to_docx(pieces_of(before)), "a.docx"))
        same(before, read_bytes(to_ofd(pieces_of(before), ""), "a.ofd"))


@pytest.mark.corpus
@pytest.mark.office
def test_real_papers_survive_libreoffice(shared: Path, tmp_path: Path) -> None:
    papers = [read_file(path) for path in real_papers(shared)]
    for number, before in enumerate(papers):
        (tmp_path / f"{number}.docx").write_bytes(to_docx(pieces_of(before)))
    for form in ("pdf", "doc", "odt"):
        command = [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(tmp_path),
        ]
        subprocess.run([*command, *map(str, tmp_path.glob("*.docx"))], check=True, capture_output=True, timeout=300)
    for number, before in enumerate(papers):
        same(before, read_file(tmp_path / f"{number}.pdf"))
    same(papers[0], read_file(tmp_path / "0.doc"))
    (tmp_path / "0.doc").rename(tmp_path / "renamed.docx")
    same(papers[0], read_file(tmp_path / "renamed.docx"))  # a DOC that somebody named DOCX


@pytest.mark.corpus
@pytest.mark.browser
def test_real_papers_survive_printing_from_chromium(shared: Path, browser) -> None:
    page = browser.new_page()
    for path in real_papers(shared):
        before = read_file(path)
        page.set_content(to_html(pieces_of(before)))
        same(before, read_bytes(page.pdf(format="A4", prefer_css_page_size=True), "a.pdf"))


def docx(build) -> bytes:
    document, out = Document(), BytesIO()
    build(document)
    document.save(out)
    return out.getvalue()


def test_automatic_numbers_of_word_lists_are_read() -> None:
    def build(document) -> None:
        numbering = document.part.numbering_part.element
        abstract = OxmlElement("w:abstractNum")
        abstract.set(qn("w:abstractNumId"), "77")
        for depth, (form, text) in enumerate((("chineseCounting", "%1、"), ("chineseCounting", "（%2）"))):
            level = OxmlElement("w:lvl")
            level.set(qn("w:ilvl"), str(depth))
            for name, value in (("start", "1"), ("numFmt", form), ("lvlText", text)):
                element = OxmlElement(f"w:{name}")
                element.set(qn("w:val"), value)
                level.append(element)
            abstract.append(level)
        numbering.insert(0, abstract)
        num = OxmlElement("w:num")
        num.set(qn("w:numId"), "77")
        reference = OxmlElement("w:abstractNumId")
        reference.set(qn("w:val"), "77")
        num.append(reference)
        numbering.append(num)
        for text, depth in (("总体要求", 0), ("指导思想", 1), ("基本原则", 1), ("重点任务", 0), ("抓落实", 1)):
            properties = document.add_paragraph(text)._p.get_or_add_pPr()
            listed = properties.get_or_add_numPr()
            listed.get_or_add_ilvl().val = depth
            listed.get_or_add_numId().val = 77

    assert read_bytes(docx(build), "a.docx").text.split("\n") == [
        "一、总体要求",
        "（一）指导思想",
        "（二）基本原则",
        "二、重点任务",
        "（一）抓落实",
    ]


def test_tracked_deletions_are_left_out_and_said() -> None:
    def build(document) -> None:
        paragraph = document.add_paragraph("本办法有效期")
        for tag, text_tag, text in (("w:del", "w:delText", "三年"), ("w:ins", "w:t", "五年。")):
            change, run, words = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
            words.text = text
            run.append(words)
            change.append(run)
            paragraph._p.append(change)

    reading = read_bytes(docx(build), "a.docx")
    assert reading.text == "本办法有效期五年。"
    assert any("修订痕迹" in w for w in reading.warnings)


PORTAL = """<!DOCTYPE html><html><head><title>关于防汛的通知_某县政府</title>
<meta name="ArticleTitle" content="关于防汛的通知"><meta name="PubDate" content="2023-08-02 09:30"></head>
<body><div class="nav"><a href="/">首页</a><a href="/a">政务公开</a></div>
<table><tr><td>索引号：</td><td>11399928/2023-00017</td><td>成文日期：</td><td>2023-08-01</td></tr>
<tr><td>发文字号</td><td>青政办发〔2023〕9号</td><td>有效性</td><td>有效</td></tr></table>
<div class="main"><h1>关于防汛的通知</h1><p>发布日期：2023-08-02 来源：县水利局 浏览次数：12</p>
<div class="TRS_Editor"><p>各村：</p><p>　　进入汛期，请各村加强巡查，发现险情立即报告，不得延误。</p>
<script>alert('攻击')</script><p onclick="x()">　　联系电话：0599-7220016，全天有人值守，请互相转告。</p>
<p style="text-align:right">青禾县水利局</p><p style="text-align:right">2023年7月31日</p>
<p>附件：<a href="/u/1.docx">巡查表.docx</a></p></div></div>
<div class="footer">版权所有，主办单位某县人民政府，网站标识码3999280001</div></body></html>"""


def test_a_saved_page_gives_its_article_and_not_the_portal_around_it() -> None:
    reading = read_bytes(PORTAL.encode(), "page.html")
    assert reading.title is not None
    assert reading.title.value == "关于防汛的通知"
    assert reading.text.split("\n")[1] == "各村："
    assert not any(word in reading.text for word in ("版权所有", "政务公开", "浏览次数", "攻击", "索引号"))
    assert [(link.name, link.href) for link in reading.links] == [("巡查表.docx", "/u/1.docx")]


def test_where_paper_and_portal_differ_the_paper_wins_and_both_are_told() -> None:
    reading = read_bytes(PORTAL.encode(), "page.html")
    assert reading.issued_on is not None
    assert reading.issued_on.value == "2023-07-31"
    assert [(c.field, c.paper, c.metadata) for c in reading.conflicts] == [("issued_on", "2023-07-31", "2023-08-01")]


def test_what_only_the_portal_says_is_taken_and_marked_as_such() -> None:
    reading = read_bytes(PORTAL.encode(), "page.html")
    assert reading.document_number is not None
    assert (reading.document_number.value, reading.document_number.source) == ("青政办发〔2023〕9号", None)
    assert reading.document_number.origin == "table:发文字号"
    assert reading.published_on is not None
    assert reading.published_on.value == "2023-08-02"
    assert reading.index_number is not None


def bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b"0" * 80_000_000)
    return out.getvalue()


def escaping() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("OFD.xml", "<a/>")
        archive.writestr("../../etc/passwd", "x")
    return out.getvalue()


def entities() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>')
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "refusal"),
    [
        (b"", "a.txt", errors.EmptyFile),
        (b" \r\n\x00 ", "a.txt", errors.EmptyFile),
        (b"%PDF-1.7 nothing more", "a.pdf", errors.Damaged),
        (b"not a pdf at all", "a.pdf", errors.Damaged),
        (b"PK\x03\x04 broken", "a.docx", errors.Damaged),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "scan.png", errors.NoTextLayer),
        (b"\x00\x01\x02\x03" * 100, "a.xyz", errors.UnknownFormat),
        (bomb(), "a.docx", errors.Bomb),
        (escaping(), "a.ofd", errors.Bomb),
        (entities(), "a.docx", errors.Damaged),
        (b"<html><body><script>x</script></body></html>", "a.html", errors.EmptyFile),
    ],
    ids=["empty", "blank", "cut pdf", "false pdf", "cut docx", "picture", "unknown", "bomb", "path trick", "entity", "bare page"],
)
def test_a_harmful_or_broken_file_gets_a_clear_refusal(data: bytes, name: str, refusal: type[errors.UnreadableFile]) -> None:
    with pytest.raises(refusal) as caught:
        read_bytes(data, name)
    assert re.search("[一-鿿]{6}", str(caught.value))


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    with pytest.raises(errors.TooLarge):
        read_file(path)


def encrypted_pdf() -> bytes:
    """A PDF that needs a password: an encryption dictionary whose keys fit no empty password."""
    keys = "<" + "41" * 32 + ">"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        f"<< /Filter /Standard /V 1 /R 2 /O {keys} /U {keys} /P -4 >>".encode(),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00><00>] >>\nstartxref\n%d\n%%%%EOF" % start
    return out


def test_an_encrypted_pdf_says_to_take_the_password_off() -> None:
    with pytest.raises(errors.Encrypted, match="密码"):
        read_bytes(encrypted_pdf(), "a.pdf")


def test_a_pdf_of_pictures_asks_for_a_person(tmp_path: Path) -> None:
    from weasyprint import HTML

    page = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><rect width="400" height="400" fill="red"/></svg>'
    with pytest.raises(errors.NoTextLayer) as caught:
        read_bytes(HTML(string=page).write_pdf(), "scan.pdf")
    assert caught.value.needs_person


def test_without_libreoffice_a_doc_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(errors.NeedsOffice, match="DOCX"):
        read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old.doc")
