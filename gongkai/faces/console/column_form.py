"""A column of the disclosure platform as a form: what it says, and groups of conditions for the papers it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from django import forms

from gongkai.domains.catalogue.actions.columns import Draft
from gongkai.domains.catalogue.events import BLOCKS, ENTRIES, INLINE, ColumnData
from gongkai.domains.catalogue.queries.called import names_of_codes
from gongkai.domains.catalogue.queries.written import written
from gongkai.domains.catalogue.tasks.reading import read_columns
from gongkai.faces.console.conflicts import SeenForm

ORGAN_KINDS = {"government": "本级政府", "department": "部门", "subdistrict": "街道", "town": "乡镇"}
LISTS: Mapping[str, tuple[str, str]] = {
    "kinds": ("文件类别", "如“行政规范性文件；公告公示”"),
    "topics": ("主题", "国务院主题分类的全名，如“财政、金融、审计”"),
    "subtopics": ("主题子类", ""),
    "themes": ("特色主题", ""),
    "organs": ("机构", "名称或代码"),
    "words": ("标题用词", "用空格隔开的词须同时出现；几组用分号隔开，有一组就收"),
    "without": ("排除用词", "标题里有这些词的不收"),
    "index_numbers": ("指定的索引号", ""),
}
_MOST_GROUPS = 6
_INLINE, _BLOCKS = ("".join(f"{{{name}}}" for name in names) for names in (INLINE, BLOCKS))


class ColumnForm(SeenForm):
    """A column. Each group of conditions is a field of its own per condition: `kinds-0`, `words-0`, `kinds-1`…"""

    name = forms.CharField(label="栏目名称", max_length=40, error_messages={"required": "请填写栏目名称。"})
    slug = forms.CharField(
        label="网址里的名字",
        max_length=40,
        help_text="小写字母、数字和连字符，如 land-expropriation。以后不能改。",
        error_messages={"required": "请填写网址里的名字。"},
    )
    entry = forms.ChoiceField(label="入口", choices=list(ENTRIES.items()))
    group = forms.CharField(label="小标题", max_length=60, required=False, help_text="列在哪个小标题下。")
    source = forms.CharField(
        label="依据", max_length=120, required=False, help_text="如“《政府信息公开条例》第二十条第（三）项”。"
    )
    about = forms.CharField(label="这里有什么", max_length=200, required=False)
    elsewhere = forms.CharField(
        label="空的时候怎么说", max_length=300, required=False, help_text="暂时没有内容时，告诉公众还可以到哪里找。"
    )
    organ_kinds = forms.MultipleChoiceField(
        label="哪些机构的平台有这个栏目",
        choices=list(ORGAN_KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一类机构。"},
    )
    rest = forms.BooleanField(label="收同一入口里其他栏目都没有收的文件", required=False)
    text = forms.CharField(
        label="自己的文字",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=f"## 起头为小标题，- 起头为列表，空行分段。可以写 {_INLINE}，单独一行可以写 {_BLOCKS}。",
    )

    def __init__(self, *args: Any, groups: int, known: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.groups = range(groups)
        for number in self.groups:
            for key, (label, hint) in LISTS.items():
                self.fields[f"{key}-{number}"] = forms.CharField(label=label, required=False, max_length=2000, help_text=hint)
        if known:
            self.fields["slug"].widget = forms.HiddenInput()

    def conditions(self, number: int) -> list[forms.BoundField]:
        """The fields of one group of conditions."""
        return [self[f"{key}-{number}"] for key in LISTS]

    def draft(self, standing: ColumnData | None) -> Draft:
        """The column as it is meant, checked as a file of columns is. Raises UnfitColumnFile."""
        said = self.cleaned_data
        told: dict[str, Any] = {
            name: said[name] for name in ("slug", "name", "entry", "group", "source", "about", "elsewhere") if said[name]
        }
        told["organ_kinds"] = said["organ_kinds"]
        selection: list[dict[str, Any]] = [chosen for number in self.groups if (chosen := self._chosen(number))]
        if said["rest"]:
            selection.append({"rest": True})
        if selection:
            told["selection"] = selection
        if said["text"].strip():
            told["text"] = said["text"].replace("\r\n", "\n")
        if standing is not None:
            told |= {"texts": standing["texts"]} if standing["texts"] else {}
            told |= {"order": standing["order"]} if standing["entry"] == said["entry"] else {}
        return read_columns(yaml.safe_dump({"columns": [told]}, allow_unicode=True, sort_keys=False))[0]

    def _chosen(self, number: int) -> dict[str, list[str]]:
        codes = {name: code for code, name in names_of_codes()["organs"].items()}
        lists = {key: _listed(key, self.cleaned_data[f"{key}-{number}"]) for key in LISTS}
        lists["organs"] = [codes.get(organ, organ) for organ in lists["organs"]]
        return {key: values for key, values in lists.items() if values}


def _listed(key: str, told: str) -> list[str]:
    """What is between semicolons; names of topics may hold the other marks that people put between things."""
    marks = r"[；;\n]" if key in ("topics", "subtopics") else r"[、，,；;\n]"
    return [" ".join(part.split()) for part in re.split(marks, told) if part.strip()]


def said_of(data: ColumnData) -> dict[str, Any]:
    """What each field of the form says of a column."""
    groups = [s for s in data["selection"] if not s["rest"]]
    told: dict[str, Any] = {name: value for name, value in data.items() if name in ColumnForm.base_fields}
    told["rest"] = any(s["rest"] for s in data["selection"])
    names = names_of_codes()
    for number, group in enumerate(groups):
        told |= {f"{key}-{number}": _called(key, values, names) for key, values in group.items() if isinstance(values, list)}
    return told


def _called(key: str, values: Sequence[str], names: Mapping[str, Mapping[str, str]], between: str = "；") -> str:
    return between.join(names.get(key, {}).get(value, value) for value in values)


def form_for(data: Any, standing: ColumnData | None, seen: int) -> ColumnForm:
    """A form with room for one more group of conditions than there are."""
    initial: dict[str, Any] = {"organ_kinds": list(ORGAN_KINDS), "entry": "statutory", **(said_of(standing) if standing else {})}
    numbers = [int(m[1]) for name in (data or initial) if (m := re.fullmatch(r"[a-z_]+-(\d)", name))]
    groups = min(max(numbers, default=-1) + (1 if data else 2), _MOST_GROUPS)
    return ColumnForm(data, initial={**initial, "seen": seen}, groups=max(groups, 1), known=standing is not None)


def summary(data: ColumnData, names: Mapping[str, Mapping[str, str]]) -> str:
    """What a column takes, in a line; `names` as `names_of_codes` gives them."""
    told = written(data).get("selection", [])
    groups = told if isinstance(told, list) else [told]
    said = [
        "，".join(f"{LISTS[key][0]} {_called(key, values, names, '、')}" for key, values in group.items() if key in LISTS)
        or "其他栏目都没有收的"
        for group in groups
    ]
    return "；或 ".join(said) or ("自己的文字" if data["text"] else "")
