"""What somebody is typing and has not saved yet."""

from __future__ import annotations

from django.db import models

from gongkai.core.staff.models import Person
from gongkai.domains.library.models.papers import Document


class Draft(models.Model):
    """One person's unsaved edit of a document; it goes when it is saved or thrown away.

    `base` is the revision it began from, `typed` what stood in each field of the form, by name.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="drafts")
    base = models.PositiveIntegerField()
    typed = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "document"], name="one_draft_per_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.document_id}"
