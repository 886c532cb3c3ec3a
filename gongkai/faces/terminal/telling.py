"""What commands that take a while have in common: a bar that moves, and a report that stays. No Django."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from jinja2 import Environment, PackageLoader, StrictUndefined


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar; gives a function to call with how much is done, and of how much where that is known."""
    with click.progressbar(length=1, label=label, show_pos=True, width=30) as bar:

        def advance(done: int, total: int | None) -> None:
            bar.length = max(total or 0, done, 1)
            bar.update(done - bar.pos)

        yield advance
        bar.update((bar.length or 1) - bar.pos)


def write_json(told: Any, path: Path, default: Callable[[Any], str] | None = None) -> None:
    """A report as JSON, below folders made where they are missing; `default` writes what JSON has no form for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=default), encoding="utf-8")


def write_report(told: Any, path: Path, template: str, **shown: Any) -> Path:
    """A report as JSON, and beside it as a page, whichever of the two `path` names; the page's path."""
    data = path.with_suffix(".json") if path.suffix.lower() in (".html", ".htm") else path
    write_json(told, data)
    page = data.with_suffix(".html")
    env = Environment(loader=PackageLoader("gongkai.faces.terminal"), autoescape=True, undefined=StrictUndefined)
    page.write_text(env.get_template(template).render(**shown), encoding="utf-8")
    return page
