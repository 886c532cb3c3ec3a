"""Background jobs on the console."""

from __future__ import annotations

import pytest

from gongkai.core.jobs.actions import ask
from gongkai.core.jobs.models import Job, Status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


@pytest.fixture
def given_up(doing) -> Job:
    """A job that failed as often as it may."""
    number = ask("nightly", {}, key="2026-11-19", title="每日例行", doing=doing)
    Job.objects.filter(pk=number).update(status=Status.GIVEN_UP, error="磁盘已满。", error_type="OSError", failures=5)
    return Job.objects.get(pk=number)


def test_a_job_is_listed_with_what_went_wrong(signed_in, given_up: Job) -> None:
    page = signed_in("administrator").get("/console/jobs/").content.decode()
    assert given_up.title in page
    assert "磁盘已满。" in page
    assert "已放弃" in page


def test_an_administrator_tries_it_again(signed_in, given_up: Job) -> None:
    answer = signed_in("administrator").post(f"/console/jobs/{given_up.pk}/retry/", follow=True)
    assert "已重新排队" in answer.content.decode()
    given_up.refresh_from_db()
    assert (given_up.status, given_up.failures) == (Status.WAITING, 0)


def test_trying_again_what_waits_already_is_refused_in_words(signed_in, given_up: Job) -> None:
    client = signed_in("administrator")
    client.post(f"/console/jobs/{given_up.pk}/retry/")
    assert "不能重试" in client.post(f"/console/jobs/{given_up.pk}/retry/", follow=True).content.decode()


def test_it_is_cancelled(signed_in, given_up: Job) -> None:
    client = signed_in("administrator")
    client.post(f"/console/jobs/{given_up.pk}/retry/")
    client.post(f"/console/jobs/{given_up.pk}/cancel/")
    given_up.refresh_from_db()
    assert given_up.status == Status.GIVEN_UP


def test_an_auditor_looks_and_does_not_touch(signed_in, given_up: Job) -> None:
    auditor = signed_in("auditor")
    assert auditor.get(f"/console/jobs/{given_up.pk}/").status_code == 200
    assert auditor.post(f"/console/jobs/{given_up.pk}/retry/").status_code == 403
    given_up.refresh_from_db()
    assert given_up.status == Status.GIVEN_UP


@pytest.mark.parametrize("address", ["999/", "99999999999999999999/", "999/retry/", "1/explode/"])
def test_what_is_not_there_is_not_found(signed_in, address: str) -> None:
    client = signed_in("administrator")
    answer = client.post(f"/console/jobs/{address}") if address.count("/") == 2 else client.get(f"/console/jobs/{address}")
    assert answer.status_code == 404


@pytest.mark.parametrize("query", ["?status=nonsense", "?page=0", "?page=99999999", "?page=x"])
def test_odd_questions_get_a_page(signed_in, query: str) -> None:
    assert signed_in("administrator").get(f"/console/jobs/{query}").status_code == 200
