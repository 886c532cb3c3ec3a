"""Validity and relations: tables a lawyer can read (cases/*.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from gongkai.text.compose import compose
from gongkai.text.model import Block, Raw, Validity
from gongkai.text.relations import read_relations
from gongkai.text.validity import read_validity

CASES = Path(__file__).with_name("cases")


def cases(name: str) -> list[Any]:
    told = tomllib.loads((CASES / name).read_text(encoding="utf-8"))["case"]
    return [pytest.param(case, id=case["text"][:24]) for case in told]


def lines(text: str):
    return compose(Raw("txt", [Block(text)])).lines


@pytest.mark.parametrize("case", cases("validity.toml"))
def test_a_paper_says_from_when_and_how_long_it_holds(case: dict[str, Any]) -> None:
    found = read_validity(lines(case["text"]), case.get("title", "青禾县管理办法")) or Validity()
    fields = ("effective_on", "expires_on", "term_years", "term_months", "days_after_issue")
    assert {f: getattr(found, f) for f in fields} == {f: case.get(f) for f in fields}
    assert found.from_issue == case.get("from_issue", False)


@pytest.mark.parametrize("case", cases("relations.toml"))
def test_a_paper_says_what_it_does_to_others(case: dict[str, Any]) -> None:
    found = read_relations(lines(case["text"]), case.get("title", ""), [], None)
    assert [[r.kind, r.title or "", r.document_number or ""] for r in found] == case["relations"]
    if "days" in case:
        assert [r.on or "" for r in found] == case["days"]
