"""A day as people type it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from gongkai.text import dates


class DayField(forms.CharField):
    """2024-03-01, 2024年3月1日, 20240301; gives a date or None."""

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError for what is no day of the calendar."""
        typed = str(value or "").strip()
        if not typed:
            return None
        if len(typed) == 8 and typed.isdecimal():
            typed = f"{typed[:4]}-{typed[4:6]}-{typed[6:]}"
        mention = dates.whole(typed)
        if mention is None or mention.day is None:
            raise forms.ValidationError(f"“{typed[:20]}”不是一个日期，请写成 2024-03-01 或 2024年3月1日。")
        return mention.day

    def validate(self, value: date | None) -> None:
        """Only whether it may be missing; a date has no length."""
        if self.required and value is None:
            raise forms.ValidationError("请填写日期。")

    def run_validators(self, value: date | None) -> None:
        """A date has none of a text's validators."""
