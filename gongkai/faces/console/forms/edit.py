"""The editor's form: every field that people correct, and the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from gongkai.domains.library.actions.fields import FIELDS
from gongkai.domains.library.queries.papers import ATTRIBUTES, KINDS
from gongkai.faces.console.days import DayField
from gongkai.text.topics import scheme
from gongkai.text.written import Written, written_in_html, written_in_lines

ORGANS = 12  # organs that one paper may have
DAYS = ("issued_on", "effective_on", "expires_on")
HTML, LINES = "html", "lines"
_PLAIN = ("title", "document_number", "term_years", "registration_number", "summary", "attribute_reason")


class PaperForm(forms.Form):
    """What a document is to say. `base` is the revision the person began from.

    The text comes as HTML from the editor, or as plain lines where the browser runs no scripts;
    `text_form` says which.
    """

    base = forms.IntegerField(min_value=1, max_value=1 << 30, widget=forms.HiddenInput)
    text_form = forms.ChoiceField(choices=[(HTML, HTML), (LINES, LINES)], widget=forms.HiddenInput)
    title = forms.CharField(
        label="标题", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": "标题不能为空。"}
    )
    document_number = forms.CharField(label="发文字号", max_length=120, required=False)
    issued_on = DayField(label="成文日期", required=False)
    effective_on = DayField(label="施行日期", required=False)
    expires_on = DayField(label="有效期至", required=False)
    term_years = forms.CharField(label="有效期（年）", max_length=3, required=False)
    kind = forms.ChoiceField(label="文件类别", choices=list(KINDS.items()))
    topic = forms.ChoiceField(label="主题分类", required=False)
    subtopic = forms.ChoiceField(label="主题子类", required=False)
    themes = forms.MultipleChoiceField(label="特色主题", required=False, widget=forms.CheckboxSelectMultiple)
    attribute = forms.ChoiceField(label="公开属性", choices=list(ATTRIBUTES.items()))
    attribute_reason = forms.CharField(
        label="不主动公开的理由",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="公开属性是“依申请公开”或“不予公开”的，须写明理由和依据。",
    )
    registration_number = forms.CharField(label="登记号", max_length=40, required=False)
    summary = forms.CharField(label="概述", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    text = forms.CharField(label="正文", required=False, widget=forms.Textarea(attrs={"rows": 24}))
    reason = forms.CharField(
        label="为什么改",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="会和这一版一起留存，公众看不到。",
    )

    def __init__(self, data: QueryDict | None, initial: Mapping[str, Any], themes: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, initial=dict(initial))
        for place in range(self._rooms(data, initial)):
            self.fields[organ(place)] = forms.CharField(label=f"发文机关 {place + 1}", required=False, max_length=120)
        topics: forms.ChoiceField = self.fields["topic"]  # type: ignore[assignment]
        children: forms.ChoiceField = self.fields["subtopic"]  # type: ignore[assignment]
        known: forms.MultipleChoiceField = self.fields["themes"]  # type: ignore[assignment]
        topics.choices = [("", "没有"), *((topic, topic) for topic in scheme())]
        children.choices = [("", "没有"), *((f"{t}/{c}", f"{t} / {c}") for t, several in scheme().items() for c in several)]
        known.choices = [(name, name) for _, name in themes]

    @staticmethod
    def _rooms(data: QueryDict | None, initial: Mapping[str, Any]) -> int:
        """As many as there are, and two more."""
        given = data if data is not None else initial
        used = [place for place in range(ORGANS) if str(given.get(organ(place)) or "").strip()]
        return min(ORGANS, (used[-1] if used else 0) + 3)

    def clean(self) -> dict[str, Any]:
        """There is an organ, and the child belongs to its topic."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(said.get(name) for name in self.organ_names()):
            self.add_error(organ(0), "发文机关不能为空。")
        topic, child = said.get("topic", ""), said.get("subtopic", "")
        if child and child.partition("/")[0] != topic:
            self.add_error("subtopic", "这个子类不在所选的主题下，请重新选择。")
        return said

    def clean_title(self) -> str:
        """A title is one line, however it was broken."""
        return "".join(self.cleaned_data["title"].splitlines()).strip()

    def organ_names(self) -> list[str]:
        """The names of the fields that hold the organs."""
        return [name for name in self.fields if name.startswith("organ_")]

    def written(self) -> dict[str, str]:
        """The fields as an action takes them, by names of FIELDS; call it on a valid form."""
        said = self.cleaned_data
        found = {name: str(said[name]).replace("\r\n", "\n").strip() for name in _PLAIN}
        for name in DAYS:
            day: date | None = said[name]
            found[name] = day.isoformat() if day else ""
        found |= {"kind": said["kind"], "attribute": said["attribute"], "themes": "、".join(said["themes"])}
        found["organs"] = "、".join(said[name].strip() for name in self.organ_names() if said[name].strip())
        found["topic"] = said["subtopic"] or said["topic"]
        return {name: found[name] for name in FIELDS}

    def text_written(self) -> list[Written]:
        """The text; call it on a valid form."""
        typed = str(self.cleaned_data["text"])
        return written_in_html(typed) if self.cleaned_data["text_form"] == HTML else written_in_lines(typed)


def organ(place: int) -> str:
    """The name of the field that holds an organ, counted from 0."""
    return f"organ_{place}"


def initial_of(fields: Mapping[str, str], base: int, text: str, text_form: str) -> dict[str, Any]:
    """What stands in the form at first, from fields as `fields.as_written` gives them."""
    found: dict[str, Any] = {name: fields[name] for name in (*_PLAIN, *DAYS, "kind", "attribute")}
    found |= {organ(place): name for place, name in enumerate(fields["organs"].split("、")[:ORGANS]) if name}
    topic = fields["topic"].partition("/")[0]
    found |= {"topic": topic, "subtopic": fields["topic"] if "/" in fields["topic"] else ""}
    return found | {"themes": [t for t in fields["themes"].split("、") if t], "base": base, "text": text, "text_form": text_form}


def typed_in(data: QueryDict) -> dict[str, Any]:
    """What stands in the form as it was sent, right or not, to be kept as a draft."""
    names = [n for n in (*PaperForm.base_fields, *(organ(p) for p in range(ORGANS))) if n in data and n != "base"]
    return {n: data.getlist(n)[:100] if n == "themes" else str(data[n]).replace("\x00", "") for n in names}
