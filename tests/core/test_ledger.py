"""The ledger: append-only, chained, verifiable, rebuildable."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.ledger.append import Happening, Overtaken, Stream, append
from gongkai.core.ledger.models import AppendOnlyError, Event, StreamHead
from gongkai.core.ledger.projections import recorded
from gongkai.core.ledger.verify import keep_anchor, load_anchors, take_anchor, verify
from tests import databases
from tests.soaking import often

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ONE, TWO = Stream("document", "1"), Stream("document", "2")


def write(stream: Stream, *kinds: str, expected: int | None = None) -> list[Event]:
    with transaction.atomic():
        return append(stream, [Happening(k, {"n": k}) for k in kinds], actor="command", at=AT, expected=expected)


def test_events_count_on_within_their_stream_and_without_gaps_over_all() -> None:
    write(ONE, "filed", "published")
    write(TWO, "filed")
    write(ONE, "withdrawn")
    assert list(Event.objects.order_by("id").values_list("id", "stream_id", "sequence", "kind")) == [
        (1, "1", 1, "filed"),
        (2, "1", 2, "published"),
        (3, "2", 1, "filed"),
        (4, "1", 3, "withdrawn"),
    ]
    assert [e.kind for e in recorded(ONE)] == ["filed", "published", "withdrawn"]
    assert verify().faults == []


def test_who_has_folded_an_older_state_is_told_he_was_overtaken() -> None:
    write(ONE, "filed")
    with pytest.raises(Overtaken, match="刷新"):
        write(ONE, "published", expected=0)


def test_two_writers_cannot_take_the_same_place() -> None:
    (first,) = write(ONE, "filed")
    twin = Event(**{f.name: getattr(first, f.name) for f in Event._meta.fields} | {"id": 99})
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.bulk_create([twin])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_event SET payload = '{}'",
        "UPDATE ledger_event SET actor = 'x' WHERE id = 1",
        "DELETE FROM ledger_event",
        "DELETE FROM ledger_event WHERE id = 2",
        "DELETE FROM ledger_streamhead",
        "UPDATE ledger_streamhead SET sequence = 1",
        "UPDATE ledger_streamhead SET stream_id = '9', sequence = 9",
    ],
)
def test_the_database_itself_refuses_to_change_what_happened(statement: str) -> None:
    write(ONE, "filed", "published")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify().faults == []


def test_querysets_refuse_too() -> None:
    write(ONE, "filed")
    with pytest.raises(AppendOnlyError):
        Event.objects.all().update(kind="x")
    with pytest.raises(AppendOnlyError):
        Event.objects.all().delete()


def without_triggers(statement: str) -> None:
    """What an intruder with the database could do."""
    with connection.cursor() as cursor, databases.unguarded(cursor):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_event SET payload = '{}' WHERE id = 2",
        "UPDATE ledger_event SET actor = 'other' WHERE id = 2",
        "UPDATE ledger_event SET kind = 'withdrawn' WHERE id = 2",
        "UPDATE ledger_event SET happened_at = '2020-01-01 00:00:00' WHERE id = 2",
        "UPDATE ledger_event SET recorded_at = '2020-01-01 00:00:00' WHERE id = 2",
        "UPDATE ledger_event SET stream_id = '2', sequence = 7 WHERE id = 2",
        "UPDATE ledger_event SET hash = 'a' || substr(hash, 2) WHERE id = 2",
        "UPDATE ledger_event SET previous_hash = hash WHERE id = 2",
        "DELETE FROM ledger_event WHERE id = 2",
        "DELETE FROM ledger_event WHERE id = 5",
        "DELETE FROM ledger_event WHERE stream_id = '2'",
        "UPDATE ledger_streamhead SET sequence = 99 WHERE stream_id = '2'",
    ],
)
def test_verification_finds_whatever_was_tampered_with(statement: str) -> None:
    write(ONE, "filed", "published", "withdrawn")
    write(TWO, "filed", "published")
    without_triggers(statement)
    assert verify().faults


def test_a_ledger_rewritten_from_end_to_end_fails_against_its_anchor(tmp_path) -> None:
    write(ONE, "filed", "published")
    path = tmp_path / "anchors.jsonl"
    keep_anchor(path, take_anchor(AT))
    keep_anchor(path, take_anchor(AT))
    assert len(load_anchors(path)) == 1
    assert verify(load_anchors(path)).faults == []
    anchors = [replace(a, root="0" * 64) for a in load_anchors(path)]
    assert any("封存" in f.where for f in verify(anchors).faults)
    without_triggers("DELETE FROM ledger_event WHERE id > 0")
    without_triggers("DELETE FROM ledger_streamhead WHERE id > 0")
    assert verify().faults == []  # nothing inside the database tells of it any more
    assert verify(load_anchors(path)).faults  # the anchor outside does


@pytest.mark.soak
@settings(max_examples=often(25, 20_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3)), max_size=12))
def test_any_history_verifies_and_reads_back_in_order(history: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        before = Event.objects.count()
        told: dict[str, int] = {}
        for name, count in history:
            write(Stream("test", name), *["happened"] * count)
            told[name] = told.get(name, 0) + count
        assert verify().faults == []
        assert verify().events == before + sum(told.values())
        for name, count in told.items():
            assert [e.sequence for e in recorded(Stream("test", name))] == list(range(1, count + 1))
            assert StreamHead.objects.get(stream_kind="test", stream_id=name).sequence == count
        transaction.set_rollback(True)
