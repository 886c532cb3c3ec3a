"""A Django form drawn with GOV.UK's components: one adapter from a bound field to a macro call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import Input
from markupsafe import Markup, escape

Macro = Callable[[dict[str, Any]], Markup]


class UnknownWidget(TypeError):
    """A form uses a widget that has no component here."""


class FormDrawing:
    """Draws fields and the summary of a form's errors.

    Args:
        macros: GOV.UK's macros by name (`govukInput`, …), as the environment has them.
    """

    def __init__(self, macros: Mapping[str, Macro]) -> None:
        self._macros = macros

    def field(self, bound: BoundField, classes: str = "", **attributes: str) -> Markup:
        """One field with label, hint and error. `attributes` go onto the control. Raises UnknownWidget."""
        widget = bound.field.widget
        if widget.is_hidden:
            return Markup(bound.as_hidden())  # noqa: S704 - drawn and escaped by Django
        for kinds, draw in _DRAWN.items():
            if isinstance(widget, kinds):
                return draw(self._macros, bound, classes, attributes)
        raise UnknownWidget(f"{type(widget).__name__} of {bound.name}")

    def errors(self, form: forms.BaseForm) -> Markup:
        """The summary at the top of the page; empty while nothing is wrong."""
        rows: list[dict[str, str]] = [{"text": str(e)} for e in form.non_field_errors()]
        rows += [{"text": str(e)} for bound in form.hidden_fields() for e in bound.errors]
        for bound in form.visible_fields():
            rows += [{"text": str(e), "href": f"#{_identity(bound)}"} for e in bound.errors]
        if not rows:
            return Markup("")
        return self._macros["govukErrorSummary"]({"titleText": "请改正以下内容", "errorList": rows, "disableAutoFocus": False})


def _identity(bound: BoundField) -> str:
    grouped = isinstance(bound.field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect)
    return f"{bound.auto_id}_0" if grouped else str(bound.auto_id)


def _about(bound: BoundField) -> dict[str, Any]:
    """What every component is told: name, identity, hint and error."""
    options: dict[str, Any] = {"id": str(bound.auto_id), "name": bound.html_name}
    if bound.help_text:
        options["hint"] = {"text": str(bound.help_text)}
    if bound.errors:
        options["errorMessage"] = {"text": "；".join(str(e) for e in bound.errors), "visuallyHiddenText": "有误"}
    return options


def _label(bound: BoundField) -> dict[str, Any]:
    needed = bound.field.required or getattr(bound.form, "filters", False)  # of a filter, nobody asks what may be left out
    return {"text": f"{bound.label}{'' if needed else '（选填）'}"}


def _attributes(bound: BoundField, given: Mapping[str, str]) -> dict[str, str]:
    own = {k: str(v) for k, v in bound.field.widget.attrs.items() if k not in ("cols", "rows", "placeholder")}
    return {**own, **given}


def _text(macros: Mapping[str, Macro], bound: BoundField, classes: str, attributes: Mapping[str, str]) -> Markup:
    kind = getattr(bound.field.widget, "input_type", "text")
    value = bound.value() if kind != "password" else None
    options = {**_about(bound), "label": _label(bound), "type": kind, "classes": classes}
    if value is not None:
        options["value"] = str(bound.field.prepare_value(value))
    options["attributes"] = _attributes(bound, attributes)
    if complete := options["attributes"].pop("autocomplete", None):
        options["autocomplete"] = complete
    return macros["govukInput"](options)


def _long(macros: Mapping[str, Macro], bound: BoundField, classes: str, attributes: Mapping[str, str]) -> Markup:
    rows = str(bound.field.widget.attrs.get("rows", 5))
    options = {**_about(bound), "label": _label(bound), "value": str(bound.value() or ""), "rows": rows, "classes": classes}
    return macros["govukTextarea"]({**options, "attributes": _attributes(bound, attributes)})


def _chosen(bound: BoundField) -> set[str]:
    value = bound.value()
    return {str(v) for v in value} if isinstance(value, list | tuple | set) else {"" if value is None else str(value)}


def _items(bound: BoundField) -> list[dict[str, Any]]:
    chosen = _chosen(bound)
    field: Any = bound.field
    return [{"value": str(v), "text": str(label), "checked": str(v) in chosen} for v, label in field.choices]


def _select(macros: Mapping[str, Macro], bound: BoundField, classes: str, attributes: Mapping[str, str]) -> Markup:
    options = {**_about(bound), "label": _label(bound), "classes": classes, "attributes": _attributes(bound, attributes)}
    before, end, after = str(macros["govukSelect"](options)).rpartition("</select>")
    return Markup(before + _options(bound) + end + after)  # noqa: S704 - the component's, and escaped options


def _options(bound: BoundField) -> str:
    """The options as the component draws them, in a fifth of its time: there may be a thousand organs and people."""
    chosen = _chosen(bound)
    field: Any = bound.field
    return "".join(
        f'<option value="{escape(value)}"{" selected" if str(value) in chosen else ""}>{escape(label)}</option>'
        for value, label in field.choices
    )


def _legend(bound: BoundField) -> dict[str, Any]:
    return {"legend": {**_label(bound), "classes": "govuk-fieldset__legend--s"}}


def _boxes(macros: Mapping[str, Macro], bound: BoundField, classes: str, attributes: Mapping[str, str]) -> Markup:
    options = {**_about(bound), "fieldset": _legend(bound), "items": _items(bound), "classes": classes}
    options["idPrefix"] = options.pop("id")
    options["items"] = [{**item, "id": f"{bound.auto_id}_{i}"} for i, item in enumerate(options["items"])]
    several = isinstance(bound.field.widget, forms.CheckboxSelectMultiple)  # which Django derives from RadioSelect
    macro = "govukCheckboxes" if several else "govukRadios"
    return macros[macro]({**options, "attributes": dict(attributes)})


def _box(macros: Mapping[str, Macro], bound: BoundField, classes: str, attributes: Mapping[str, str]) -> Markup:
    about = _about(bound)
    item = {"value": "on", "text": str(bound.label), "checked": bool(bound.value()), "id": about.pop("id")}
    if "hint" in about:
        item["hint"] = about.pop("hint")
    return macros["govukCheckboxes"](
        {**about, "idPrefix": item["id"], "items": [item], "classes": classes, "attributes": dict(attributes)}
    )


def _file(macros: Mapping[str, Macro], bound: BoundField, classes: str, attributes: Mapping[str, str]) -> Markup:
    options = {**_about(bound), "label": _label(bound), "classes": classes, "attributes": _attributes(bound, attributes)}
    return macros["govukFileUpload"](options)


_DRAWN: Mapping[Any, Callable[..., Markup]] = {
    (forms.RadioSelect, forms.CheckboxSelectMultiple): _boxes,
    forms.CheckboxInput: _box,
    forms.Select: _select,
    forms.Textarea: _long,
    forms.FileInput: _file,
    Input: _text,
}
