"""Uploading in the browser, and checking papers beside their originals."""

from __future__ import annotations

import io
import re
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gongkai.core.agencies.queries import find_agency
from gongkai.core.jobs.models import Job
from gongkai.core.jobs.worker import work
from gongkai.core.staff.actions import set_roles
from gongkai.domains.library.actions.content import QUESTIONS
from gongkai.domains.library.models import Document, Upload
from tests.disks import full_disk
from tests.domains.library.papers import filed, notice

pytestmark = pytest.mark.usefixtures("own_database", "county")


def file(text: str, name: str = "通知.txt") -> io.BytesIO:
    """A file as a browser sends it."""
    sent = io.BytesIO(text.encode())
    sent.name = name
    return sent


def hand_over(client, *files: io.BytesIO, token: str = "", organ: str = "青禾县财政局"):
    """Send the upload form."""
    told = {"token": token or uuid.uuid4().hex, "agency": find_agency(organ).pk, "papers": list(files)}
    return client.post("/console/imports/", told)


def let_jobs_run(folder: Path) -> None:
    """What a worker would do now."""
    work(folder, lambda: datetime(2026, 11, 20, 3, 0, tzinfo=UTC), once=True, heed_signals=False)


def test_an_uploaded_paper_is_read_filed_and_not_public(signed_in, own_database: Path) -> None:
    editor = signed_in("editor")
    answer = hand_over(editor, file(notice(3)))
    assert answer.status_code == 302
    let_jobs_run(own_database)
    (document,) = Document.objects.all()
    assert (document.document_number, document.editorial) == ("青财〔2020〕3号", "draft")
    shown = editor.get(answer["Location"]).content.decode()
    assert document.title in shown
    assert "通知.txt" in shown
    assert not list((own_database / "uploads").iterdir())


def test_a_form_sent_twice_is_one_upload_and_one_document(signed_in, own_database: Path) -> None:
    editor, token = signed_in("editor"), uuid.uuid4().hex
    first, second = (hand_over(editor, file(notice(3)), token=token) for _ in range(2))
    let_jobs_run(own_database)
    assert first["Location"] == second["Location"]
    assert (Upload.objects.count(), Job.objects.filter(kind="import_upload").count(), Document.objects.count()) == (1, 1, 1)


def test_a_token_that_somebody_else_used_is_refused(signed_in) -> None:
    token = uuid.uuid4().hex
    hand_over(signed_in("editor"), file(notice(3)), token=token)
    answer = hand_over(signed_in("editor"), file(notice(4)), token=token)
    assert answer.status_code == 400
    assert "已经被别人用过" in answer.content.decode()


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], "还没有选择文件"),
        ([("空.txt", b"")], "“空.txt”是空文件"),
        ([(f"{n}.txt", b"x") for n in range(201)], "一次最多上传 200 份"),
    ],
)
def test_files_that_cannot_be_taken_are_named_and_nothing_is_kept(signed_in, own_database: Path, files, told: str) -> None:
    sent = []
    for name, data in files:
        one = io.BytesIO(data)
        one.name = name
        sent.append(one)
    answer = hand_over(signed_in("editor"), *sent)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not Upload.objects.exists()
    assert not (own_database / "uploads").exists() or not list((own_database / "uploads").iterdir())


def test_nobody_uploads_for_an_organ_out_of_reach(signed_in) -> None:
    answer = hand_over(signed_in("editor"), file(notice(3)), organ="青禾县民政局")
    assert answer.status_code == 400
    assert not Upload.objects.exists()


def test_a_tampered_token_is_refused(signed_in) -> None:
    answer = hand_over(signed_in("editor"), file(notice(3)), token="../../../../etc")
    assert answer.status_code == 400
    assert not Upload.objects.exists()


def test_names_that_lead_out_of_the_folder_become_harmless(signed_in, own_database: Path) -> None:
    hand_over(signed_in("editor"), file(notice(3), "..\\..\\evil?.txt"))
    let_jobs_run(own_database)
    assert Document.objects.count() == 1
    (name,) = Upload.objects.get().names
    assert not set(name) & set("/\\:?")


