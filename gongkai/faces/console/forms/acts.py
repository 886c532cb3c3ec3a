"""What is asked before an act on a document: a reason, a ground, another document."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.domains.library.actions.approving import SignedOff
from gongkai.faces.console.days import DayField

PUBLIC, SIGNED = "already_public_elsewhere", "signed_off_on_paper"


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label="理由",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="会和台账一起留存，供审计查看；公众看不到。",
        error_messages={"required": "请写明理由。"},
    )


class RevisionForm(ReasonForm):
    """Why, and which revision it is about."""

    revision = forms.IntegerField(min_value=1, max_value=1 << 30, widget=forms.HiddenInput)


class ReplaceForm(ReasonForm):
    """Why, and what takes its place."""

    successor = forms.CharField(
        label="新文件的编号",
        max_length=200,
        help_text="在新文件的公众页面或文件页网址里，例如 /library/128/ 就是 128；也可以把整个网址贴进来。",
        error_messages={"required": "请填写新文件的编号。"},
    )

    def clean_successor(self) -> int:
        """The number, be it typed by itself or within an address."""
        typed: str = self.cleaned_data["successor"].strip()
        parts = [part for part in typed.rstrip("/").split("/") if part]
        last = parts[-1] if parts else ""
        if not (last.isdecimal() and last.isascii()) or len(last) > 15:
            raise forms.ValidationError(f"“{typed[:40]}”不是文件的编号，请只写数字。")
        return int(last)


class PublishForm(forms.Form):
    """On what ground; and, of whoever wrote it themselves, why they publish it."""

    filters = True  # which of the fields are needed the ground decides: none is called optional
    ground = forms.ChoiceField(
        label="依据",
        choices=[(SIGNED, "线下已审签"), (PUBLIC, "已在别处公开")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择依据。", "invalid_choice": "请选择依据。"},
    )
    signed_by = forms.CharField(label="签发人", required=False, max_length=60)
    signed_on = DayField(label="签发日期", required=False, help_text="例如 2026-11-18 或 2026年11月18日。")
    signed_number = forms.CharField(label="文号或签批单号", required=False, max_length=120)
    where = forms.CharField(label="公开在哪里", required=False, max_length=300, help_text="例如旧网站的网址、公报的期号。")
    own_work_because = forms.CharField(
        label="为什么由本人发布",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="这一版是您自己写的，应由另一人发布。确需本人发布的，写明理由；会记入台账，供审计查看。",
    )

    def __init__(self, *args: Any, own: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if own:
            self.fields["own_work_because"].required = True
            self.fields["own_work_because"].error_messages["required"] = "请写明为什么由本人发布，或请另一人发布。"
        else:
            del self.fields["own_work_because"]

    def clean(self) -> dict[str, Any]:
        """A signature on paper needs its particulars, being public elsewhere its place."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        needed = {
            SIGNED: {"signed_by": "请填写签发人。", "signed_on": "请填写签发日期。", "signed_number": "请填写文号或签批单号。"},
            PUBLIC: {"where": "请写明公开在哪里。"},
        }.get(said.get("ground", ""), {})
        for name, words in needed.items():
            if not said.get(name) and name not in self.errors:
                self.add_error(name, words)
        return said

    def given(self) -> SignedOff | str:
        """The ground as the action takes it; call it on a valid form."""
        said = self.cleaned_data
        if said["ground"] == SIGNED:
            return SignedOff(said["signed_by"], said["signed_on"], said["signed_number"])
        return str(said["where"])
