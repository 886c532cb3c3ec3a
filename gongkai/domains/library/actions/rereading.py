"""What an edited text says otherwise than before: to other papers, and about its own force. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from gongkai.domains.library.events import AttachmentData, Metadata, RelationData
from gongkai.text.editing import Text, lines_of
from gongkai.text.model import Validity
from gongkai.text.relations import read_relations
from gongkai.text.validity import read_validity

_FORCE = ("effective_on", "expires_on", "term_years", "term_months", "from_issue", "days_after_issue")


def reread(metadata: Metadata, before: Text, after: Text) -> Metadata:
    """What a revision says once its text is `after`: only what the edit itself changed is read anew.

    A relation that people or another library told stays; one that the text no longer states goes, one
    that it states now comes. The same holds for the days and the term of its force.
    """
    title, number = metadata["title"], metadata["document_number"]
    old_lines, new_lines = lines_of(before), lines_of(after)
    was = [_told(r) for r in read_relations(old_lines, title, (), number)]
    now = [_told(r) for r in read_relations(new_lines, title, (), number)]
    relations = [r for r in metadata["relations"] if r not in was or r in now]
    relations += [r for r in now if r not in was and r not in relations]
    force = _force(read_validity(old_lines, title), read_validity(new_lines, title))
    attachments: list[AttachmentData] = [{**a, "anchor": _still(a["anchor"], after)} for a in metadata["attachments"]]
    told: Mapping[str, Any] = {**metadata, "relations": relations, "attachments": attachments, **force}
    return cast("Metadata", told)


def _told(relation: Any) -> RelationData:
    return {
        "kind": relation.kind,
        "title": relation.title,
        "document_number": relation.document_number,
        "act": relation.act,
        "on": relation.on,
    }


def _force(was: Validity | None, now: Validity | None) -> dict[str, Any]:
    old, new = was or Validity(), now or Validity()
    return {name: getattr(new, name) for name in _FORCE if getattr(old, name) != getattr(new, name)}


def _still(anchor: str | None, text: Text) -> str | None:
    return anchor if anchor and f'id="{anchor}"' in text.html else None
