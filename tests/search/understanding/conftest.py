"""A vocabulary of the sample county, built once per run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from gongkai.search.understanding.vocabulary.build import VocabularyBuilder
from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.text.numbers import mentions
from tests.conftest import ROOT

SAMPLE = ROOT / "sample"


def county_builder() -> VocabularyBuilder:
    builder = VocabularyBuilder()
    for path in sorted((SAMPLE / "papers").glob("*.yaml")):
        told = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        parts = [told, *(told.get("attachments") or [])]
        title = "".join(told["title"]).replace(" ", "") if isinstance(told["title"], list) else told["title"]
        numbers = [mention.value for mention in mentions(str(told.get("number") or ""))]
        builder.add_paper(title, "\n".join(str(part.get("body") or "") for part in parts), *numbers)
    for organ in yaml.load((SAMPLE / "organs.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["organs"]:
        for name in organ["names"]:
            builder.add_organ(name["name"], name["short"])
    builder.add_query("老人补助怎么领", 12)
    return builder


@pytest.fixture(scope="session")
def vocabulary_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vocabulary") / "county"
    county_builder().write(path)
    return path


@pytest.fixture(scope="session")
def county(vocabulary_file: Path) -> Iterator[Vocabulary]:
    vocabulary = Vocabulary(vocabulary_file)
    yield vocabulary
    vocabulary.close()
