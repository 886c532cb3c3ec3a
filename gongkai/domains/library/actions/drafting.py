"""Keeping what somebody types until they save it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gongkai.core.scope import Viewer
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.models import Draft


def keep_draft(number: int, viewer: Viewer, base: int, typed: Mapping[str, Any], doing: Doing) -> Draft:
    """Keep one person's unsaved edit of a document, in place of the one kept before; `base`: the revision it began from."""
    values = {"base": base, "typed": dict(typed), "saved_at": doing.at}
    return Draft.objects.update_or_create(person_id=viewer.person, document_id=number, defaults=values)[0]


def discard_draft(number: int, viewer: Viewer) -> bool:
    """Throw one person's draft away; whether there was one."""
    return bool(Draft.objects.filter(person=viewer.person, document=number).delete()[0])
