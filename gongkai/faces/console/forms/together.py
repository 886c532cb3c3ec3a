"""Several documents at once: which, and what is asked before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from gongkai.faces.console.forms.acts import PublishForm, ReasonForm

TOGETHER: Mapping[str, str] = {"confirm": "核对无误", "publish": "发布", "withdraw": "撤下", "theme": "加入特色主题"}
MOST = 200  # documents at once


class ThemeForm(forms.Form):
    """Which theme they belong to from now on."""

    theme = forms.ChoiceField(label="特色主题", error_messages={"required": "请选择特色主题。"})

    def __init__(self, *args: Any, themes: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field: forms.ChoiceField = self.fields["theme"]  # type: ignore[assignment]
        field.choices = [("", "请选择"), *themes]


class NothingForm(forms.Form):
    """Nothing is asked."""


def form_for(act: str, data: QueryDict | None, *, own: bool, themes: Sequence[tuple[str, str]]) -> forms.Form:
    """What is asked before `act`; unbound without `data`."""
    if act == "publish":
        return PublishForm(data, own=own)
    if act == "withdraw":
        return ReasonForm(data)
    return ThemeForm(data, themes=themes) if act == "theme" else NothingForm(data)


def numbers_in(data: QueryDict) -> list[int]:
    """The documents that were picked, each once, at most MOST and one more; what is no number is left out."""
    typed = dict.fromkeys(data.getlist("n"))
    return [int(n) for n in typed if n.isdecimal() and n.isascii() and len(n) < 18][: MOST + 1]
