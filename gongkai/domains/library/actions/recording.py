"""One document at a time: its row locked, what happened to it appended, its rows brought in line."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.core.ledger.append import Happening, append
from gongkai.domains.library.actions.doing import Doing, state_of, stream_of
from gongkai.domains.library.actions.effects import settle_effects
from gongkai.domains.library.actions.errors import NoSuchDocument
from gongkai.domains.library.actions.project import project
from gongkai.domains.library.models import Document
from gongkai.domains.library.state import DocumentState


def locked(number: int) -> Document:
    """The document of this number, its row locked. Raises NoSuchDocument."""
    document = Document.objects.select_for_update(of=("self",)).select_related("current").filter(pk=number).first()
    if document is None:
        raise NoSuchDocument(number)
    return document


def record(document: Document, state: DocumentState, happenings: Sequence[Happening], doing: Doing) -> Document:
    """Append what happened since `state` was folded, and bring the document and what it does to others in line."""
    append(stream_of(document.pk), happenings, actor=doing.actor, at=doing.at, expected=state.sequence)
    project(document, state_of(document), doing.today)
    settle_effects(document, doing)
    return document
