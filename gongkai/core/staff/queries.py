"""What is asked about people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gongkai.core.agencies.queries import organs_below, present_names
from gongkai.core.staff.models import Person
from gongkai.core.staff.roles import LABELS, Role
from gongkai.core.staff.two_steps import with_two_steps


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody in a list: organ and roles as they are called. `sequence` counts the changes there have been."""

    number: int
    username: str
    name: str
    agency: str
    agency_code: str
    roles: list[str]
    role_codes: list[str]
    active: bool
    email: str
    telephone: str
    last_seen: datetime | None
    must_change_password: bool
    two_steps: bool
    sequence: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which people: whose name or user name contains `words`; of an organ (code) and those below it; with a role; still here."""

    words: str = ""
    agency: str = ""
    role: str = ""
    active: bool | None = None


def people(asked: Asked, *, start: int = 0, size: int = 50) -> tuple[list[PersonRow], int]:
    """Those people by user name, `size` of them from `start` on, and how many there are in all."""
    found = Person.objects.select_related("agency").order_by("username")
    if asked.words:
        found = found.filter(Q(name__contains=asked.words) | Q(username__contains=asked.words.lower()))
    if asked.agency:
        found = found.filter(agency__in=organs_below(asked.agency))
    if asked.role:
        found = found.filter(roles__icontains=f'"{asked.role}"')
    if asked.active is not None:
        found = found.filter(is_active=asked.active)
    return _rows(list(found[start : start + size])), found.count()


def person(number: int) -> PersonRow | None:
    """One person; None where there is none."""
    return next(iter(_rows(list(Person.objects.select_related("agency").filter(pk=number)))), None)


def person_named(username: str) -> PersonRow | None:
    """Whoever bears this user name, here or gone; None for nobody."""
    return next(iter(_rows(list(Person.objects.select_related("agency").filter(username=username)))), None)


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """What actors of the ledger (`staff:12`, `command`, `nightly`) are called on a page."""
    wanted = set(actors)
    numbers = {int(a.partition(":")[2]) for a in wanted if a.startswith("staff:") and a.partition(":")[2].isdecimal()}
    found = {f"staff:{pk}": name for pk, name in Person.objects.filter(pk__in=numbers).values_list("pk", "name")}
    return {actor: found.get(actor) or _MACHINES.get(actor, actor) for actor in wanted}


_MACHINES = {"command": "命令行", "console": "工作台", "nightly": "每日例行", "harvest": "采集"}


def active_person(username: str) -> Person | None:
    """Whoever may sign in under this user name."""
    return Person.objects.filter(username=username, is_active=True).first() if username else None


def anybody() -> bool:
    """Whether somebody can sign in at all."""
    return Person.objects.filter(is_active=True).exists()


def _rows(found: Sequence[Person]) -> list[PersonRow]:
    names, two_steps = present_names(), with_two_steps([p.pk for p in found])
    return [
        PersonRow(
            p.pk,
            p.username,
            p.name,
            names.get(p.agency_id or 0, ""),
            p.agency.code if p.agency else "",
            [LABELS[Role(role)] for role in p.roles],
            list(p.roles),
            p.is_active,
            p.email,
            p.telephone,
            p.last_login,
            p.must_change_password,
            p.pk in two_steps,
            p.sequence,
        )
        for p in found
    ]
