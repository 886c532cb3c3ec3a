"""What a person of the console may see and do: one table of roles and reaches, tried out on trees of organs."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.agencies.actions import establish
from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import find_agency
from gongkai.core.doing import Doing
from gongkai.core.scope import OutOfScope, Viewer, may, narrowed, reach, require, viewer_of
from gongkai.core.staff import actions
from gongkai.core.staff.roles import VERBS, Reach, Role
from tests.faces.console.conftest import COUNTY

# The table as a person in charge would read it: who may do what how far. Written out by hand, so that a slip in the code shows.
OWN, BELOW, ALL = "own", "below", "all"
TABLE = {
    "documents.see": {
        "editor": OWN, "disclosure_clerk": OWN, "confidentiality_reviewer": OWN, "legal_reviewer": OWN, "disclosure_office": ALL,
        "leader": BELOW, "auditor": ALL,
    },
    "documents.upload": {"editor": OWN, "disclosure_clerk": OWN, "disclosure_office": ALL},
    "documents.edit": {"editor": OWN, "disclosure_clerk": OWN, "disclosure_office": ALL},
    "documents.publish": {"disclosure_clerk": OWN, "disclosure_office": ALL},
    "documents.withdraw": {"disclosure_clerk": OWN, "disclosure_office": ALL},
    "ledger.read": {"disclosure_clerk": OWN, "disclosure_office": ALL, "leader": BELOW, "auditor": ALL},
    "jobs.see": {"disclosure_office": ALL, "auditor": ALL, "administrator": ALL},
    "jobs.retry": {"disclosure_office": ALL, "administrator": ALL},
    "columns.arrange": {"disclosure_office": ALL, "administrator": ALL},
    "search.curate": {"disclosure_office": ALL},
    "staff.manage": {"administrator": ALL},
    "settings.change": {"administrator": ALL},
}  # fmt: skip


@pytest.fixture
def county(db) -> None:
    establish(COUNTY)


def viewer(organ: str | None, *roles: str) -> Viewer:
    return Viewer(1, "某人", find_agency(organ).pk if organ else None, frozenset(roles))


def codes(organs: frozenset[int] | None) -> set[str] | None:
    return None if organs is None else set(Agency.objects.filter(pk__in=organs).values_list("code", flat=True))


def test_the_table_in_the_code_is_this_table() -> None:
    assert {verb: {role.value: how.value for role, how in granted.items()} for verb, granted in VERBS.items()} == TABLE


@pytest.mark.parametrize("verb", TABLE)
@pytest.mark.parametrize("role", [role.value for role in Role])
def test_every_role_reaches_as_far_as_the_table_says(county: None, verb: str, role: str) -> None:
    expected = {
        None: set(),
        OWN: {"B", "B-01"},
        BELOW: {"B", "B-01"},
        ALL: None,
    }[TABLE[verb].get(role)]
    assert codes(reach(viewer("B", role), verb)) == expected
    assert may(viewer("B", role), verb) == (role in TABLE[verb])
    assert may(viewer("B", role), verb, find_agency("M").pk) == (TABLE[verb].get(role) == ALL)


@pytest.mark.parametrize(
    ("organ", "role", "expected"),
    [
        ("A", "editor", {"A"}),  # the government's own papers, not those of its departments
        ("A", "leader", {"A", "O", "O-01", "B", "B-01", "M", "T", "T-01"}),
        ("O", "editor", {"O", "O-01"}),
        ("O-01", "editor", {"O-01"}),
        ("T", "editor", {"T", "T-01"}),  # a town works for its villages
        ("T-01", "leader", {"T-01"}),
    ],
)
def test_own_takes_in_what_belongs_to_an_organ_and_below_all_under_it(
    county: None, organ: str, role: str, expected: set[str]
) -> None:
    assert codes(reach(viewer(organ, role), "documents.see")) == expected


def test_of_several_roles_the_widest_counts(county: None) -> None:
    assert codes(reach(viewer("A", "editor", "leader"), "documents.see")) == codes(reach(viewer("A", "leader"), "documents.see"))
    assert reach(viewer("B", "editor", "auditor"), "documents.see") is None
    assert codes(reach(viewer("B", "editor", "auditor"), "documents.edit")) == {"B", "B-01"}


def test_who_belongs_to_no_organ_reaches_none_of_their_own(county: None) -> None:
    assert reach(viewer(None, "administrator"), "settings.change") is None
    assert reach(viewer(None, "editor"), "documents.edit") == frozenset()
    assert not may(viewer(None, "editor"), "documents.edit")


def test_who_has_left_may_nothing(county: None, doing: Doing) -> None:
    who, _ = actions.join(username="li.na", name="李娜", agency=find_agency("B"), roles=["disclosure_office"], doing=doing)
    assert reach(viewer_of(who), "documents.edit") is None
    gone = actions.leave(who.pk, doing)
    assert {verb for verb in VERBS if may(viewer_of(gone), verb)} == set()


def test_lists_are_narrowed_and_single_things_refused(county: None) -> None:
    clerk = viewer("B", "disclosure_clerk")
    assert set(narrowed(Agency.objects.all(), clerk, "ledger.read", "pk").values_list("code", flat=True)) == {"B", "B-01"}
    assert narrowed(Agency.objects.all(), viewer("B", "auditor"), "ledger.read", "pk").count() == Agency.objects.count()
    assert not narrowed(Agency.objects.all(), viewer("B", "editor"), "ledger.read", "pk").exists()
    require(clerk, "ledger.read", find_agency("B-01").pk)
    with pytest.raises(OutOfScope, match="系统管理员"):
        require(clerk, "ledger.read", find_agency("M").pk)
    with pytest.raises(KeyError):
        may(clerk, "documents.burn")


KINDS = [kind.value for kind in Agency.Kind if kind != Agency.Kind.GOVERNMENT]
BELONGING = {"internal_office", "village", "public_enterprise"}
TREES = st.lists(st.tuples(st.integers(0, 100), st.sampled_from(KINDS)), max_size=14)


def above(organs: dict[int, tuple[int | None, str]], organ: int) -> list[int]:
    """An organ and those above it, up to the root."""
    way = [organ]
    while (parent := organs[way[-1]][0]) is not None:
        way.append(parent)
    return way


@given(TREES, st.integers(0, 100), st.sampled_from(["editor", "leader", "disclosure_office", "administrator"]))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_on_any_tree_a_person_reaches_exactly_what_the_words_say(
    db: None, told: list[tuple[int, str]], seat: int, role: str
) -> None:
    organs: dict[int, tuple[int | None, str]] = {1: (None, "government")}
    for number, (parent, kind) in enumerate(told, 2):
        organs[number] = (parent % (number - 1) + 1, kind)
    here = seat % len(organs) + 1
    with transaction.atomic():
        Agency.objects.bulk_create(
            Agency(pk=number, code=f"X{number}", kind=kind, parent_id=parent) for number, (parent, kind) in organs.items()
        )
        found = reach(Viewer(1, "某人", here, frozenset({role})), "documents.see")
        transaction.set_rollback(True)
    how = VERBS["documents.see"].get(Role(role))
    if how is None or how == Reach.ALL:
        assert found == (None if how else frozenset())
        return
    expected = set()
    for organ in organs:
        way = above(organs, organ)
        if here in way:
            between = way[: way.index(here)]
            if how == Reach.BELOW or all(organs[o][1] in BELONGING for o in between):
                expected.add(organ)
    assert found == expected
