"""What is remembered is made once, and never more than so many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongkai.search.remembered import Remembered


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(1, 5))
def test_it_is_what_was_made_of_the_key_and_never_more_than_so_many(asked: list[int], most: int) -> None:
    found = Remembered(str, most)
    for key in asked:
        assert found[key] == str(key)
        assert len(found) <= most


def test_what_is_known_is_not_made_again() -> None:
    made: list[str] = []
    found = Remembered[str, None](made.append, 3)
    for key in ("税", "税", "社保", "税"):
        found[key]
    assert made == ["税", "社保"]
