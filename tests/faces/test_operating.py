"""What docs/operate.md and docs/systemd promise stands in the software."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.faces.terminal.main import gongkai
from tests.conftest import ROOT

OPERATE = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "docs/systemd").iterdir())


def test_every_environment_variable_is_told_and_none_that_is_not_there() -> None:
    read = set(re.findall(r"GONGKAI_[A-Z_]+", (ROOT / "config/environment.py").read_text(encoding="utf-8")))
    told = set(re.findall(r"^\| `(GONGKAI_[A-Z_]+)`", OPERATE, re.MULTILINE))
    assert told == read


def test_every_command_named_is_there() -> None:
    for words in sorted(set(re.findall(r"gongkai ((?:cache |ledger )?[a-z]+)\b", OPERATE))):
        if words.split()[0] in gongkai.list_commands(None):
            assert CliRunner().invoke(gongkai, [*words.split(), "--help"]).exit_code == 0, words


def test_every_figure_that_is_told_is_given() -> None:
    given = "\n".join((ROOT / "gongkai/faces/portal" / f).read_text() for f in ("metering.py", "views/health.py"))
    for name in re.findall(r"^\| `(gongkai_\w+)", OPERATE, re.MULTILINE):
        assert name.removesuffix("_total") in given, name


def test_links_inside_the_document_lead_somewhere() -> None:
    headings = {re.sub(r"[、\s]", "", h).lower() for h in re.findall(r"^#+ (.+)$", OPERATE, re.MULTILINE)}
    assert {link.lower() for link in re.findall(r"\]\(#([^)]+)\)", OPERATE)} <= headings


@pytest.mark.parametrize("unit", UNITS, ids=lambda u: u.name)
def test_units_are_well_formed_and_hardened(unit: Path) -> None:
    parsed = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parsed.optionxform = str  # type: ignore[assignment]
    parsed.read_string(unit.read_text(encoding="utf-8"))
    assert parsed["Unit"]["Description"]
    if unit.suffix == ".timer":
        assert parsed["Timer"]["Persistent"] == "yes" or parsed["Timer"]["Persistent"] == "true"
        assert (unit.with_suffix(".service")).exists()
        return
    service = parsed["Service"]
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["ReadWritePaths"]) == ("yes", "strict", "/srv/gongkai")
    assert service["User"] == "gongkai"
    assert "MemoryMax" in service


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed; the parser test above stands in")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/gongkai/.venv/bin/gongkai", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")
