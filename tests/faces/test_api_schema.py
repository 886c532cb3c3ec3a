"""The API does what its OpenAPI document says, and the document says all that the API does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from gongkai.faces.api.openapi import document
from tests.faces.api_site import in_this_process, told
from tests.faces.visitor import Visitor
from tests.soaking import often

ROOT = "/api/v1/"
UNHURRIED: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}


class Site:
    """The site that is being asked, once there is one."""

    asked: Visitor

    def __call__(self, environ, start_response):
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # this client says it can unsqueeze, and does not
        return self.asked.cache(environ, start_response)


site = Site()
schema = schemathesis.openapi.from_dict(document())
schema.app = site


@pytest.fixture(scope="module", autouse=True)
def visitor(sample_data: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker) -> Iterator[Visitor]:
    with in_this_process(sample_data, tmp_path_factory.mktemp("api") / "data", django_db_blocker) as visitor:
        site.asked = visitor
        yield visitor


@pytest.mark.soak
@schema.parametrize()
@settings(max_examples=often(25, 2_000), **UNHURRIED)
def test_whatever_is_asked_the_answer_is_as_documented(case) -> None:
    case.call_and_validate()


def test_one_answer_leads_to_the_next_as_documented() -> None:
    walks = schema.as_state_machine()
    walks.run(settings=settings(max_examples=often(5, 200), stateful_step_count=6, **UNHURRIED))


def resources(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Every address of the sample's API, and the path of the document that describes it."""
    for path in ("", "documents", "organs", "topics", "themes"):
        yield f"{ROOT}{path}", f"{ROOT}{path}"
    yield f"{ROOT}documents?limit=100&facets=true", f"{ROOT}documents"
    for found in told(visitor, f"{ROOT}documents?limit=100")["items"]:
        for rest in ("", "/clauses", "/timeline", "/timeline?on=2022-01-01"):
            yield f"{ROOT}documents/{found['number']}{rest}", f"{ROOT}documents/{{number}}{rest.partition('?')[0]}"
    for found in told(visitor, f"{ROOT}organs")["items"]:
        yield f"{ROOT}organs/{found['code']}", f"{ROOT}organs/{{code}}"


def test_every_answer_about_the_sample_fits_its_schema(visitor: Visitor) -> None:
    whole = document()
    fits = {path: validator(whole, item["get"]) for path, item in whole["paths"].items()}
    asked = list(resources(visitor))
    assert len(asked) > 300
    assert {path for _, path in asked} == set(fits)
    for address, path in asked:
        answer = told(visitor, address)
        assert [(error.instance_path, error.message) for error in fits[path].iter_errors(answer)] == [], address


def validator(whole: dict[str, Any], operation: dict[str, Any]) -> jsonschema_rs.Validator:
    """What the answers of an operation must fit, formats too; every object is closed."""
    shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator({**shape, "components": whole["components"]}, validate_formats=True)


def test_the_document_leaves_nothing_out() -> None:
    whole = document()
    assert whole["openapi"] == "3.1.0"
    for path, item in whole["paths"].items():
        (method,) = item
        operation = item[method]
        said = set(operation["responses"])
        assert said >= {"200", "304", "400", "405", "414", "422", "429", "503"}, path
        assert ("404" in said) == ("{" in path or path.endswith("documents")), path
        for parameter in operation["parameters"]:
            assert re.search(r"[一-鿿]", parameter["description"]), (path, parameter["name"])
        assert re.search(r"[一-鿿]", operation["summary"] + operation["description"])
    for name, shape in whole["components"]["schemas"].items():
        assert re.search(r"[一-鿿]", shape["description"]), name
        assert shape["additionalProperties"] is False, name
        for field, told_of in shape["properties"].items():
            assert re.search(r"[一-鿿]", told_of.get("description", "")), (name, field)


def test_what_may_be_null_is_told_by_its_type() -> None:
    fields = document()["components"]["schemas"]["DocumentBrief"]["properties"]
    assert fields["document_number"]["type"] == ["string", "null"]
    assert (fields["issued_on"]["type"], fields["issued_on"]["format"]) == (["string", "null"], "date")


def test_a_problem_is_told_as_documented(visitor: Visitor) -> None:
    status, headers, body = visitor.ask(f"{ROOT}documents?limit=0")
    shapes = document()["components"]
    problem = jsonschema_rs.Draft202012Validator({"$ref": "#/components/schemas/Problem", "components": shapes})
    assert (status, headers["Content-Type"]) == (422, "application/problem+json")
    assert problem.is_valid(json.loads(body))
