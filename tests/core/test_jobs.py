"""Background work: asked for once, done once, tried again with bounds, and never lost with a worker."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from gongkai.core.doing import Doing
from gongkai.core.freshness.purging import PurgeFailed
from gongkai.core.jobs import queries, running
from gongkai.core.jobs.actions import KEPT, NoSuchJob, NotNow, ask, cancel, prune, try_again
from gongkai.core.jobs.kinds import Hopeless, job
from gongkai.core.jobs.models import Attempt, Job, Outcome, Worker
from gongkai.core.jobs.presence import SILENCE, Presence
from gongkai.core.jobs.run import Interrupted, Run
from gongkai.core.jobs.worker import work

DONE: list[tuple[str, Any, str]] = []  # what ran, with what, for whom
SECRET = "zhang.san@example.com 13800138000"


@job("test.note", tries=3)
def note(arguments: dict[str, Any], run: Run) -> dict[str, Any]:
    DONE.append(("note", arguments, run.doing.actor))
    return {"noted": len(arguments)}


@job("test.fail", tries=3, pauses=(0,))
def fail(arguments: dict[str, Any], run: Run) -> None:
    DONE.append(("fail", run.attempt, run.doing.actor))
    raise PurgeFailed("nginx", "连接不上") if arguments.get("ours") else ValueError(SECRET)


@job("test.rest", tries=5, pauses=(0, 600, 3600))
def rest(arguments: dict[str, Any], run: Run) -> None:
    raise ValueError


@job("test.mend", tries=5, pauses=(0,))
def mend(arguments: dict[str, Any], run: Run) -> dict[str, Any]:
    if run.attempt < 3:
        raise OSError(28, "No space left on device")
    return {"attempt": run.attempt}


@job("test.hopeless", tries=5)
def hopeless(arguments: dict[str, Any], run: Run) -> None:
    raise Hopeless("文件已损坏，请重新上传。")


@job("test.slow")
def slow(arguments: dict[str, Any], run: Run) -> None:
    DONE.append(("slow", arguments, run.doing.actor))
    if arguments.get("cancelled"):
        cancel(run.job, doing())
    run.progress(5, 5)
    run.progress(5, arguments.get("of"))


@job("test.unsayable", tries=1)
def unsayable(arguments: dict[str, Any], run: Run) -> dict[str, Any]:
    return {"a set is no JSON": {1}}


@pytest.fixture(autouse=True)
def _nothing_done(own_database: Path) -> Iterator[None]:
    DONE.clear()
    yield
    DONE.clear()


def now() -> datetime:
    return datetime.now(UTC)


def doing(actor: str = "staff:12") -> Doing:
    at = now()
    return Doing(actor, at, at.date())


def asked(kind: str, key: str = "1", **arguments: Any) -> int:
    return ask(kind, arguments, key=key, title="办一件事", doing=doing())


def work_off(folder: Path) -> None:
    """A worker runs what is ready, and ends."""
    assert work(folder / "workers", now, once=True, heed_signals=False)


def at_once(*workers: Callable[[], object]) -> list[object]:
    """Several do something at the same moment, each with a connection of its own; what came out, errors too."""
    barrier, out = threading.Barrier(len(workers)), []

    def one(do: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            out.append(do())
        except Exception as error:  # noqa: BLE001 - for the test to look at
            out.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[do]) for do in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return out


def row(number: int) -> queries.Row:
    card = queries.one(number)
    assert card is not None
    return card.row


def outcomes(number: int) -> list[str]:
    return list(Attempt.objects.filter(job=number).values_list("outcome", flat=True))


@pytest.fixture
def dying(own_database: Path) -> Presence:
    """A worker that is about to die."""
    presence = Presence(own_database / "workers")
    running.arrived(presence.id, presence.place, now())
    return presence


@pytest.fixture
def living(own_database: Path) -> Iterator[Presence]:
    """A worker that stays."""
    presence = Presence(own_database / "workers")
    running.arrived(presence.id, presence.place, now())
    yield presence
    presence.leave()


def recover(by: Presence, at: datetime | None = None) -> int:
    at = at or now()
    return running.recover(at, lambda worker: by.lives(worker, at))


# Asking


def test_a_job_is_done_with_its_arguments_in_the_name_of_who_asked(own_database: Path) -> None:
    number = asked("test.note", upload=7)
    assert row(number).status == "waiting"
    work_off(own_database)
    assert DONE == [("note", {"upload": 7}, "staff:12")]
    card = queries.one(number)
    assert card is not None
    assert (card.row.status, card.row.attempts, card.result) == ("done", 1, {"noted": 1})
    assert [(t.number, t.outcome) for t in card.tries] == [(1, "完成")]
    work_off(own_database)
    assert len(DONE) == 1


def test_what_is_asked_in_a_transaction_is_kept_or_lost_with_it(own_database: Path) -> None:
    with transaction.atomic():
        asked("test.note")
        transaction.set_rollback(True)
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)
    with transaction.atomic():
        asked("test.note")
    work_off(own_database)
    assert len(DONE) == 1


def test_asking_again_gives_the_job_there_is_however_it_stands(own_database: Path) -> None:
    number = asked("test.note")
    assert asked("test.note") == number
    work_off(own_database)
    assert asked("test.note") == number
    assert asked("test.note", key="2") != number
    assert asked("test.fail") != number, "another kind has keys of its own"
    work_off(own_database)
    assert [what for what, *_ in DONE].count("note") == 2


def test_of_those_who_ask_at_once_one_makes_the_job(own_database: Path) -> None:
    numbers = at_once(*[lambda: asked("test.note")] * 4)
    assert len(set(map(str, numbers))) == 1, numbers
    work_off(own_database)
    assert len(DONE) == 1


def test_a_job_for_later_waits(own_database: Path) -> None:
    later = now() + timedelta(hours=1)
    number = ask("test.note", {}, key="1", title="晚些办", doing=doing(), not_before=later)
    work_off(own_database)
    assert (DONE, row(number).next_try_at) == ([], later)


# Failing


def test_a_job_that_fails_is_tried_again_and_given_up_at_last(own_database: Path) -> None:
    number = asked("test.fail", ours=True)
    work_off(own_database)
    assert [attempt for _, attempt, _ in DONE] == [1, 2, 3]
    stands = row(number)
    assert (stands.status, stands.attempts, stands.tries) == ("given_up", 3, 3)
    assert "连接不上" in stands.error
    assert stands.error_type.endswith("PurgeFailed")
    assert outcomes(number) == ["failed"] * 3
    assert queries.counts()["given_up"] == 1


def test_a_job_that_fails_for_a_while_is_done_in_the_end(own_database: Path) -> None:
    number = asked("test.mend")
    work_off(own_database)
    assert (row(number).status, row(number).error) == ("done", "")
    assert outcomes(number) == ["failed", "failed", "done"]
    assert "No space left" in Attempt.objects.filter(job=number)[0].error


def test_it_rests_longer_after_each_failure(own_database: Path) -> None:
    number = asked("test.rest")
    work_off(own_database)
    stands, ended = row(number), Attempt.objects.filter(job=number)[1].ended_at
    assert (stands.status, stands.attempts, stands.next_try_at) == ("failed", 2, ended + timedelta(seconds=600))
    work_off(own_database)
    assert row(number).attempts == 2, "it is not taken up before its time"


def test_what_a_foreign_error_says_is_kept_nowhere(own_database: Path) -> None:
    number = asked("test.fail")
    work_off(own_database)
    assert "ValueError" in row(number).error
    assert "test_jobs.py" in row(number).error
    kept = [*Job.objects.values(), *Attempt.objects.values(), *DBTaskResult.objects.values()]
    assert not any(word in str(kept) for word in SECRET.split())


def test_what_no_other_try_can_mend_is_given_up_at_once(own_database: Path) -> None:
    numbers = [asked(kind) for kind in ("test.hopeless", "test.of-another-version", "test.unsayable")]
    work_off(own_database)
    assert [(row(n).status, row(n).attempts) for n in numbers] == [("given_up", 1)] * 3
    assert row(numbers[0]).error == "文件已损坏，请重新上传。"
    assert "版本" in row(numbers[1]).error


# A person steps in


def test_a_person_may_try_again_what_was_given_up_with_all_its_tries(own_database: Path) -> None:
    number = asked("test.fail")
    work_off(own_database)
    try_again(number, doing("staff:3"))
    assert (row(number).status, row(number).error, row(number).decided_by) == ("waiting", "", "staff:3")
    work_off(own_database)
    assert (row(number).status, row(number).attempts) == ("given_up", 6)
    assert {who for _, _, who in DONE} == {"staff:12"}, "it acts for whoever asked for it"


def test_a_person_may_bring_the_next_try_forward(own_database: Path) -> None:
    number = asked("test.rest")
    work_off(own_database)
    try_again(number, doing())
    work_off(own_database)
    assert row(number).attempts == 4


def test_a_cancelled_job_is_not_done(own_database: Path) -> None:
    number = asked("test.note")
    cancel(number, doing("staff:3"))
    work_off(own_database)
    assert (DONE, row(number).status, row(number).decided_by) == ([], "given_up", "staff:3")
    assert "取消" in row(number).error
    try_again(number, doing())
    work_off(own_database)
    assert (len(DONE), row(number).status) == (1, "done")


def test_a_running_job_that_is_cancelled_ends_when_it_tells_its_progress(own_database: Path) -> None:
    number = asked("test.slow", cancelled=True)
    work_off(own_database)
    assert (row(number).status, outcomes(number)) == ("given_up", ["cancelled"])
    assert len(DONE) == 1


def test_what_cannot_be_done_now_is_refused_with_the_reason(own_database: Path) -> None:
    number = asked("test.note")
    with pytest.raises(NotNow, match="等待中"):
        try_again(number, doing())
    work_off(own_database)
    for step in (try_again, cancel):
        with pytest.raises(NotNow, match="已完成"):
            step(number, doing())
        with pytest.raises(NoSuchJob, match="999"):
            step(999, doing())


def test_progress_is_seen(own_database: Path) -> None:
    number = asked("test.slow", of=9)
    work_off(own_database)
    assert (row(number).done, row(number).total) == (5, 5)


# Several workers, and dead ones


def test_two_workers_do_each_job_once(own_database: Path) -> None:
    for n in range(12):
        asked("test.note", key=str(n), n=n)
    said = at_once(*[lambda: work_off(own_database)] * 2)
    assert said == [None, None]
    assert sorted(arguments["n"] for _, arguments, _ in DONE) == list(range(12))
    assert queries.counts()["done"] == 12


def test_of_two_who_take_up_one_try_one_gets_it(own_database: Path, living: Presence) -> None:
    number = asked("test.note")
    got = at_once(*[lambda: running.take_up(number, 1, living.id, now())] * 2)
    assert sorted(type(g).__name__ for g in got) == ["Job", "NoneType"]
    assert outcomes(number) == ["running"]


def test_a_job_whose_worker_died_is_taken_back_once_and_done(own_database: Path, dying: Presence, living: Presence) -> None:
    number = asked("test.note")
    running.take_up(number, 1, dying.id, now())
    assert recover(living) == 0, "its worker lives"
    dying.leave()
    assert sorted(at_once(*[lambda: recover(living)] * 3)) == [0, 0, 1]
    assert (row(number).status, outcomes(number)) == ("failed", ["lost"])
    work_off(own_database)
    assert (len(DONE), outcomes(number), row(number).status) == (1, ["lost", "done"], "done")


def test_a_job_that_kills_its_worker_again_and_again_is_given_up(own_database: Path, living: Presence) -> None:
    number = asked("test.note")
    for attempt in (1, 2, 3):
        killed = Presence(own_database / "workers")
        running.arrived(killed.id, killed.place, now())
        assert running.take_up(number, attempt, killed.id, now()) is not None
        killed.leave()
        recover(living)
    assert (row(number).status, outcomes(number)) == ("given_up", ["lost"] * 3)
    assert "意外中断" in row(number).error
    work_off(own_database)
    assert DONE == []


def test_a_ticket_taken_by_a_worker_that_died_before_it_began_is_not_lost(
    own_database: Path, dying: Presence, living: Presence
) -> None:
    number = asked("test.note")
    DBTaskResult.objects.get().claim(dying.id)
    recover(living)
    assert DBTaskResult.objects.ready().count() == 0, "its worker lives and will begin"
    dying.leave()
    at_once(*[lambda: recover(living)] * 3)
    assert DBTaskResult.objects.ready().count() == 1
    work_off(own_database)
    assert (len(DONE), outcomes(number)) == (1, ["done"])


def test_a_ticket_that_was_struck_off_for_nothing_is_drawn_again(own_database: Path) -> None:
    asked("test.note")
    DBTaskResult.objects.get().set_failed(ValueError("the queue's own trouble"))
    work_off(own_database)
    assert len(DONE) == 1


def test_a_worker_elsewhere_is_given_time_before_it_is_held_for_dead(own_database: Path, living: Presence) -> None:
    at = now()
    running.arrived("elsewhere", "another machine", at)
    number = asked("test.note")
    running.take_up(number, 1, "elsewhere", at)
    assert recover(living, at + SILENCE) == 0
    running.seen("elsewhere", at + timedelta(seconds=30))
    assert recover(living, at + SILENCE + timedelta(seconds=1)) == 0
    assert recover(living, at + SILENCE * 2) == 1
    assert not running.seen("elsewhere", at + SILENCE * 2), "it hears of it when it comes back"


def test_who_was_held_for_dead_cannot_go_on_or_end_what_another_has(own_database: Path, living: Presence) -> None:
    at = now()
    running.arrived("elsewhere", "another machine", at)
    number = asked("test.note")
    running.take_up(number, 1, "elsewhere", at)
    recover(living, at + SILENCE * 2)
    with pytest.raises(Interrupted):
        Run(number, 1, doing(), now).progress(1, 1)
    assert not running.end(number, 1, running.Ending(Outcome.DONE, result={"by": "the dead"}), now())
    work_off(own_database)
    card = queries.one(number)
    assert card is not None
    assert (card.result, outcomes(number)) == ({"noted": 0}, ["lost", "done"])


# Looking, and forgetting


def test_how_the_work_goes_and_whether_anybody_does_it(own_database: Path, living: Presence) -> None:
    asked("test.note")
    stands = queries.standing(now())
    assert (stands.attended, stands.counts["waiting"]) == (True, 1)
    assert not queries.standing(now() + SILENCE * 2).attended
    running.left(living.id, now())
    assert not queries.standing(now()).attended


def test_jobs_are_listed_newest_first_by_status_kind_and_person(own_database: Path) -> None:
    numbers = [asked("test.note", key=str(n)) for n in range(3)]
    ask("test.fail", {}, key="x", title="别人的事", doing=doing("staff:99"))
    work_off(own_database)
    found, count = queries.rows(kind="test.note", limit=2)
    assert ([r.number for r in found], count) == ([numbers[2], numbers[1]], 3)
    assert [r.title for r in queries.rows(status="given_up")[0]] == ["别人的事"]
    assert queries.rows(asked_by="staff:99")[1] == 1
    assert queries.kinds_asked() == ["test.fail", "test.note"]
    assert queries.one(10_000) is None


def test_what_ended_ninety_days_ago_is_forgotten_and_nothing_else(own_database: Path) -> None:
    asked("test.note", key="old")
    work_off(own_database)
    asked("test.rest", key="waits for its next try")
    work_off(own_database)
    assert prune(now() + KEPT - timedelta(minutes=1)) == 0
    assert prune(now() + KEPT + timedelta(minutes=1)) == 1
    assert list(Job.objects.values_list("key", flat=True)) == ["waits for its next try"]
    assert list(DBTaskResult.objects.values_list("status", flat=True)) == ["READY"]
    assert Worker.objects.count() == 0
