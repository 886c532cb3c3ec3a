"""Role by role and state by state: what may be done with a document (acts.toml), and that the actions hold to it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from gongkai.core.agencies.queries import find_agency
from gongkai.core.scope import Viewer
from gongkai.core.staff.roles import Role
from gongkai.domains.library.actions.approving import SignedOff
from gongkai.domains.library.actions.correcting import confirm, correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.editing import reinstate
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.actions.filing import file_document, revise
from gongkai.domains.library.actions.publishing import publish_as_already_public, publish_seen, replace, restore, withdraw
from gongkai.domains.library.actions.sealing import seal_revision, unseal_revision
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.acts import ACTS, what_may
from tests.domains.library.papers import content, county, filed, fresh, notice

pytestmark = pytest.mark.django_db
TABLE: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("acts.toml").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def _county() -> None:
    county()


def viewer(*roles: str, organ: str = "B") -> Viewer:
    return Viewer(7, "某人", find_agency(organ).pk, frozenset(roles))


def draft(doing: Doing) -> Document:
    return filed(notice(1), doing, public=False)


def questioned(doing: Doing) -> Document:
    return file_document(content(notice(1)).asking("unsure_title"), None, find_agency("B"), doing)


def on_request(doing: Doing) -> Document:
    document = draft(doing)
    correct(document.pk, {"attribute": "依申请公开", "attribute_reason": "第三人信息"}, doing)
    return document


def published(doing: Doing) -> Document:
    return filed(notice(1), doing)


def waiting(doing: Doing) -> Document:
    document = published(doing)
    correct(document.pk, {"summary": "改"}, doing)
    return document


def twice(doing: Doing) -> Document:
    document = waiting(doing)
    publish_as_already_public(document.pk, doing)
    return document


def sealed(doing: Doing) -> Document:
    document = twice(doing)
    seal_revision(document.pk, 1, "理由", doing)
    return document


def withdrawn(doing: Doing) -> Document:
    document = published(doing)
    withdraw(document.pk, "理由", doing)
    return document


def replaced(doing: Doing) -> Document:
    document = published(doing)
    replace(document.pk, filed(notice(5, "新办法"), doing).pk, "理由", doing)
    return document


def asking(doing: Doing) -> Document:
    document = published(doing)
    revise(document, content(notice(1, body="为改进管理，制定本办法。")).asking("no_date"), None, "revised", doing)
    return document


STATES: dict[str, Callable[[Doing], Document]] = {
    f.__name__: f for f in (draft, questioned, on_request, published, waiting, twice, sealed, withdrawn, replaced, asking)
}


def earlier(document: Document) -> int:
    """A revision that is not the current one, where there is one."""
    current = fresh(document).current
    return 1 if current is None or current.number > 1 else 2


DO: dict[str, Callable[[Document, Doing], Any]] = {
    "edit": lambda d, doing: correct(d.pk, {"summary": "另一个概述"}, doing),
    "confirm": lambda d, doing: confirm(d.pk, doing),
    "publish": lambda d, doing: publish_seen(d.pk, d.current.digest, SignedOff("王", date(2026, 11, 1), "1"), doing),  # type: ignore[union-attr]
    "withdraw": lambda d, doing: withdraw(d.pk, "理由", doing),
    "replace": lambda d, doing: replace(d.pk, filed(notice(6, "又一办法"), doing).pk, "理由", doing),
    "restore": lambda d, doing: restore(d.pk, "理由", doing),
    "reinstate": lambda d, doing: reinstate(d.pk, earlier(d), "理由", doing),
    "seal": lambda d, doing: seal_revision(d.pk, 1, "理由", doing),
    "unseal": lambda d, doing: unseal_revision(d.pk, 1, "理由", doing),
}


def test_the_table_knows_every_role_state_and_act() -> None:
    assert TABLE["roles"].keys() == {str(r) for r in Role}
    assert TABLE["states"].keys() == STATES.keys()
    assert DO.keys() == ACTS.keys()


@pytest.mark.parametrize("state", STATES)
def test_what_a_state_leaves_open_is_what_the_table_says(doing: Doing, state: str) -> None:
    document = fresh(STATES[state](doing))
    acts = what_may(document, viewer("disclosure_office", organ="A"))
    assert sorted(a.name for a in acts if a.open) == sorted(TABLE["states"][state])
    assert all(a.why for a in acts if not a.open), "what is closed says why"


@pytest.mark.parametrize("state", STATES)
def test_what_is_open_can_be_done_and_what_is_closed_is_refused(doing: Doing, state: str) -> None:
    document = fresh(STATES[state](doing))
    assert [act for act in DO if could_be_done(act, document, doing)] == [act for act in DO if act in TABLE["states"][state]]


def could_be_done(act: str, document: Document, doing: Doing) -> bool:
    """Whether the action goes through; afterwards it has not happened."""
    with transaction.atomic():
        try:
            DO[act](document, doing)
        except Refused:
            return False
        finally:
            transaction.set_rollback(True)
    return True


@pytest.mark.parametrize("organ", ["B", "A"])
@pytest.mark.parametrize("role", TABLE["roles"])
def test_a_role_may_what_the_table_says_for_its_own_organ_and_nothing_for_another(doing: Doing, role: str, organ: str) -> None:
    acts = what_may(fresh(draft(doing)), viewer(role, organ=organ))
    own = organ == "B" or role == Role.OFFICE  # the paper is the finance bureau's, B
    assert [a.name for a in acts if a.allowed] == [name for name in ACTS if own and name in TABLE["roles"][role]]
    assert all(not a.open and "办理" in a.why for a in acts if not a.allowed)


def test_the_author_is_told_that_another_should_publish(doing: Doing) -> None:
    document = fresh(filed(notice(1), Doing("staff:7", doing.at, doing.today), public=False))
    publish = next(a for a in what_may(document, viewer("disclosure_clerk")) if a.name == "publish")
    assert publish.open
    assert "另一人" in publish.why
