"""Every address of the console and every act, as a visitor, as each role, of the own organ and of another's.

The table `who_may_what.toml` says who may; a page that is not in it fails here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, reverse

from gongkai.core.staff.roles import Role
from gongkai.faces.console import urls
from gongkai.faces.console.desk import DESK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
TABLE: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "who_may_what.toml").read_text(encoding="utf-8"))
OWN, FOREIGN = "青禾县财政局", "青禾县民政局"
MOST_QUERIES = 40  # different ones: inside a transaction nothing is remembered, so the same is asked again and again


def views(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, Any]]:
    """Every name of an address with its view."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        else:
            yield pattern.name or "", pattern.callback


OURS = {name: view for name, view in views(urls.urlpatterns) if hasattr(view, DESK)}
OPEN = {name: view for name, view in views(urls.urlpatterns) if not hasattr(view, DESK)}
OPEN_TO_ALL = {n for n in OPEN if n.startswith(("account_", "mfa_", "socialaccount_", "openid_connect"))}


def test_every_page_is_in_the_table_and_the_table_names_no_other() -> None:
    assert sorted(OURS) == sorted({name.split()[0] for name in TABLE})


def test_what_asks_for_no_role_is_signing_in_and_nothing_else() -> None:
    assert sorted(set(OPEN) - OPEN_TO_ALL) == sorted({"account-unknown"} & set(OPEN))


@pytest.fixture
def things(doing, person) -> dict[str, Any]:
    """What stands for the arguments of addresses and the fields of forms: a paper of the finance bureau, and so on."""
    from tests.faces.console.things import things_of

    return things_of(doing, person)


def test_a_visitor_is_sent_to_sign_in_and_nothing_happens(things) -> None:
    for name in TABLE:
        method, address, data = asked(name, things)
        answer = getattr(Client(), method)(address, data)
        if method == "get":
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("account_login")), name
        else:
            assert answer.status_code == 401, name


def test_each_role_may_what_the_table_says_and_nothing_else(things, signed_in) -> None:
    clients = {(where, role): signed_in(role, organ=o) for where, o in (("own", OWN), ("foreign", FOREIGN)) for role in Role}
    wrong: dict[str, Any] = {}
    for name, row in TABLE.items():
        wanted = {where: [role for role in Role if role in row[where]] for where in ("own", "foreign")}
        found = walked(name, things, clients)
        if found != wanted:
            wrong[name] = {"found": found, "wanted": wanted}
    assert wrong == {}


def walked(name: str, things: dict[str, Any], clients: dict[tuple[str, Role], Client]) -> dict[str, list[Role]]:
    """Who was let in, of the own organ and of another's; what they did is undone, what it asked of the database is bounded."""
    method, address, data = asked(name, things)
    found: dict[str, list[Role]] = {"own": [], "foreign": []}
    for (where, role), client in clients.items():
        with undone(), CaptureQueriesContext(connection) as queries:
            answer = getattr(client, method)(address, data)
        assert answer.status_code < 500, (name, role, where)
        if not refused(answer):
            found[where].append(role)
            asks = {q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))}
            assert method == "post" or len(asks) <= TABLE[name].get("queries", MOST_QUERIES), (name, role, len(asks))
    return found


def asked(name: str, things: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Method, address and form of a row of the table."""
    row = TABLE[name]
    arguments = [things.get(a, a) if isinstance(a, str) else a for a in row.get("arguments", [])]
    data = {k: [things.get(w, w) for w in v] if isinstance(v, list) else v for k, v in row.get("form", {}).items()}
    return row.get("method", "get"), reverse(name.split(maxsplit=1)[0], args=arguments), data


def refused(answer: Any) -> bool:
    """Sent away: signed out, without the right, or told that there is no such thing."""
    return answer.status_code in (401, 403, 404) or answer.headers.get("Location", "").startswith(reverse("account_login"))


class undone:  # noqa: N801 - reads as a statement
    """Whatever happens inside has not happened."""

    def __enter__(self) -> None:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def __exit__(self, *raised: Any) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(*raised)
