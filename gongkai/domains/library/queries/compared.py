"""Two texts beside one another, clause by clause, as a page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from gongkai.core.freshness.touching import kept
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.changes import FieldChange, change_sentence, field_changes
from gongkai.domains.library.queries.history import (
    PublicText,
    history_tags,
    law_versions,
    passages_of,
    public_document,
    public_revisions,
)
from gongkai.text.comparing import Step, compare
from gongkai.text.edits import Piece

_SHORT = 80  # characters of unchanged text that are shown as they are, instead of being folded
_KINDS = {"same": "未变", "renumbered": "序号变化", "changed": "修改", "added": "新增", "removed": "删去"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts. `number` is its document's, `current` whether that document shows this text today."""

    number: int
    label: str
    title: str
    document_number: str
    on: date | None
    current: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage: what happened to it, and its paragraphs in pieces (same, removed, added).

    `label` is its clause's label now, `was` the one before where that differs, `anchor` where it stands
    in the new text, if anywhere.
    """

    kind: str
    kind_label: str
    label: str
    was: str
    anchor: str
    paragraphs: list[list[Piece]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Passages that are shown together: one that changed, or a row of unchanged ones, folded under `summary`."""

    summary: str
    passages: list[Shown]


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparing page shows. `alike`: the texts say the same."""

    number: int
    title: str
    old: Side
    new: Side
    sentence: str
    fields: list[FieldChange]
    stretches: list[Stretch]
    alike: bool
    tags: list[str]


@kept(8)
def compared(number: int, one: str, other: str) -> Compared | None:
    """Text `one` of a document compared with text `other` ('' for the one it shows today), the older first.

    Both are named as `Version.ref` says. None where a text does not exist, is not public, or both are the same.
    """
    document = public_document(number)
    if document is None:
        return None
    known = _texts(document, (one, other))
    texts = sorted((known[ref] for ref in (one, other) if ref in known), key=_age)
    if len(texts) < 2 or texts[0].revision.pk == texts[1].revision.pk:
        return None
    return beside(document, *texts)


def _texts(document: Document, asked: tuple[str, str]) -> dict[str, PublicText]:
    """The document's public texts by their names; those of its law only where one of them is asked for."""
    own = {text.ref: text for text in public_revisions(document)}
    shown = {text.revision.pk: text for text in own.values()}.get(document.published_id or 0)
    itself = ("", str(document.pk))
    if shown is not None:
        own |= dict.fromkeys(itself, shown)
    if all(ref in itself or ref.startswith("r") for ref in asked):
        return own
    law = {text.ref: text for text in law_versions(document)}
    return own | law | {"": law[str(document.pk)]} if law else own


def _age(text: PublicText) -> tuple[date, int, int]:
    owner = text.revision.document
    return owner.issued_on or date.min, owner.pk, text.revision.number


def beside(document: Document, old: PublicText, new: PublicText, *, desk: bool = False) -> Compared:
    """Two texts of a document, or of its law, beside one another. `desk`: officials also see what only the desk shows."""
    fields = field_changes(old.revision.metadata, new.revision.metadata, desk=desk)
    found = compare(passages_of(old.revision), passages_of(new.revision))
    return Compared(
        document.pk,
        document.title,
        _side(old),
        _side(new),
        change_sentence(fields, found.tally()),
        fields,
        stretches_of(found.steps),
        found.unchanged,
        history_tags(document),
    )


def _side(text: PublicText) -> Side:
    owner, said = text.revision.document, text.revision.metadata
    return Side(
        owner.pk,
        text.label,
        said["title"],
        said["document_number"] or "",
        text.on,
        text.revision.pk == owner.published_id,
    )


def stretches_of(steps: Iterable[Step]) -> list[Stretch]:
    """The steps as a page shows them: what did not change is folded."""
    out: list[Stretch] = []
    for quiet, group in groupby(steps, key=lambda s: s.kind in ("same", "renumbered") and not s.moved):
        run = list(group)
        if quiet and sum(len(s.passage.text) for s in run) > _SHORT:
            out.append(Stretch(_summary(run), [_shown(s) for s in run]))
        else:
            out += [Stretch("", [_shown(s)]) for s in run]
    return out


def _summary(run: Sequence[Step]) -> str:
    """第三条至第九条没有变化；第四条至第十条（原第三条至第九条）只改了序号。"""
    articles = [s for s in run if s.passage.level == "article"] or [s for s in run if s.passage.label]
    if not articles:
        return f"{len(run)}段没有变化"
    now = _from_to([s.passage.label for s in articles])
    if all(s.kind == "same" for s in articles):
        return f"{now}没有变化"
    was = _from_to([s.old.label for s in articles if s.old])
    return f"{now}（原{was}）只有序号变化"


def _from_to(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{labels[0]}至{labels[-1]}"


def _shown(step: Step) -> Shown:
    was = step.old.label if step.old and step.new and step.old.label != step.new.label else ""
    kind = "moved" if step.kind == "same" and step.moved else step.kind
    label = "移动" if kind == "moved" else _KINDS[kind] + ("并移动" if step.moved else "")
    anchor = step.new.anchor if step.new else ""
    return Shown(kind, label, step.passage.label, was, anchor, _paragraphs(_pieces(step)))


def _pieces(step: Step) -> tuple[Piece, ...]:
    if step.kind in ("added", "removed"):
        return (Piece("added" if step.kind == "added" else "removed", step.passage.text),)
    return step.pieces or (Piece("same", step.passage.text),)


def _paragraphs(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The pieces cut where a line ends in either text."""
    out: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *rest = piece.text.split("\n")
        out[-1].append(Piece(piece.kind, first))
        out += [[Piece(piece.kind, line)] for line in rest]
    return [[p for p in paragraph if p.text] for paragraph in out if any(p.text for p in paragraph)]
