"""The second step of signing in: whose role must have it, who has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from allauth.mfa.models import Authenticator

from gongkai.core.agencies.events import CHANGED, GOVERNMENT, SIGN_IN, difference
from gongkai.core.doing import Doing
from gongkai.core.freshness.touching import kept, touch
from gongkai.core.ledger.append import Happening, Stream, append
from gongkai.core.staff.models import Person, SignInRules
from gongkai.core.staff.roles import LABELS, Role
from gongkai.core.writing import writing


@kept(1)
def demanding_roles() -> frozenset[str]:
    """The roles whose holders must use two steps."""
    found = SignInRules.objects.first()
    return frozenset(found.two_step_roles) if found else frozenset()


def has_two_steps(person: int) -> bool:
    """Whether somebody is asked for a code when they sign in."""
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())


def must_set_up(person: Person) -> bool:
    """Whether somebody has a role that demands two steps, and has not set them up."""
    demanded = bool(demanding_roles().intersection(person.roles))
    return demanded and not has_two_steps(person.pk)


def with_two_steps(people: Sequence[int]) -> frozenset[int]:
    """Those of these people who use two steps."""
    held = Authenticator.objects.filter(user__in=people, type=Authenticator.Type.TOTP)
    return frozenset(held.values_list("user_id", flat=True))


@writing()
def demand_two_steps(roles: Iterable[str], doing: Doing, expected: int | None = None) -> None:
    """Holders of exactly these roles must use two steps from now on.

    `expected` is the number of changes the caller has seen. Raises Overtaken, ValueError for what is no role.
    """
    wanted = [role for role in Role if role in {Role(r) for r in roles}]
    standing = SignInRules.objects.select_for_update().first()
    before = standing.two_step_roles if standing else []
    told = difference({"two_step_roles": _words(before)}, {"two_step_roles": _words(wanted)})
    if told:
        stream = Stream(GOVERNMENT, SIGN_IN)
        append(stream, [Happening(CHANGED, told)], actor=doing.actor, at=doing.at, expected=expected)
        SignInRules.objects.update_or_create(pk=standing.pk if standing else 1, defaults={"two_step_roles": wanted})
        touch("site")


def _words(roles: Iterable[str]) -> str:
    return "、".join(LABELS[Role(role)] for role in roles)
