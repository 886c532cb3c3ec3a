"""Organs, their names over time, and the open list of authorities."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from gongkai.core.agencies.actions import UnfitOrganFile, authority_named, establish
from gongkai.core.agencies.models import Agency, Authority
from gongkai.core.agencies.queries import UnknownAgency, bearer_of, find_agency, name_on, organ_page, tree
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def county() -> None:
    establish(yaml.safe_load((ROOT / "sample/organs.yaml").read_text(encoding="utf-8")))


def test_the_sample_county_has_the_organs_it_promises(county: None) -> None:
    kinds = [a.kind for a in Agency.objects.filter(abolished_on=None)]
    assert kinds.count("department") >= 25
    assert kinds.count("town") + kinds.count("subdistrict") == 12
    assert kinds.count("public_enterprise") == 6
    assert kinds.count("village") >= 12
    assert kinds.count("internal_office") >= 10


def test_an_organ_is_known_by_the_name_it_bore_that_day(county: None) -> None:
    now = find_agency("青禾县卫生健康局")
    assert name_on(now, TODAY).name == "青禾县卫生健康局"
    before = bearer_of(["青禾县国土资源局"], date(2015, 5, 1))
    assert before is not None
    assert name_on(before, date(2015, 5, 1)).name == "青禾县国土资源局"
    assert name_on(before, None).name in ("青禾县自然资源和规划局", "青禾县国土资源局")


def test_abolished_organs_leave_the_tree_but_keep_their_page(county: None) -> None:
    gone = Agency.objects.exclude(abolished_on=None).first()
    assert gone is not None

    def codes(nodes) -> set[str]:
        return {n.agency.code for n in nodes} | {c for n in nodes for c in codes(n.children)}

    assert gone.code not in codes(tree(TODAY))
    page = organ_page(gone.code, TODAY)
    assert page is not None
    assert page.successor is not None


def test_importing_the_same_file_again_changes_nothing(county: None) -> None:
    before = list(Agency.objects.order_by("pk").values())
    done = establish(yaml.safe_load((ROOT / "sample/organs.yaml").read_text(encoding="utf-8")))
    assert done.created == 0
    assert list(Agency.objects.order_by("pk").values()) == before


def organ(code: str, **more: object) -> dict[str, object]:
    return {"code": code, "kind": "department", "names": [{"name": f"机构{code}"}], **more}


@pytest.mark.parametrize(
    ("organs", "said"),
    [
        ([organ("1", parent="2"), organ("2", parent="1")], "上级"),
        ([organ("1", parent="1")], "上级"),
        ([organ("1"), organ("1")], "重复"),
        ([organ("1", kind="ministry")], "类型"),
        ([{"code": "1"}], "缺少"),
        ([organ("1", succeeded_by="9")], "不存在"),
    ],
    ids=["a cycle", "its own parent", "twice", "unknown kind", "no name", "unknown successor"],
)
def test_a_file_of_organs_that_cannot_be_right_is_refused_whole(organs: list[dict[str, object]], said: str) -> None:
    with pytest.raises(UnfitOrganFile, match=said):
        establish({"government": {"name": "某县人民政府"}, "organs": organs})
    assert Agency.objects.count() == 0


def test_an_unknown_organ_is_named_in_the_refusal(county: None) -> None:
    with pytest.raises(UnknownAgency, match="某某局"):
        find_agency("某某局")


def test_an_authority_of_elsewhere_joins_the_list_once(county: None) -> None:
    first = authority_named("国务院办公厅", None)
    assert authority_named("国务院办公厅", None) == first
    assert first.agency is None
    assert authority_named("青禾县财政局", None).agency == find_agency("青禾县财政局")
    assert Authority.objects.filter(name="国务院办公厅").count() == 1
