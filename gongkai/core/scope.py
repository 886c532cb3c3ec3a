"""What a person of the console may see and do: the one layer every staff page, list and action asks.

A verb of `roles.VERBS` reaches as far as the widest of a person's roles lets it. Lists are
narrowed by `reach`, single things judged by `may`; nothing else decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from gongkai.core.agencies.models import Agency
from gongkai.core.freshness.touching import kept
from gongkai.core.staff.models import Person
from gongkai.core.staff.roles import VERBS, Reach, Role

M = TypeVar("M", bound=Model)
_BELONGING = frozenset({Agency.Kind.INTERNAL_OFFICE, Agency.Kind.VILLAGE, Agency.Kind.PUBLIC_ENTERPRISE})


class OutOfScope(Exception):
    """A person asked for what their roles do not allow; `str()` says so."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        super().__init__("您的角色不能办理这件事，或者这件事属于别的机构。需要权限的，请联系本单位的系统管理员。")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a person, the organ they belong to (None for an administrator without one), and their roles."""

    person: int
    name: str
    agency: int | None
    roles: frozenset[str]

    @property
    def actor(self) -> str:
        """How the ledger refers to them."""
        return f"staff:{self.person}"


def viewer_of(person: Person) -> Viewer:
    """Somebody's scope as it stands now; nobody's who has left."""
    return Viewer(person.pk, person.name, person.agency_id, frozenset(person.roles) if person.is_active else frozenset())


def reach(viewer: Viewer, verb: str) -> frozenset[int] | None:
    """The organs (primary keys) for which a person may do this; None for all, empty for nowhere."""
    granted = VERBS[verb]
    reaches = {granted[Role(role)] for role in viewer.roles if Role(role) in granted}
    if Reach.ALL in reaches:
        return None
    if viewer.agency is None or not reaches:
        return frozenset()
    return _with_below(viewer.agency, everything=Reach.BELOW in reaches)


def may(viewer: Viewer, verb: str, agency: int | None = None) -> bool:
    """Whether a person may do this: for something this organ holds, or, with no organ named, anywhere at all."""
    organs = reach(viewer, verb)
    if organs is None:
        return True
    return agency in organs if agency is not None else bool(organs)


def require(viewer: Viewer, verb: str, agency: int | None = None) -> None:
    """Raises OutOfScope unless `may`."""
    if not may(viewer, verb, agency):
        raise OutOfScope(verb)


def narrowed(rows: QuerySet[M], viewer: Viewer, verb: str, agency: str = "agency") -> QuerySet[M]:
    """The rows of those organs for which a person may do this; `agency` names the column that holds the organ."""
    organs = reach(viewer, verb)
    return rows if organs is None else rows.filter(**{f"{agency}__in": organs})


def _tree() -> Mapping[int | None, list[tuple[int, str]]]:
    found: dict[int | None, list[tuple[int, str]]] = {}
    for pk, parent, kind in Agency.objects.values_list("pk", "parent_id", "kind"):
        found.setdefault(parent, []).append((pk, kind))
    return found


@kept(500)
def _with_below(agency: int, *, everything: bool) -> frozenset[int]:
    found, waiting, tree = {agency}, [agency], _tree()
    while waiting:
        for pk, kind in tree.get(waiting.pop(), ()):
            if pk not in found and (everything or kind in _BELONGING):
                found.add(pk)
                waiting.append(pk)
    return frozenset(found)
