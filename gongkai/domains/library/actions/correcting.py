"""Confirming and correcting what was read."""

from __future__ import annotations

from collections.abc import Mapping

from gongkai.core.ledger.append import Happening
from gongkai.core.writing import writing
from gongkai.domains.library import events
from gongkai.domains.library.actions.doing import Doing, state_of
from gongkai.domains.library.actions.editing import Edit, edit
from gongkai.domains.library.actions.errors import UnfitValue, WrongStatus
from gongkai.domains.library.actions.fields import FIELDS, corrected
from gongkai.domains.library.actions.recording import locked, record
from gongkai.domains.library.models import Document, Revision

__all__ = ["FIELDS", "confirm", "correct", "corrected"]


@writing()
def confirm(number: int, doing: Doing) -> Document:
    """A person has looked at what was unclear and takes it as it is. Raises WrongStatus when nothing was."""
    document = locked(number)
    state = state_of(document)
    if not state.questions:
        raise WrongStatus(document.title, "没有待核对的问题", "确认")
    return record(document, state, [Happening(events.CONFIRMED, {"revision": state.current})], doing)


def correct(number: int, changes: Mapping[str, str], doing: Doing) -> Revision:
    """Correct fields of a document by hand: a new revision with the same text, its questions answered.

    `changes` maps names in `FIELDS` to what was typed; '' clears a field. Raises UnfitValue.
    """
    return edit(number, Edit(changes), doing)


@writing()
def add_theme(number: int, slug: str, doing: Doing) -> Revision:
    """Let a document belong to one more featured theme: a new revision. Raises UnfitValue when it does already."""
    document = locked(number)
    standing = document.current.metadata["themes"] if document.current else []
    if slug in standing:
        raise UnfitValue("已经在这个特色主题里。")
    return correct(number, {"themes": "、".join([*standing, slug])}, doing)
