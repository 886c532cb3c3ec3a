"""Forms of the search desk: an entry, a file, a task, an answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from django import forms
from django.core.files.uploadedfile import UploadedFile

from gongkai.core.finding.curating.entries import LABELS, LONGEST_NOTE, LONGEST_SAID, Entry, Kind
from gongkai.core.finding.curating.files import LARGEST
from gongkai.core.finding.errands import ANSWERS, LONGEST
from gongkai.faces.console.conflicts import SeenForm

KINDS = [(kind, label) for kind, label in LABELS.items() if kind is not Kind.REFUSED]
NEEDED = {"required": "请填写。"}


class EntryForm(SeenForm):
    """One entry; which fields count depends on its kind."""

    kind = forms.ChoiceField(label="哪一种", choices=KINDS)
    said = forms.CharField(
        label="群众的说法、问题或词语",
        max_length=LONGEST_SAID,
        error_messages=NEEDED,
        help_text="如“老人补助”。繁简、全半角、标点不同的算同一个。",
    )
    target = forms.CharField(
        label="对应到",
        required=False,
        max_length=500,
        help_text="同义词填规范用语，如“高龄津贴”；编辑推荐填页面的网址，如 /library/12/；停用词、屏蔽词不填。",
    )
    weight = forms.FloatField(
        label="把握",
        required=False,
        min_value=0,
        max_value=1,
        widget=forms.NumberInput(attrs={"step": "0.05"}),
        help_text="只用于同义词：0 到 1，越大越确定；填 0 是不用软件自带的这一对应。不填为 1。",
        error_messages={
            "invalid": "请填 0 到 1 之间的数。",
            "min_value": "请填 0 到 1 之间的数。",
            "max_value": "请填 0 到 1 之间的数。",
        },
    )
    note = forms.CharField(label="理由", required=False, max_length=LONGEST_NOTE, help_text="记入台账，留给以后的编辑看。")

    def entry(self) -> Entry:
        """The entry that was typed; not yet checked."""
        said = self.cleaned_data
        kind, target = Kind(said["kind"]), said["target"].strip()
        if kind is Kind.BEST:
            target = unquote(urlsplit(target).path) or target
        weight = 1.0 if said["weight"] is None else said["weight"]
        return Entry(kind, said["said"], target, weight, said["note"])


def said_of(entry: Entry) -> dict[str, Any]:
    """What each field of the form says of an entry."""
    return {"kind": str(entry.kind), "said": entry.said, "target": entry.target, "weight": entry.weight, "note": entry.note}


class WordsFileForm(forms.Form):
    """A file of entries to upload."""

    file = forms.FileField(
        label="YAML 文件", max_length=200, error_messages={"required": "还没有选择文件。", "empty": "文件是空的。"}
    )
    only = forms.BooleanField(label="以文件为准：文件里没有的都删去", required=False)

    def clean_file(self) -> UploadedFile[Any]:
        """Before anything is read of it."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(f"文件有 {(file.size or 0) / 1048576:.0f} MB，最多 {LARGEST // 1048576} MB。")
        return file


class TaskForm(forms.Form):
    """To whom a question without results is given."""

    question = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_SAID)
    agency = forms.ChoiceField(label="交给哪个机构", error_messages={**NEEDED, "invalid_choice": "没有这个机构，请重新选择。"})
    note = forms.CharField(label="说明", required=False, max_length=LONGEST, help_text="如“请看看有没有可以公开的文件”。")

    def __init__(self, data: Any, organs: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(data, **options)
        chosen: forms.ChoiceField = self.fields["agency"]  # type: ignore[assignment]
        chosen.choices = [("", "请选择"), *((str(key), name) for key, name in organs)]


class AnswerForm(forms.Form):
    """What was done about it."""

    answer = forms.ChoiceField(
        label="办理结果", choices=list(ANSWERS.items()), widget=forms.RadioSelect, error_messages={"required": "请选择办理结果。"}
    )
    told = forms.CharField(
        label="说明", required=False, max_length=LONGEST, help_text="如新公开的文件的标题，或者不需要处理的理由。"
    )
