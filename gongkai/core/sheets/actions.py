"""Keeping an uploaded table until it is confirmed, and what came of it until that is taken along."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

from gongkai.core.doing import Doing
from gongkai.core.sealing import sealed, unsealed
from gongkai.core.sheets.models import Sheet
from gongkai.core.writing import writing

PURPOSE = "sheet"
_KEPT = timedelta(days=1)


class SheetGone(Exception):
    """No table waits under this token for this person."""

    def __init__(self) -> None:
        super().__init__("这张表格已经办完，或者上传超过一天，没有再保存。请重新上传。")


def keep(purpose: str, name: str, content: bytes, doing: Doing, shown: Any = None) -> str:
    """A table waits for its confirmation, a day at most; returns the token by which its page is known."""
    Sheet.objects.filter(kept_at__lt=doing.at - _KEPT).delete()
    kept = {"purpose": purpose, "actor": doing.actor, "name": name[:200], "content": content, "shown": shown, "kept_at": doing.at}
    made = Sheet.objects.create(token=secrets.token_hex(16), **kept)
    return made.token


def waiting(token: str, purpose: str, actor: str) -> Sheet:
    """The table of this token, done or not, for whoever uploaded it. Raises SheetGone."""
    found = Sheet.objects.filter(token=token, purpose=purpose, actor=actor).first()
    if found is None:
        raise SheetGone
    return found


def show_anew(sheet: Sheet, shown: Any) -> None:
    """People are told something else of what the table would do."""
    sheet.shown = shown
    sheet.save(update_fields=["shown"])


@writing()
def finish(sheet: Sheet, outcome: Any, doing: Doing) -> None:
    """The table is done; its content goes, `outcome` (JSON) waits to be taken along."""
    sheet.done_at, sheet.content, sheet.shown, sheet.outcome = doing.at, b"", None, sealed(json.dumps(outcome), PURPOSE)
    sheet.save(update_fields=["done_at", "content", "shown", "outcome"])


@writing()
def take_along(token: str, purpose: str, actor: str) -> Any:
    """What came of a table, once; nothing of it is kept after that. Raises SheetGone."""
    found = Sheet.objects.select_for_update().filter(token=token, purpose=purpose, actor=actor).first()
    if found is None or not found.outcome:
        raise SheetGone
    outcome = json.loads(unsealed(found.outcome, PURPOSE))
    found.outcome = ""
    found.save(update_fields=["outcome"])
    return outcome


def outcome_of(sheet: Sheet) -> Any:
    """What came of a table, without taking it along; None where that was done."""
    return json.loads(unsealed(sheet.outcome, PURPOSE)) if sheet.outcome else None
