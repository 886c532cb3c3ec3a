"""The style sheet and the scripts that pages load: complete, and no more than needed."""

from __future__ import annotations

import gzip
import re

from tests.conftest import ROOT

ASSETS = ROOT / "static" / "assets"
TEMPLATES = sorted((ROOT / "gongkai").rglob("*.jinja"))


def test_every_class_of_gov_uk_that_a_page_names_is_in_the_style_sheet() -> None:
    public, desk = ((ASSETS / name).read_text(encoding="utf-8") for name in ("app.css", "console.css"))
    without_rules = {"govuk-template__body"}  # GOV.UK's script looks for it, nothing is drawn by it
    for templates, css in (([p for p in TEMPLATES if "console" not in p.parts], public), (TEMPLATES, public + desk)):
        named = {c for p in templates if "terminal" not in p.parts for c in re.findall(r"\bgovuk-[a-z][\w-]*", p.read_text())}
        assert sorted(c for c in named - without_rules if f".{c}" not in css) == []


def test_style_and_scripts_together_take_a_small_part_of_a_page() -> None:
    sizes = {p.name: len(gzip.compress(p.read_bytes(), 9)) for p in ASSETS.iterdir() if p.suffix in (".css", ".js")}
    desk = "".join(p.read_text(encoding="utf-8") for p in TEMPLATES if "console" in p.parts)
    public = {name: size for name, size in sizes.items() if f"static('{name}')" not in desk or name == "app.css"}
    assert sizes["app.css"] < 20_000
    assert sum(public.values()) < 30_000, public
    assert sum(sizes.values()) < 40_000, sizes


def test_scripts_put_nothing_into_pages_as_markup() -> None:
    for script in (ROOT / "gongkai" / "ui" / "scripts").glob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\.style\b", script.read_text()), (
            script
        )