def test_a_role_taken_away_before_the_job_runs_stops_it_and_says_so(signed_in, own_database: Path, doing) -> None:
    editor = signed_in("editor")
    hand_over(editor, file(notice(3)))
    set_roles(editor.person.pk, ["leader"], doing)
    let_jobs_run(own_database)
    job = Job.objects.get(kind="import_upload")
    assert (job.status, Document.objects.count()) == ("given_up", 0)
    assert "已经不能为这个机构上传" in job.error


def test_a_paper_that_another_organ_holds_is_neither_changed_nor_told(signed_in, own_database: Path, doing) -> None:
    theirs = filed(notice(3), doing, public=False)
    stranger = signed_in("editor", organ="青禾县民政局")
    answer = hand_over(stranger, file(notice(3, body="改了一个字。")), organ="青禾县民政局")
    let_jobs_run(own_database)
    assert Document.objects.get().revisions.count() == 1
    shown = stranger.get(answer["Location"]).content.decode()
    assert "库中另一机构已经收有这份文件" in shown
    assert theirs.title not in shown


def test_what_was_unclear_waits_in_the_queue_until_a_person_accepts_it(signed_in, own_database: Path) -> None:
    editor = signed_in("editor")
    hand_over(editor, file(notice(3).replace("青禾县财政局\n2020年5月1日", "青禾县财政局\n2020年2月31日")))
    let_jobs_run(own_database)
    document = Document.objects.get()
    assert document.editorial == "questioned"
    page = editor.get(f"/console/review/{document.pk}/").content.decode()
    assert QUESTIONS[document.questions[0]] in page
    assert "青财〔2020〕3号" in page
    done = editor.post(f"/console/review/{document.pk}/accept/")
    assert done["Location"] == "/console/imports/"
    document.refresh_from_db()
    assert (document.editorial, document.questions) == ("draft", [])


def test_accepting_twice_says_so_and_changes_nothing(signed_in, doing) -> None:
    document = filed(notice(3), doing, public=False)
    editor = signed_in("editor")
    answer = editor.post(f"/console/review/{document.pk}/accept/", follow=True)
    assert "不能确认" in answer.content.decode()


def test_an_original_is_given_to_its_organ_and_not_to_another(signed_in, own_database: Path) -> None:
    editor = signed_in("editor")
    hand_over(editor, file(notice(3)))
    let_jobs_run(own_database)
    document = Document.objects.get()
    page = editor.get(f"/console/review/{document.pk}/").content.decode()
    (address,) = re.findall(r'href="(/console/documents/\d+/files/[0-9a-f]{64}/)"', page)
    assert b"".join(editor.get(address)).decode() == notice(3)
    assert signed_in("editor", organ="青禾县民政局").get(address).status_code == 404


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999"])
def test_a_number_that_names_nothing_is_not_found(signed_in, number: str) -> None:
    assert signed_in("editor").get(f"/console/review/{number}/").status_code == 404


@pytest.mark.parametrize(("size", "status"), [(300_000, 400), (3_000_000, 413)], ids=["came in memory", "came in a file"])
def test_a_full_disk_is_told_and_the_same_form_goes_through_when_there_is_room(
    signed_in, own_database: Path, size: int, status: int
) -> None:
    editor, token, paper = signed_in("editor"), uuid.uuid4().hex, notice(3) + "附注" * (size // 6)
    with full_disk(200_000):
        answer = hand_over(editor, file(paper), token=token)
    assert answer.status_code == status
    assert "服务器没能保存" in answer.content.decode()
    assert not list((own_database / "uploads").glob("*"))
    assert hand_over(editor, file(paper), token=token).status_code == 302
    let_jobs_run(own_database)
    assert Document.objects.get().document_number == "青财〔2020〕3号"
