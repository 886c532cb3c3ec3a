"""People join, move, change roles, leave and come back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from gongkai.core.agencies.models import Agency
from gongkai.core.doing import Doing
from gongkai.core.ledger.append import Happening, Overtaken, Stream, append
from gongkai.core.ledger.projections import Recorded, recorded
from gongkai.core.staff import events
from gongkai.core.staff.locks import forget_failures
from gongkai.core.staff.models import Person
from gongkai.core.staff.passwords import HandedOver, one_time
from gongkai.core.staff.roles import LABELS, Role
from gongkai.core.staff.state import PersonState, fold
from gongkai.core.writing import writing

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")
_ROLES: Mapping[str, Role] = {name: role for role, label in LABELS.items() for name in (role.value, label)}
DETAILS: Mapping[str, tuple[str, int]] = {"name": ("姓名", 60), "email": ("邮箱", 254), "telephone": ("电话", 40)}


class UnfitPerson(Exception):
    """What was said of a person cannot be right, or the action does not fit; `str()` says why and what to do."""


@writing()
def join(
    *,
    username: str,
    name: str,
    agency: Agency | None,
    roles: Iterable[str],
    doing: Doing,
    email: str = "",
    telephone: str = "",
    password: HandedOver | None = None,
) -> tuple[Person, str]:
    """A new person, and the password to hand over; unless one is given, it has to be changed at the first sign-in.

    Raises UnfitPerson.
    """
    username = fit_username(username)
    if Person.objects.filter(username=username).exists():
        raise UnfitPerson(f"用户名“{username}”已经有人用了，请换一个。")
    details = fit_details({"name": name, "email": email, "telephone": telephone})
    wanted = known_roles(roles)
    refuse_homeless(wanted, agency.code if agency else None)
    password = password or one_time()
    person = Person.objects.create(
        username=username,
        **details,
        password=password.encoded,
        must_change_password=password.to_change,
        joined_at=doing.at,
        is_active=False,  # what the ledger says is written below
    )
    _record(person, [Happening(events.JOINED, {"agency": agency.code if agency else None, "roles": wanted})], doing)
    return person, password.plain


@writing()
def move(number: int, agency: Agency, doing: Doing, expected: int | None = None) -> Person:
    """Somebody works for another organ from now on.

    `expected`, here and below: the sequence of the person whom the caller has looked at. Raises
    UnfitPerson when it is the same organ, Overtaken when somebody else has changed the person since.
    """
    person, state = _locked(number, expected)
    if state.agency == agency.code:
        raise UnfitPerson(f"{person.name}已经在这个机构。")
    return _record(person, [Happening(events.MOVED, {"agency": agency.code})], doing)


@writing()
def set_roles(number: int, roles: Iterable[str], doing: Doing, expected: int | None = None) -> Person:
    """Somebody has exactly these roles from now on. Raises UnfitPerson, Overtaken; the last administrator stays one."""
    person, state = _locked(number, expected)
    wanted = known_roles(roles)
    if wanted == list(state.roles):
        return person
    refuse_homeless(wanted, state.agency)
    if Role.ADMINISTRATOR not in wanted:
        _refuse_losing_the_last(person)
    return _record(person, [Happening(events.ROLES_SET, {"roles": wanted})], doing)


@writing()
def leave(number: int, doing: Doing, expected: int | None = None) -> Person:
    """Somebody leaves: what they did stays, they cannot sign in any more. Raises UnfitPerson, Overtaken."""
    person, state = _locked(number, expected)
    if not state.active:
        raise UnfitPerson(f"{person.name}已经离开。")
    _refuse_losing_the_last(person)
    return _record(person, [Happening(events.LEFT)], doing)


@writing()
def come_back(number: int, doing: Doing, expected: int | None = None) -> Person:
    """Somebody who left may sign in again. Raises UnfitPerson, Overtaken."""
    person, state = _locked(number, expected)
    if state.active:
        raise UnfitPerson(f"{person.name}没有离开。")
    return _record(person, [Happening(events.RETURNED)], doing)


@writing()
def renew_password(number: int, doing: Doing) -> str:
    """A new password to hand over; it has to be changed at the next sign-in, the old sessions end, a lock is lifted."""
    person, _ = _locked(number)
    password = one_time()
    person.password, person.must_change_password = password.encoded, True
    person.save(update_fields=["password", "must_change_password"])
    forget_failures(person.username)
    _record(person, [Happening(events.PASSWORD_RENEWED)], doing)
    return password.plain


@writing()
def unlock(number: int, doing: Doing) -> Person:
    """Let somebody who was locked out try again at once. Raises UnfitPerson when nothing had been counted."""
    person, _ = _locked(number)
    if not forget_failures(person.username):
        raise UnfitPerson(f"{person.name}的账户没有锁定。")
    return _record(person, [Happening(events.UNLOCKED)], doing)


@writing()
def drop_two_steps(number: int, doing: Doing) -> Person:
    """Somebody who lost their telephone signs in with the password alone until they set two steps up anew. Raises UnfitPerson."""
    person, _ = _locked(number)
    dropped, _ = Authenticator.objects.filter(user=person).delete()
    if not dropped:
        raise UnfitPerson(f"{person.name}没有启用两步验证。")
    return _record(person, [Happening(events.TWO_STEPS_DROPPED)], doing)


@writing()
def change_details(number: int, details: Mapping[str, str], doing: Doing, expected: int | None = None) -> Person:
    """Name, mail, telephone; the ledger keeps which, never what. Raises UnfitPerson, Overtaken."""
    person, _ = _locked(number, expected)
    wanted = fit_details({field: details.get(field, getattr(person, field)) for field in DETAILS})
    changed = sorted(field for field, value in wanted.items() if getattr(person, field) != value)
    if changed:
        for field in changed:
            setattr(person, field, wanted[field])
        person.save(update_fields=changed)
        _record(person, [Happening(events.DETAILS_CHANGED, {"fields": changed})], doing)
    return person


@writing()
def revise(
    number: int, details: Mapping[str, str], agency: Agency | None, roles: Iterable[str], *, doing: Doing, expected: int
) -> Person:
    """Details, organ and roles at once, as a form gives them. Raises UnfitPerson, Overtaken; then nothing is changed."""
    person = change_details(number, details, doing, expected)
    if agency is None and person.agency_id is not None:
        raise UnfitPerson("请选机构。要让这个人不能再登录，请办理离开。")
    if agency is not None and agency.pk != person.agency_id:
        person = move(number, agency, doing)
    return set_roles(number, roles, doing)


def fit_username(told: str) -> str:
    """A user name as it is kept. Raises UnfitPerson."""
    username = told.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise UnfitPerson(f"用户名“{username[:60]}”不能用。请用 3 到 60 个小写字母、数字、点、横线，首尾是字母或数字。")
    return username


def fit_details(told: Mapping[str, str]) -> dict[str, str]:
    """Name, mail and telephone as they are kept. Raises UnfitPerson."""
    fit = {field: value.strip() for field, value in told.items()}
    for field, (label, longest) in DETAILS.items():
        if len(fit[field]) > longest:
            raise UnfitPerson(f"{label}最多 {longest} 字。")
    if not fit["name"]:
        raise UnfitPerson("没有填姓名。")
    if fit["email"]:
        try:
            validate_email(fit["email"])
        except ValidationError:
            raise UnfitPerson(f"“{fit['email'][:60]}”不是邮箱地址。") from None
    return fit


def refuse_homeless(roles: Sequence[str], agency: str | None) -> None:
    """Everybody but an administrator belongs to an organ. Raises UnfitPerson."""
    if agency is None and list(roles) != [Role.ADMINISTRATOR]:
        raise UnfitPerson("没有填所在机构；只有系统管理员可以不属于任何机构。")


def known_roles(roles: Iterable[str]) -> list[str]:
    """Roles told by code or by label, as codes in their order. Raises UnfitPerson."""
    asked = {r.strip() for r in roles if r.strip()}
    if unknown := asked - _ROLES.keys():
        raise UnfitPerson(f"没有“{min(unknown)[:40]}”这个角色。可用的有：{'、'.join(LABELS.values())}。")
    if not asked:
        raise UnfitPerson("至少要有一个角色。")
    return [role for role in Role if role in {_ROLES[r] for r in asked}]


def _refuse_losing_the_last(person: Person) -> None:
    others = Person.objects.select_for_update().filter(is_active=True).exclude(pk=person.pk)
    if Role.ADMINISTRATOR in person.roles and not any(Role.ADMINISTRATOR in other.roles for other in others):
        raise UnfitPerson(f"{person.name}是最后一位系统管理员。请先指定另一位，再办理。")


def _locked(number: int, expected: int | None = None) -> tuple[Person, PersonState]:
    person = Person.objects.select_for_update().filter(pk=number).first()
    if person is None:
        raise UnfitPerson(f"没有编号为 {number} 的人员。")
    state = fold(recorded(_stream(person)))
    if expected is not None and expected != state.sequence:
        raise Overtaken(_stream(person))
    return person, state


def _stream(person: Person) -> Stream:
    return Stream(events.STREAM, str(person.pk))


def _record(person: Person, happenings: Sequence[Happening], doing: Doing) -> Person:
    append(_stream(person), happenings, actor=doing.actor, at=doing.at)
    _project(person, fold(recorded(_stream(person))))
    return person


def _project(person: Person, state: PersonState) -> list[str]:
    agency = Agency.objects.get(code=state.agency) if state.agency else None
    values: dict[str, Any] = {
        "agency": agency,
        "roles": list(state.roles),
        "is_active": state.active,
        "sequence": state.sequence,
    }
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, values[name])
    if changed:
        person.save(update_fields=changed)
    return changed


def rebuild_person(stream: Stream, happened: Sequence[Recorded], today: date) -> list[str]:
    """Fold a person's events anew and write the row; returns what had been different."""
    del today
    person = Person.objects.select_for_update().filter(pk=int(stream.id)).first()
    if person is None:
        raise LookupError(f"台账中的人员 {stream.id} 没有对应的账户记录，请从备份恢复。")
    return [f"人员 {stream.id}：{name}" for name in _project(person, fold(happened))]
