"""Rows beside a document: its names, organs, themes, files, relations, turns, old addresses; and counters."""

from __future__ import annotations

from django.db import models

from gongkai.core.agencies.models import Authority
from gongkai.domains.library.models.papers import Document, Original, Theme


class FacetChunk(models.Model):
    """Which public documents have a facet's value: one bit each, for `FACET_CHUNK` primary keys in a row.

    `name` is facet and value (`kind:normative`), or `public` for all. Sets of any choice of values
    are counted with a few ANDs, however large the library is.
    """

    name = models.CharField(max_length=100)
    chunk = models.PositiveIntegerField()
    bits = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "chunk"], name="one_chunk_per_facet_value")]

    def __str__(self) -> str:
        return f"{self.name} {self.chunk}"


class DocumentTheme(models.Model):
    """A document belongs to a featured theme."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE)
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "theme"], name="theme_once_per_document")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.theme_id}"


class DocumentName(models.Model):
    """A title by which others may cite a document; `main` is its own."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="names")
    key = models.CharField(max_length=500)
    main = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["key"], name="library_name_key")]

    def __str__(self) -> str:
        return self.key


class DocumentOrgan(models.Model):
    """An issuing organ of a document, in the order the paper names them; the day stands here too, for an organ's newest."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="document_organs")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    order = models.PositiveSmallIntegerField()
    issued_on = models.DateField(null=True)

    class Meta:
        ordering = ("order",)
        constraints = [models.UniqueConstraint(fields=["document", "authority"], name="organ_once_per_document")]
        indexes = [models.Index(fields=["authority", "-issued_on", "-document"], name="library_organ_by_date")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.authority_id}"


class Rendition(models.Model):
    """A file that holds the same paper: the original, or the same text in another format."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="renditions")
    original = models.ForeignKey(Original, on_delete=models.PROTECT)
    main = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "original"], name="rendition_once")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.original_id}"


class Relation(models.Model):
    """What the current revision says it does to another paper, or takes from it.

    `target` is set as soon as that paper is in the library.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=12)
    act = models.CharField(max_length=20, blank=True)
    on = models.DateField(null=True)
    title = models.CharField(max_length=500, blank=True)
    document_number = models.CharField(max_length=120, blank=True)
    title_key = models.CharField(max_length=500, blank=True)
    number_key = models.CharField(max_length=120, blank=True)
    target = models.ForeignKey(Document, on_delete=models.SET_NULL, null=True, related_name="related_from")

    class Meta:
        indexes = [
            models.Index(fields=["number_key"], name="library_relation_number"),
            models.Index(fields=["title_key"], name="library_relation_title"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.kind} {self.title or self.document_number}"


class OldAddress(models.Model):
    """An address under which another site showed a document; who comes by it is led on.

    Rows of origin `revision` are a projection: they follow from the `source_url` of the document's
    revisions, and rebuilding the ledger brings them in line. Rows of the other origins were given
    from outside, by a further file with the same words or in a list, and rebuilding leaves them alone.
    `host` and `path` are in the form of `gongkai.text.addresses`; several documents may claim one address.
    """

    class Origin(models.TextChoices):
        REVISION = "revision", "文件自带"
        FILE = "file", "另一格式自带"
        LISTED = "listed", "清单导入"

    host = models.CharField(max_length=255)
    path = models.CharField(max_length=700)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="old_addresses")
    origin = models.CharField(max_length=8, choices=Origin.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["path", "host", "origin", "document"], name="old_address_once")]

    def __str__(self) -> str:
        return f"{self.host}{self.path}"


class LegalEvent(models.Model):
    """A turn in a document's legal life: commenced, amended, repealed, expired …"""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="legal_events")
    on = models.DateField()
    kind = models.CharField(max_length=12)
    by = models.ForeignKey(Document, on_delete=models.SET_NULL, null=True, related_name="legal_effects")

    class Meta:
        ordering = ("on", "id")

    def __str__(self) -> str:
        return f"{self.document_id} {self.kind} {self.on}"


class Counter(models.Model):
    """Serial numbers given out, per key (such as an organ's code and a year)."""

    key = models.CharField(max_length=80, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"


class Remark(models.Model):
    """What a person wrote beside an act (a reason); the ledger holds only its digest."""

    salt = models.CharField(max_length=32)
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:40]
