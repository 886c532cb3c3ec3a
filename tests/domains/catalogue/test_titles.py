"""What a process remembers of the titles stays true through every change, and of no other library."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

from gongkai.domains.catalogue.actions.columns import arrange
from gongkai.domains.catalogue.queries.membership import column_sets
from gongkai.domains.catalogue.queries.papers import papers_in
from gongkai.domains.catalogue.queries.titles import title_sets
from gongkai.domains.catalogue.tasks.reading import read_columns
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries import ordered
from tests.domains.library.papers import county, filed, notice

COLUMNS = """
columns:
  - {slug: dogs, name: 犬, entry: statutory, selection: {words: [养犬]}}
  - {slug: measures, name: 办法, entry: statutory, selection: {words: [管理办法], without: [养犬]}}
  - {slug: rest, name: 其余, entry: statutory, selection: {rest: true}}
"""


def remembered() -> dict[str, int]:
    return dict(column_sets())


def afresh() -> dict[str, int]:
    """The same inside a transaction, where nothing is remembered."""
    with transaction.atomic():
        return dict(column_sets())


def test_the_remembered_sets_follow_every_change(own_database: Path, doing: Doing) -> None:
    county()
    arrange(read_columns(COLUMNS), doing)
    dog = filed(notice(1, "养犬管理办法"), doing)
    assert remembered() == afresh()

    def changed(count: int) -> None:
        assert remembered() == afresh()
        assert papers_in("dogs").total == count

    changed(1)
    other = filed(notice(2, "校车管理办法"), doing)
    changed(1)
    withdraw(dog.pk, "有误", doing)
    changed(0)
    restore(dog.pk, "已核对", doing)
    changed(1)
    correct(other.pk, {"title": "青禾县财政局关于养犬收费的通知"}, doing)
    changed(1)
    publish_as_already_public(other.pk, doing)
    changed(2)
    for n in range(3, 6):
        filed(notice(n, f"第{n}项养犬规定"), doing)
    changed(5)
    arrange(read_columns(COLUMNS.replace("[养犬]}}\n  - {slug: m", "[校车]}}\n  - {slug: m")), doing)
    changed(0)


def test_what_happens_in_a_transaction_that_fails_is_not_remembered(own_database: Path, doing: Doing) -> None:
    county()
    arrange(read_columns(COLUMNS), doing)
    filed(notice(1, "养犬管理办法"), doing)
    before = remembered()

    def fail() -> None:
        with transaction.atomic():
            filed(notice(2, "养犬收费办法"), doing)
            assert papers_in("dogs").total == 2
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert remembered() == before == afresh()


@pytest.mark.parametrize("title", ["养犬管理办法", "校车管理办法"])
def test_another_library_is_noticed_by_its_ledger(own_database: Path, doing: Doing, title: str) -> None:
    """The second of these runs finds the memory of the first, as long a ledger, and other titles."""
    county()
    filed(notice(1, title), doing)
    assert title_sets(["养犬"], []).with_words("养犬").bit_count() == title.count("养犬")


def test_every_page_of_a_long_column_is_in_order_from_both_ends(
    own_database: Path, doing: Doing, monkeypatch: pytest.MonkeyPatch
) -> None:
    county()
    arrange(read_columns(COLUMNS), doing)
    for n in range(1, 24):
        filed(notice(n, f"第{n}项管理办法", year=2000 + n % 7), doing)
    expected = list(Document.objects.order_by("-issued_on", "-id").values_list("pk", flat=True))
    monkeypatch.setattr(ordered, "_ROOMS", ())
    for size in (4, 5, 23, 40):
        pages = papers_in("measures", size=size).pages
        shown = [e.number for page in range(1, pages + 1) for e in papers_in("measures", page=page, size=size).entries]
        assert shown == expected, size
