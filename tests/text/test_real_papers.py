"""Real papers are read as an archivist would read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.text.truth import STRICT, paper_of, truths

pytestmark = pytest.mark.corpus


@pytest.mark.parametrize("truth", truths(), ids=lambda p: f"{p.parent.name}/{p.stem[:30]}")
def test_number_date_title_and_organs_are_those_of_the_paper(truth: Path, shared: Path) -> None:
    paper = paper_of(truth, shared)
    wanted = {f: paper.wanted(f) for f in STRICT if not paper.doubtful(f)}
    assert {f: paper.got(f) for f in wanted} == wanted


@pytest.mark.parametrize("truth", truths(), ids=lambda p: f"{p.parent.name}/{p.stem[:30]}")
def test_the_other_fields_agree_where_experts_would(truth: Path, shared: Path) -> None:
    paper = paper_of(truth, shared)
    fields = (
        "addressees",
        "signature",
        "note",
        "attribute",
        "effective_on",
        "expires_on",
        "term_years",
        "printed_on",
        "first_clauses",
        "article_count",
    )
    wanted = {f: paper.wanted(f) for f in fields if not paper.doubtful(f)}
    assert {f: paper.got(f) for f in wanted} == wanted


def test_every_source_points_to_the_words_it_was_read_from(shared: Path) -> None:
    for truth in truths():
        reading = paper_of(truth, shared).reading
        for found in (reading.title, reading.issued_on, reading.document_number, *reading.organs, *reading.signature):
            if found is not None and found.source is not None:
                start, end = found.source
                assert 0 <= start < end <= len(reading.text)
        for clause in reading.clauses:
            assert reading.text[slice(*clause.source)].startswith(clause.label)
