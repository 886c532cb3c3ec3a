"""What an editor of a document begins with, and two edits of it beside one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongkai.core.agencies.queries import present_names
from gongkai.core.scope import Viewer
from gongkai.domains.library.actions.content import cleaned
from gongkai.domains.library.actions.fields import FIELDS, as_written
from gongkai.domains.library.models import Document, Draft, Revision, Theme
from gongkai.domains.library.queries.compared import Stretch, stretches_of
from gongkai.domains.library.queries.past import Authorship, authors_of
from gongkai.text.comparing import compare, passages
from gongkai.text.editing import Text, edited
from gongkai.text.written import Written, as_lines, written_in_html, written_in_lines


@dataclass(frozen=True, slots=True)
class Start:
    """What stands in the form: the fields as they are written, the text as HTML and as plain lines."""

    revision: int
    fields: dict[str, str]
    html: str
    lines: str


@dataclass(frozen=True, slots=True)
class DraftKept:
    """A person's unsaved edit: from which revision, what stood in the form, when it was kept."""

    base: int
    typed: dict[str, Any]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Differing:
    """A field that two people wrote differently. `both`: each of them changed it."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    both: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """Two edits of one document. `stretches` set their texts beside one another; empty where the texts agree."""

    current: int
    made: Authorship | None
    fields: list[Differing]
    stretches: list[Stretch]
    text_both: bool
    text_mine: bool


def start_of(document: Document, number: int | None = None) -> Start | None:
    """What an editor begins with: a revision, the current one unless told otherwise; None where there is none."""
    found = _revision(document, number)
    if found is None:
        return None
    html = found.body.html
    return Start(found.number, as_written(found.metadata), html, as_lines(written_in_html(html)))


def text_shown(document: Document, base: int, typed: str, *, is_html: bool) -> tuple[str, str]:
    """A text that somebody is typing, as HTML for the editor and as plain lines for a browser without scripts."""
    if is_html:
        html = cleaned(typed)
        return html, as_lines(written_in_html(html))
    found = _revision(document, base)
    stored = Text(found.body.text, found.body.html, found.body.clauses) if found else Text("", "", [])
    return cleaned(edited(stored, written_in_lines(typed)).html), typed


def draft_of(document: Document, viewer: Viewer) -> DraftKept | None:
    """What a person has typed and not saved."""
    found = Draft.objects.filter(document=document, person=viewer.person).first()
    return DraftKept(found.base, found.typed, found.saved_at) if found else None


def clash(document: Document, base: int, fields: Mapping[str, str], text: list[Written]) -> Clash | None:
    """What a person wrote from revision `base` on, beside the current revision; None where `base` does not exist."""
    before, theirs = _revision(document, base), _revision(document, None)
    if before is None or theirs is None:
        return None
    stored = Text(before.body.text, before.body.html, before.body.clauses)
    mine = edited(stored, text)
    alike = mine.text == theirs.body.text and written_in_html(mine.html) == written_in_html(theirs.body.html)
    steps = compare(passages(theirs.body.text, theirs.body.clauses), passages(mine.text, mine.clauses)).steps
    return Clash(
        theirs.number,
        authors_of(document.pk).get(theirs.number),
        _differing(as_written(before.metadata), as_written(theirs.metadata), fields),
        [] if alike else stretches_of(steps),
        text_both=mine is not stored and theirs.body.text != before.body.text,
        text_mine=mine is not stored,
    )


def _differing(before: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]) -> list[Differing]:
    return [
        Differing(
            name, label.partition("（")[0], before[name], theirs[name], mine[name], theirs[name] != before[name] != mine[name]
        )
        for name, label in FIELDS.items()
        if name in mine and theirs[name] != mine[name]
    ]


def organ_names() -> list[str]:
    """The names of this government's organs, as suggestions."""
    return sorted(set(present_names().values()))


def themes_to_choose() -> list[tuple[str, str]]:
    """The featured themes by slug."""
    return list(Theme.objects.order_by("order", "id").values_list("slug", "name"))


def who_made(document: Document, number: int) -> Authorship | None:
    """Who made a revision."""
    return authors_of(document.pk).get(number)


def _revision(document: Document, number: int | None) -> Revision | None:
    found = document.revisions.select_related("body")
    return found.filter(number=number).first() if number is not None else found.filter(pk=document.current_id or 0).first()
