"""Two people over one form: the second is told, sees both, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

SEEN = "seen"
LARGEST = 1 << 31


class SeenForm(forms.Form):
    """A form that remembers how many changes its record had when it was drawn."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST)


def anew(make: Callable[[Any], forms.Form], data: Any, standing: Mapping[str, Any], seen: int) -> forms.Form:
    """The same form with what was typed, over what stands now; sending it again is a new decision.

    Args:
        make: gives the form for its data.
        data: what was sent.
        standing: what each field says now.
        seen: how many changes the record has by now.
    """
    again = data.copy()
    again[SEEN] = str(seen)
    form = make(again)
    form.is_valid()
    for name, value in standing.items():
        if name in form.fields and _plain(value) != _plain(form.cleaned_data.get(name)):
            form.add_error(name, f"别人刚改成：{_called(form.fields[name], value) or '（空）'}")
    form.add_error(None, "别人刚刚改过。您填的还在下面，每一处不同都写着现在的内容；核对后可以再保存。")
    return form


def _called(field: forms.Field, value: Any) -> str:
    """A value as the form's own choices call it."""
    names = {str(code): str(label).strip() for code, label in getattr(field, "choices", ())}
    return _plain([names.get(str(v), v) for v in (value if isinstance(value, list | tuple) else [value])])


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "、".join(str(v) for v in value)
    return "" if value is None else str(value).strip()
