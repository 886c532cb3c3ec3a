"""The Jinja environment of all pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from jinja2 import Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from gongkai.ui import words
from gongkai.ui.addresses import address

_HERE = Path(__file__).parents[1]
_REMEMBERED = 1_000
_GOVUK = {
    "govukBreadcrumbs": "breadcrumbs",
    "govukPagination": "pagination",
    "govukSkipLink": "skip-link",
}


def environment(**options: Any) -> Environment:
    """An environment that knows our components, GOV.UK's, and every face's pages.

    Names are strict: a page that uses an unknown variable fails instead of showing nothing.
    GOV.UK's macros probe for options that are not given, so they live in a lenient environment
    of their own and stand in ours as plain functions.
    """
    env = Environment(
        loader=PrefixLoader(
            {
                "ui": FileSystemLoader(_HERE / "ui" / "templates"),
                "portal": FileSystemLoader(_HERE / "faces" / "portal" / "templates"),
            }
        ),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=bool(options.get("auto_reload")),
    )
    env.globals.update(static=lru_cache(maxsize=100)(static), url=address, **_govuk_macros())
    env.filters.update(day=words.day, moment=words.moment, count=words.count, phrases=words.phrases, stamp=words.stamp)
    return env


def _govuk_macros() -> dict[str, Any]:
    lenient = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = {macro: f"govuk_frontend_jinja/components/{folder}/macro.html" for macro, folder in _GOVUK.items()}
    return {macro: _remembered(getattr(lenient.get_template(name).module, macro)) for macro, name in names.items()}


def _remembered(macro: Callable[[dict[str, Any]], Markup]) -> Callable[[dict[str, Any]], Markup]:
    """A macro that is asked for the same options again answers from memory: plain values in, the same words out."""
    drawn: dict[str, Markup] = {}

    def draw(options: dict[str, Any]) -> Markup:
        key = repr(options)
        if key not in drawn:
            if len(drawn) >= _REMEMBERED:
                drawn.clear()
            drawn[key] = macro(options)
        return drawn[key]

    return draw
