"""Which documents: the filters of the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms

from gongkai.core.scope import Viewer
from gongkai.domains.library.actions.content import QUESTIONS
from gongkai.domains.library.queries import papers

_PAGES = 9_999


class PapersForm(forms.Form):
    """The filters; every one may be left out. A value that is none of the choices is refused."""

    filters = True
    words = forms.CharField(label="标题或文号", required=False, max_length=100)
    status = forms.ChoiceField(label="编辑状态", required=False)
    organ = forms.ChoiceField(label="机构", required=False)
    due = forms.ChoiceField(label="到期", required=False)
    standing = forms.ChoiceField(label="办理情况", required=False)
    legal = forms.ChoiceField(label="效力", required=False)
    kind = forms.ChoiceField(label="类别", required=False)
    attribute = forms.ChoiceField(label="公开属性", required=False)
    question = forms.ChoiceField(label="待核对", required=False)
    year = forms.RegexField(
        r"^(?:19|20)\d\d$", label="成文年份", required=False, error_messages={"invalid": "年份请写成四位数字，例如 2024。"}
    )
    sort = forms.ChoiceField(label="排列", required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=_PAGES, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, str], viewer: Viewer) -> None:
        super().__init__(data)
        choices: Mapping[str, list[tuple[Any, str]]] = {
            "status": list(papers.STATUSES.items()),
            "organ": list(papers.organs_to_choose(viewer)),
            "due": list(papers.DUE.items()),
            "standing": list(papers.STANDING.items()),
            "legal": list(papers.LEGAL.items()),
            "kind": list(papers.KINDS.items()),
            "attribute": list(papers.ATTRIBUTES.items()),
            "question": list(QUESTIONS.items()),
        }
        for name, rows in choices.items():
            self._choice(name).choices = [("", "全部"), *rows]
        self._choice("sort").choices = [(key, label) for key, (label, _) in papers.SORTS.items()]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def wanted(self) -> papers.Wanted:
        """What was asked for; call it on a valid form."""
        said = self.cleaned_data
        return papers.Wanted(**{**said, "sort": said["sort"] or "filed", "page": said["page"] or 1})


def query_of(wanted: papers.Wanted, **changes: Any) -> str:
    """The query string of a state of the list: only what differs from the plain list."""
    names = [name for name in PapersForm.base_fields if name != "page"]
    state = {name: getattr(wanted, name) for name in names} | {"page": 1} | changes
    plain = papers.Wanted()
    return urlencode({name: value for name, value in state.items() if value != getattr(plain, name)})


def file_name(today: date) -> str:
    """What the list is saved as."""
    return f"documents-{today:%Y%m%d}.xlsx"
