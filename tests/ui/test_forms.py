"""Forms drawn with GOV.UK's components."""

from __future__ import annotations

import lxml.html
import pytest
from django import forms
from django.template import engines


class _Form(forms.Form):
    organ = forms.ChoiceField(
        label="机构",
        required=False,
        help_text="可以不选。",
        choices=[("", "全部"), ("a<b", '青禾县"人民"政府'), ("c&d", "<b>财政局</b>"), ("12", "教育局")],
    )


@pytest.mark.parametrize("chosen", ["", "a<b", "c&d", "12", "nothing of these", None])
def test_a_select_offers_what_the_component_itself_would_have_drawn(chosen: str | None) -> None:
    environment = engines["jinja2"].env
    form = _Form({} if chosen is None else {"organ": chosen})
    items = [{"value": v, "text": t, "selected": v == (chosen or "")} for v, t in form.fields["organ"].choices]
    label, hint = {"text": "机构（选填）"}, {"text": "可以不选。"}
    asked = {"id": "id_organ", "name": "organ", "label": label, "hint": hint, "items": items}
    if form.errors:
        asked["errorMessage"] = {"text": form.errors["organ"][0], "visuallyHiddenText": "有误"}
    ours, theirs = environment.globals["field"](form["organ"]), environment.globals["govukSelect"](asked)
    assert _told(str(ours)) == _told(str(theirs))


def _told(written: str) -> list[tuple[str, dict[str, str], str]]:
    return [(e.tag, dict(e.attrib), (e.text or "").strip()) for e in lxml.html.fragment_fromstring(written).iter()]
