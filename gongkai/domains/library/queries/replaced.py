"""What to read instead of a document that was withdrawn and replaced."""

from __future__ import annotations

from gongkai.domains.library.models import Document, Editorial
from gongkai.domains.library.queries.entries import Entry, entries_of
from gongkai.domains.library.queries.reach import LARGEST


def successor_of(number: int) -> Entry | None:
    """The public document that took the place of a withdrawn one; None where none did."""
    if number >= LARGEST:
        return None
    replaced = Document.objects.filter(pk=number, editorial=Editorial.WITHDRAWN, replaced_by__isnull=False)
    successor = replaced.values_list("replaced_by", flat=True).first()
    if successor is None or not Document.objects.public().filter(pk=successor).exists():
        return None
    return next(iter(entries_of([successor])), None)
