"""The Jinja environment of all pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from jinja2 import Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from gongkai.ui import words
from gongkai.ui.addresses import address
from gongkai.ui.forms import FormDrawing

_HERE = Path(__file__).parents[1]
_CONSOLE = _HERE / "faces" / "console" / "templates"
_ALLAUTH = ("account", "mfa", "socialaccount")  # folders that allauth looks for by these names
_REMEMBERED = 1_000
_GOVUK = {
    "govukBreadcrumbs": "breadcrumbs",
    "govukPagination": "pagination",
    "govukSkipLink": "skip-link",
}
_OF_FORMS = {
    "govukButton": "button",
    "govukCheckboxes": "checkboxes",
    "govukErrorSummary": "error-summary",
    "govukFileUpload": "file-upload",
    "govukInput": "input",
    "govukRadios": "radios",
    "govukSelect": "select",
    "govukTextarea": "textarea",
}


class _Environment(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain dictionary: Jinja's chain of two is compared name by name at each import, a tenth of a page's time."""
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> Environment:
    """An environment that knows our components, GOV.UK's, and every face's pages.

    Names are strict: a page that uses an unknown variable fails instead of showing nothing.
    GOV.UK's macros probe for options that are not given, so they live in a lenient environment
    of their own and stand in ours as plain functions.
    """
    env = _Environment(
        loader=PrefixLoader(
            {
                "ui": FileSystemLoader(_HERE / "ui" / "templates"),
                "portal": FileSystemLoader(_HERE / "faces" / "portal" / "templates"),
                "api": FileSystemLoader(_HERE / "faces" / "api" / "templates"),
                "console": FileSystemLoader(_CONSOLE),
                **{name: FileSystemLoader(_CONSOLE / name) for name in _ALLAUTH},
            }
        ),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=bool(options.get("auto_reload")),
    )
    macros = _govuk_macros(_OF_FORMS)
    drawing = FormDrawing(macros)
    env.globals.update(static=lru_cache(maxsize=100)(static), url=address, field=drawing.field, form_errors=drawing.errors)
    env.globals.update(macros)
    env.globals.update({name: _remembered(macro) for name, macro in _govuk_macros(_GOVUK).items()})
    env.filters.update(day=words.day, moment=words.moment, count=words.count, phrases=words.phrases, stamp=words.stamp)
    return env


def _govuk_macros(folders: Mapping[str, str]) -> dict[str, Any]:
    lenient = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = {macro: f"govuk_frontend_jinja/components/{folder}/macro.html" for macro, folder in folders.items()}
    return {macro: getattr(lenient.get_template(name).module, macro) for macro, name in names.items()}


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
