"""Old addresses: kept with the papers that carry them, given in lists, and the same after a rebuild."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.core.ledger.projections import rebuild
from gongkai.domains.library.actions.addresses import UnfitList, import_addresses
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import restore, withdraw
from gongkai.domains.library.models import Document, OldAddress
from gongkai.domains.library.queries.addresses import Moved, moved_to, old_addresses
from gongkai.domains.library.tasks.importing import Request, import_papers
from gongkai.text.addresses import address_of
from tests.domains.library.papers import TODAY, county, filed, notice, write

pytestmark = pytest.mark.django_db
OLD = "http://www.qinghe.example/zwgk/2020/t1.html"


def saved_page(text: str, url: str) -> str:
    """A page of an older portal that shows a paper."""
    body = "".join(f"<p>{line}</p>" for line in text.splitlines())
    head = f'<meta charset="utf-8"><meta name="Url" content="{url}">'
    return f'<html><head>{head}</head><body><div class="TRS_Editor">{body}</div></body></html>'


def imported(folder: Path, papers: dict[str, str], doing: Doing) -> list[Document]:
    """These files imported and published; the documents they became, in the order of their names."""
    report = import_papers(Request((write(folder, papers),), publish=True, workers=1), doing)
    return [Document.objects.get(pk=line.document) for line in report.lines]


def leads_to(url: str) -> Moved | None:
    address = address_of(url)
    assert address is not None
    return moved_to(address)


def everything() -> list[tuple[str, str, int, str]]:
    return sorted(OldAddress.objects.values_list("host", "path", "document_id", "origin"))


def test_a_saved_page_brings_its_address_along(doing: Doing, tmp_path: Path) -> None:
    county()
    (document,) = imported(tmp_path, {"a.html": saved_page(notice(1), OLD)}, doing)
    for written in (OLD, OLD.replace("http://www.", "https://"), f"{OLD}?from=timeline"):
        assert leads_to(written) == Moved(document.pk, public=True)
    assert leads_to(OLD.replace("t1", "t2")) is None


def test_a_page_of_a_paper_already_held_brings_its_address_along_too(doing: Doing, tmp_path: Path) -> None:
    county()
    paper, page = imported(tmp_path, {"a.txt": notice(1), "b.html": saved_page(notice(1), OLD)}, doing)
    assert paper == page
    assert leads_to(OLD) == Moved(paper.pk, public=True)
    assert [origin for *_, origin in everything()] == ["file"]


def test_a_withdrawn_paper_is_said_to_be_withdrawn_and_a_draft_is_not_known(doing: Doing, tmp_path: Path) -> None:
    county()
    (document,) = imported(tmp_path, {"a.html": saved_page(notice(1), OLD)}, doing)
    withdraw(document.pk, "有误", doing)
    assert leads_to(OLD) == Moved(document.pk, public=False)
    restore(document.pk, "恢复", doing)
    assert leads_to(OLD) == Moved(document.pk, public=True)
    draft = filed(notice(2), doing, public=False)
    assert import_addresses(f"http://a.cn/d.html,{draft.pk}".encode()).kept == 1
    assert leads_to("http://a.cn/d.html") is None


def test_rebuilding_gives_the_same_addresses_and_leaves_those_given_by_hand(doing: Doing, tmp_path: Path) -> None:
    county()
    page = saved_page(notice(2), OLD.replace("t1", "t2"))
    first, second, _ = imported(tmp_path, {"a.html": saved_page(notice(1), OLD), "b.txt": notice(2), "c.html": page}, doing)
    import_addresses(f"{OLD},{second.pk}\nhttp://a.cn/1.html,{first.pk}".encode())
    correct(first.pk, {"summary": "改过"}, doing)
    before = everything()
    assert {origin for *_, origin in before} == {"revision", "file", "listed"}
    assert rebuild(TODAY).differences == []
    assert everything() == before
    OldAddress.objects.filter(origin="revision").update(path="/tampered")
    assert rebuild(TODAY).differences == [f"文件 {first.pk}：OldAddress"]
    assert everything() == before


def test_what_a_person_listed_comes_before_what_the_paper_says(doing: Doing, tmp_path: Path) -> None:
    county()
    (first,) = imported(tmp_path, {"a.html": saved_page(notice(1), OLD)}, doing)
    second = filed(notice(2), doing)
    assert leads_to(OLD) == Moved(first.pk, public=True)
    import_addresses(f"{OLD},{second.pk}".encode())
    assert leads_to(OLD) == Moved(second.pk, public=True)
    withdraw(second.pk, "有误", doing)
    assert leads_to(OLD) == Moved(first.pk, public=True)


def test_a_list_names_documents_by_any_of_their_names(doing: Doing) -> None:
    county()
    document = filed(notice(1), doing)
    names = [str(document.pk), document.index_number, document.document_number, f"/library/{document.pk}/"]
    names += [f"https://www.qinghe.example/library/{document.pk}/", "青财[2020] 1号"]
    rows = [f"http://a.cn/{n}.html,{name}" for n, name in enumerate(names)]
    for data in ("旧地址,文件\r\n" + "\r\n".join(rows), "\n".join(rows)):
        for encoding in ("utf-8-sig", "gb18030"):
            OldAddress.objects.all().delete()
            done = import_addresses(data.encode(encoding))
            assert (done.kept, done.known, done.refused) == (len(names), 0, []), (data, encoding)
    assert all(leads_to(f"http://a.cn/{n}.html") == Moved(document.pk, public=True) for n in range(len(names)))


def test_a_list_given_twice_changes_nothing_and_a_row_may_be_put_right(doing: Doing) -> None:
    county()
    first, second = filed(notice(1), doing), filed(notice(2), doing)
    rows = f"http://a.cn/1.html,{first.pk}\nhttp://a.cn/2.html,{second.pk}\n".encode()
    assert import_addresses(rows).kept == 2
    assert (import_addresses(rows).kept, import_addresses(rows).known) == (0, 2)
    assert import_addresses(f"http://a.cn/1.html,{second.pk}".encode()).kept == 1
    assert leads_to("http://a.cn/1.html") == Moved(second.pk, public=True)
    assert old_addresses()[1] == 2


def test_each_wrong_row_is_told_by_its_line_and_the_others_stand(doing: Doing) -> None:
    county()
    document = filed(notice(1), doing)
    data = f"网址,编号\n\nhttp://a.cn/1.html,{document.pk}\n/a/2.html,1\nhttp://a.cn/3.html,999999\nhttp://a.cn/4.html\nhttp://a.cn/5.html,青财〔1999〕1号\nhttp://a.cn/../6.html,1\n"
    done = import_addresses(data.encode())
    assert done.kept == 1
    assert [line for line, _ in done.refused] == [4, 5, 6, 7, 8]
    assert all(trouble for _, trouble in done.refused)


@pytest.mark.parametrize("data", [b"PK\x03\x04" + b"x" * 50, b"a\x00b", b'http://a.cn/1.html,"' + b"x" * 200_000])
def test_a_file_that_is_no_list_is_refused_whole(data: bytes) -> None:
    county()
    with pytest.raises(UnfitList, match=r"CSV|读不下去"):
        import_addresses(data)
    assert everything() == []


def test_papers_withheld_leave_no_trace_behind_their_address(doing: Doing, tmp_path: Path) -> None:
    county()
    withheld = saved_page(notice(1).replace("此件公开发布", "此件不予公开"), OLD)
    (document,) = imported(tmp_path, {"a.html": withheld}, doing)
    assert document not in Document.objects.public()
    assert leads_to(OLD) is None
