"""The board never lets a page pass for true that was made of what has changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.freshness.board import Board, Seat, answered_within, slots_of, still_answering
from gongkai.core.freshness.touching import board, kept, touch
from tests.conftest import ROOT

ONE, OTHER = slots_of(["document:1"]), slots_of(["document:2"])


def test_a_page_holds_until_what_it_shows_changes(tmp_path: Path) -> None:
    wall = Board(tmp_path)
    made_at = wall.generation
    wall.void(OTHER)
    assert wall.holds(ONE, made_at)
    wall.void(ONE)
    assert not wall.holds(ONE, made_at)
    assert wall.holds(ONE, wall.generation)


def test_while_a_change_is_under_way_nothing_of_it_holds(tmp_path: Path) -> None:
    wall = Board(tmp_path)
    wall.mark(ONE)
    assert not wall.holds(ONE, wall.generation)
    assert not wall.quiet
    wall.settle(ONE)
    assert wall.holds(ONE, wall.generation)
    assert wall.quiet


def test_a_page_begun_before_a_change_and_finished_after_it_does_not_hold(tmp_path: Path) -> None:
    wall = Board(tmp_path)
    begun = wall.generation
    wall.mark(ONE)
    wall.settle(ONE)
    assert not wall.holds(ONE, begun)


def test_two_boards_of_one_folder_are_one_board(tmp_path: Path) -> None:
    here, there = Board(tmp_path), Board(tmp_path)
    made_at = here.generation
    there.void(ONE)
    assert not here.holds(ONE, made_at)
    assert here.generation == there.generation


def test_two_changes_at_once_are_both_waited_for(tmp_path: Path) -> None:
    here, there = Board(tmp_path), Board(tmp_path)
    here.mark(ONE)
    there.mark(ONE)
    here.settle(ONE)
    assert not here.holds(ONE, here.generation)
    there.settle(ONE)
    assert here.holds(ONE, here.generation)


def test_what_a_killed_writer_left_is_void_and_recovered_when_no_writer_lives(tmp_path: Path) -> None:
    wall = Board(tmp_path)
    before = wall.generation
    killed = (
        "import os, sys; from pathlib import Path; from gongkai.core.freshness.board import Board, slots_of;"
        "Board(Path(sys.argv[1])).mark(slots_of(['document:1'])); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run([sys.executable, "-c", killed, str(tmp_path)], cwd=ROOT, check=False)
    assert ended.returncode == -9
    assert not wall.holds(ONE, wall.generation)
    assert wall.recover()
    assert wall.quiet
    assert wall.holds(ONE, wall.generation)
    assert not wall.holds(ONE, before)


def test_a_living_writer_is_not_swept_away(tmp_path: Path) -> None:
    here, there = Board(tmp_path), Board(tmp_path)
    there.mark(ONE)
    assert not here.recover()
    assert not here.holds(ONE, here.generation)


def test_a_damaged_board_is_begun_anew_and_trusts_nothing_older(tmp_path: Path) -> None:
    before = Board(tmp_path).generation
    (tmp_path / "board").write_bytes(b"rubbish")
    wall = Board(tmp_path)
    assert wall.generation >= before
    assert not wall.holds(ONE, before - 1)
    assert wall.holds(ONE, wall.generation)


def test_an_answer_under_way_is_seen_until_it_is_out(tmp_path: Path) -> None:
    wall = Board(tmp_path)
    seat = Seat(wall)
    begun = wall.generation
    seat.sit(begun)
    generation = wall.void(ONE)
    assert still_answering(wall, generation)
    seat.rise()
    assert not still_answering(wall, generation)
    assert answered_within(wall, 3_600_000_000_000)
    assert not answered_within(wall, 0)


def test_an_answer_begun_after_a_change_is_not_waited_for(tmp_path: Path) -> None:
    wall = Board(tmp_path)
    generation = wall.void(ONE)
    Seat(wall).sit(wall.generation)
    assert not still_answering(wall, generation)


steps = st.lists(
    st.tuples(st.sampled_from(["make", "mark", "change", "settle", "undo"]), st.integers(0, 2)), min_size=1, max_size=60
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_in_any_order_of_reading_and_changing_no_kept_page_is_ever_untrue(tmp_path: Path, history: list[tuple[str, int]]) -> None:
    wall = Board(tmp_path)
    slots = [slots_of([f"thing:{n}"]) for n in range(3)]
    truth, marked = [0, 0, 0], [False, False, False]
    pending = [0, 0, 0]
    pages: list[tuple[int, int, int]] = []  # thing, value shown, generation before it was made
    for step, thing in history:
        if step == "make":
            pages.append((thing, truth[thing], wall.generation))
        elif step == "mark" and not marked[thing]:
            wall.mark(slots[thing])
            marked[thing], pending[thing] = True, truth[thing]
        elif step == "change" and marked[thing]:
            truth[thing] += 1
        elif step in ("settle", "undo") and marked[thing]:
            if step == "undo":
                truth[thing] = pending[thing]
            wall.settle(slots[thing])
            marked[thing] = False
        for shown, value, made_at in pages:
            assert not wall.holds(slots[shown], made_at) or value == truth[shown]
    for thing in range(3):
        if marked[thing]:
            wall.settle(slots[thing])


def test_touching_takes_effect_with_the_commit(own_database: Path) -> None:
    made_at = board().generation
    with transaction.atomic():
        touch("document:1")
        assert not board().holds(ONE, board().generation)
    assert board().holds(ONE, board().generation)
    assert not board().holds(ONE, made_at)
    assert board().quiet


def test_a_rolled_back_change_leaves_no_mark(own_database: Path) -> None:
    with transaction.atomic():
        touch("document:1")
        transaction.set_rollback(True)
    assert board().quiet
    assert board().holds(ONE, board().generation)


def test_a_rolled_back_part_of_a_transaction_does_not_end_the_marks_of_the_whole(own_database: Path) -> None:
    with transaction.atomic():
        touch("document:1")
        with transaction.atomic():
            touch("document:2")
            transaction.set_rollback(True)
        assert not board().holds(ONE, board().generation)
    assert board().quiet


def test_an_answer_is_remembered_until_something_public_changes(own_database: Path) -> None:
    asked = []

    @kept(10)
    def query(number: int) -> int:
        asked.append(number)
        return number

    query(1)
    query(1)
    assert asked == [1]
    touch("anything")
    query(1)
    assert asked == [1, 1]


def test_inside_a_transaction_nothing_is_remembered(own_database: Path) -> None:
    asked = []

    @kept(10)
    def query() -> int:
        asked.append(os.getpid())
        return 1

    with transaction.atomic():
        query()
        query()
    assert len(asked) == 2
