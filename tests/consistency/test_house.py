"""What linters cannot say: the house keeps its own rules."""

from __future__ import annotations

import ast
import hashlib
import re
import statistics
import subprocess
from pathlib import Path

import allauth
import pytest

from gongkai.law import normative
from gongkai.law.sources import CITED
from gongkai.text.numerals import to_int
from tests.conftest import ROOT

ROOMS = {"models", "events", "state", "actions", "queries", "tasks", "management", "migrations", "apps", "__init__"}
FORBIDDEN_ROOMS = {"utils", "helpers", "services", "signals", "common", "misc"}
LONGEST_ROOM = 400


def committed() -> list[Path]:
    """Every file of the repository that git knows or would take."""
    said = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in said.stdout.splitlines() if (ROOT / line).is_file()]


SOURCES = sorted((ROOT / "gongkai").rglob("*.py"))
ROOMS_OF_OURS = [p for p in SOURCES if "migrations" not in p.parts]
BELOW_THE_FACES = [p for p in ROOMS_OF_OURS if "faces" not in p.parts]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_no_registry_host_and_no_store_address_stands_in_any_file() -> None:
    pieces = (("registry", r"\.npm"), ("pypi", r"\.org"), ("python", "hosted"), ("npm", "mirror"))  # this is a file too
    hosts = re.compile("|".join([*map("".join, pieces), r"--index-url|--extra-index-url|resolved\"\s*:\s*\"http"]))
    found = [
        p.relative_to(ROOT)
        for p in committed()
        if p.suffix in {"", ".txt", ".json", ".toml", ".in", ".md", ".yml", ".yaml", ".npmrc", ".sh", ".py"}
        and p != Path(__file__)
        and hosts.search(p.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


@pytest.mark.corpus
def test_nothing_of_the_corpus_is_copied_into_the_project(shared: Path) -> None:
    theirs = {hashlib.sha256(p.read_bytes()).digest() for p in shared.rglob("*") if p.is_file() and p.stat().st_size > 500}
    data = {ROOT / "gongkai/text/state_council_topics.json"}
    assert [p for p in committed() if p not in data and hashlib.sha256(p.read_bytes()).digest() in theirs] == []


def test_domains_have_the_rooms_the_house_names_and_no_others() -> None:
    for domain in (p for p in (ROOT / "gongkai" / "domains").iterdir() if p.is_dir() and p.name != "__pycache__"):
        rooms = {p.stem for p in domain.iterdir() if p.name != "__pycache__"}
        assert rooms <= ROOMS, domain.name


def test_no_room_is_a_lumber_room_and_none_is_too_full() -> None:
    assert [p for p in SOURCES if p.stem in FORBIDDEN_ROOMS] == []
    assert {p.relative_to(ROOT): n for p in ROOMS_OF_OURS if (n := len(p.read_text().splitlines())) > LONGEST_ROOM} == {}


def test_half_the_files_are_under_a_hundred_lines_and_nine_functions_in_ten_under_25() -> None:
    assert statistics.median(len(p.read_text().splitlines()) for p in ROOMS_OF_OURS) < 100
    functions = (n for p in ROOMS_OF_OURS for n in ast.walk(tree(p)) if isinstance(n, ast.FunctionDef))
    lengths = sorted((f.end_lineno or f.lineno) - f.lineno + 1 for f in functions)
    assert lengths[int(len(lengths) * 0.9)] < 25


def test_time_comes_in_from_the_faces() -> None:
    """Nothing below the faces asks the clock; what a query needs of today is its argument."""
    clock = re.compile(
        r"\b(?:datetime|date)\.(?:now|today|utcnow)\(|timezone\.now\(|timezone\.local(?:date|time)\(\)|time\.time\("
    )
    assert [p.relative_to(ROOT) for p in BELOW_THE_FACES if clock.search(p.read_text())] == []


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{p.relative_to(ROOT)}:{inner.lineno}"
        for p in ROOMS_OF_OURS
        if p.name != "apps.py"  # Django loads the models between importing this and calling ready()
        for outer in ast.walk(tree(p))
        if isinstance(outer, ast.FunctionDef)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_no_save_is_overridden_and_no_signal_steers() -> None:
    for path in ROOMS_OF_OURS:
        source = path.read_text()
        assert "@receiver" not in source, path
        saves = [n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef) and n.name == "save"]
        assert saves == [], path


def test_every_public_name_below_the_faces_says_what_it_is() -> None:
    silent = []
    for path in (p for p in ROOMS_OF_OURS if p.name not in ("apps.py", "__init__.py")):
        for node in tree(path).body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if named and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}:{node.name}")
        if not ast.get_docstring(tree(path)) and path.read_text().strip():
            silent.append(str(path.relative_to(ROOT)))
    assert silent == []


def test_every_template_is_used() -> None:
    """By us, or by allauth, which asks for the names of its own."""
    used = "\n".join(p.read_text() for p in [*SOURCES, *(ROOT / "gongkai").rglob("*.jinja")])
    unused = [p for p in (ROOT / "gongkai").rglob("*.jinja") if p.name not in used.replace(f"{p}", "")]
    console, theirs = ROOT / "gongkai/faces/console/templates", Path(allauth.__file__).parent / "templates"
    assert [
        p for p in unused if not (p.is_relative_to(console) and (theirs / p.relative_to(console)).with_suffix(".html").is_file())
    ] == []


def test_every_migration_says_what_changed() -> None:
    names = [p.stem for p in (ROOT / "gongkai").glob("**/migrations/[0-9]*.py")]
    assert names
    assert [n for n in names if re.search(r"_auto_|_initial$|\d{8}", n)] == []


def test_migrations_import_no_code_of_the_application() -> None:
    for path in (ROOT / "gongkai").glob("**/migrations/[0-9]*.py"):
        assert not re.search(r"^(?:from|import) gongkai", path.read_text(), re.MULTILINE), path


@pytest.mark.corpus
def test_every_cited_article_stands_in_the_stored_statute_or_is_marked_as_second_hand(shared: Path) -> None:
    assert {f"{normative.__name__}.last_day_of_term", f"{normative.__name__}.evaluation_opens_on"} <= CITED.keys()
    rulebook = (shared / "rules" / "RULEBOOK.md").read_text(encoding="utf-8")
    for citation in CITED.values():
        if citation.source.secondary:
            assert re.search(rf"司法厅 art\. {citation.article}\b", rulebook), str(citation)
            continue
        (statute,) = (shared / "rules" / "statutes").glob(f"*{citation.source.name.removeprefix('中华人民共和国')}*")
        articles = {
            to_int(n) for n in re.findall(r"^\s*第([一二三四五六七八九十百零]+)条", statute.read_text(encoding="utf-8"), re.M)
        }
        assert citation.article in articles, str(citation)


def test_every_reading_that_a_rule_names_is_written_down() -> None:
    named = {m for p in ROOMS_OF_OURS for m in re.findall(r"docs/(?:readings|decisions)/[\w-]+\.md", p.read_text())}
    assert named
    assert [n for n in named if not (ROOT / n).is_file()] == []
