"""People who have signed in, for every test of the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from gongkai.core.agencies.actions import establish
from gongkai.core.agencies.queries import find_agency
from gongkai.core.doing import Doing
from gongkai.core.staff import actions
from gongkai.core.staff.models import Person

SignedIn = Callable[..., Client]
TODAY = date(2026, 11, 20)
COUNTY = {
    "government": {"name": "青禾县人民政府", "short_name": "青禾", "site_name": "青禾县人民政府网站"},
    "organs": [
        {"code": "A", "kind": "government", "names": [{"name": "青禾县人民政府"}]},
        {"code": "O", "kind": "department", "parent": "A", "names": [{"name": "青禾县人民政府办公室"}]},
        {"code": "O-01", "kind": "internal_office", "parent": "O", "names": [{"name": "青禾县人民政府办公室政务公开科"}]},
        {"code": "B", "kind": "department", "parent": "A", "names": [{"name": "青禾县财政局"}]},
        {"code": "B-01", "kind": "internal_office", "parent": "B", "names": [{"name": "青禾县财政局办公室"}]},
        {"code": "M", "kind": "department", "parent": "A", "names": [{"name": "青禾县民政局"}]},
        {"code": "T", "kind": "town", "parent": "A", "names": [{"name": "青禾县溪口镇人民政府"}]},
        {"code": "T-01", "kind": "village", "parent": "T", "names": [{"name": "溪口镇溪口村民委员会"}]},
    ],
}


@pytest.fixture
def doing() -> Doing:
    """The command line doing something on that day."""
    return Doing("command", datetime(2026, 11, 20, 2, 0, tzinfo=UTC), TODAY)


@pytest.fixture
def county() -> None:
    """A government with departments, an office inside one, a town and a village. Needs a database (`db`, `own_database`)."""
    establish(COUNTY)


@pytest.fixture
def person(doing: Doing) -> Callable[..., Person]:
    """`person(*roles, organ=…, username=…)`: a member of staff, who need not change the password any more.

    Roles by code or label; the organ by name or code (the finance bureau unless told otherwise, None for an
    administrator without one). Needs the organ to exist: ask for `county` too.
    """

    def join(*roles: str, organ: str | None = "青禾县财政局", username: str = "", name: str = "") -> Person:
        username = username or f"{roles[0].replace('_', '-')}-{Person.objects.count() + 1}"
        agency = find_agency(organ) if organ else None
        joined, _ = actions.join(username=username, name=name or f"某{username}", agency=agency, roles=roles, doing=doing)
        Person.objects.filter(pk=joined.pk).update(must_change_password=False)
        joined.refresh_from_db()
        return joined

    return join


@pytest.fixture
def signed_in(person: Callable[..., Person]) -> SignedIn:
    """`signed_in("editor", organ="青禾县民政局") -> Client`, without asking for the password; `client.person` is who it is.

    Several roles: `signed_in("editor", "leader")`. 5xx come back as answers, not as exceptions.
    """

    def enter(*roles: str, organ: str | None = "青禾县财政局", **more: str) -> Client:
        who = person(*roles, organ=organ, **more)
        client = Client(raise_request_exception=False)
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.person = who  # type: ignore[attr-defined]
        return client

    return enter
