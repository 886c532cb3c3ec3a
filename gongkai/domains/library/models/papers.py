"""A document, what it said at each time, and the files and laws it belongs to.

`Document` is a projection of the ledger and of the revision it shows; `Revision`, `Body` and
`Original` are records that never change once written.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from gongkai.core.agencies.models import Agency, Authority
from gongkai.domains.library.models.statuses import Attribute, Editorial, Kind, Legal

_DESK = [  # all that officials filter by, so that no filter has to read the documents themselves
    "agency", "editorial", "attribute", "legal", "kind", "year", "asks", "waiting", "overridden", "author", "issued_on",
    "term_ends_on", "number_key", "title",
]  # fmt: skip

if TYPE_CHECKING:
    from gongkai.domains.library.models.beside import DocumentOrgan, DocumentTheme


class Original(models.Model):
    """A file as it came, kept byte for byte below `files/originals/`, named by its SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=255)
    format = models.CharField(max_length=10)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Its path below the file storage."""
        return f"originals/{self.sha256[:2]}/{self.sha256}"


class Theme(models.Model):
    """A featured theme (特色主题) of this government; `words` suggest it from a paper's text."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    words = models.JSONField(default=list)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.name


class Work(models.Model):
    """One law or instrument through its consolidated versions of different years."""

    key = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.title


class DocumentQuerySet(models.QuerySet["Document"]):
    """Which documents. `public` is the one predicate that every public surface uses."""

    def public(self) -> DocumentQuerySet:
        """Published, and of a nature that may be public at all."""
        return self.filter(editorial=Editorial.PUBLISHED, attribute=Attribute.PROACTIVE)

    def in_force_on(self, day: date) -> DocumentQuerySet:
        """In force on a day, amended ones included."""
        return self.filter(in_force_from__lte=day).filter(Q(in_force_until=None) | Q(in_force_until__gt=day))


class Document(models.Model):
    """A document as lists, filters and pages see it.

    Attributes:
        number_key, text_digest: what a new file is recognised by, beside its titles in `DocumentName`.
        in_force_from, in_force_until: first day in force, first day no longer in force.
        legal_as_of: the day for which `legal` was last worked out.
        questions: codes of what a person has still to look at.
        changed_at: the last time the public could notice a change: published, withdrawn, repealed …
        facets: the names of the facet sets that hold it; empty while it is not public.
        organs_label: the issuing organs' names as lists show them.
        author: who made the current revision, as the ledger refers to them.
        waiting: a revision waits behind a text that is public.
        asks: how many `questions` there are.
        overridden: its author let it out, and said why.
        sealed: numbers of revisions that were public and may not be read any more.
        replaced_by: what to read instead of this withdrawn document.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="documents")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, null=True, related_name="documents")
    current = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, related_name="+")
    published = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, related_name="+")
    sequence = models.PositiveIntegerField(default=0)
    editorial = models.CharField(max_length=12, choices=Editorial.choices)
    attribute = models.CharField(max_length=12, choices=Attribute.choices)
    questions = models.JSONField(default=list)
    index_number = models.CharField(max_length=80, unique=True)
    published_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    title = models.CharField(max_length=500)
    document_number = models.CharField(max_length=120, blank=True)
    issued_on = models.DateField(null=True)
    year = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    topic = models.CharField(max_length=60, blank=True)
    subtopic = models.CharField(max_length=60, blank=True)
    audience = models.JSONField(default=list)
    organs_label = models.CharField(max_length=500, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    registration_number = models.CharField(max_length=40, blank=True)

    legal = models.CharField(max_length=12, choices=Legal.choices)
    legal_as_of = models.DateField()
    in_force_from = models.DateField(null=True)
    in_force_until = models.DateField(null=True)
    term_ends_on = models.DateField(null=True)

    number_key = models.CharField(max_length=120, blank=True)
    text_digest = models.CharField(max_length=64)
    facets = models.JSONField(default=list)
    author = models.CharField(max_length=128, blank=True)
    waiting = models.BooleanField(default=False)
    asks = models.PositiveSmallIntegerField(default=0)
    overridden = models.BooleanField(default=False)
    sealed = models.JSONField(default=list)
    replaced_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="replaces")

    organs: models.ManyToManyField[Authority, DocumentOrgan] = models.ManyToManyField(
        Authority, through="DocumentOrgan", related_name="documents"
    )
    themes: models.ManyToManyField[Theme, DocumentTheme] = models.ManyToManyField(
        Theme, through="DocumentTheme", related_name="documents"
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["editorial", "attribute", "-issued_on", "-id"], name="library_public_by_date"),
            models.Index(fields=["editorial", "attribute", "-published_at", "-id"], name="library_public_by_moment"),
            models.Index(fields=["editorial", "attribute", "year", "-issued_on", "-id"], name="library_public_year"),
            models.Index(fields=["editorial", "attribute", "kind", "-issued_on", "-id"], name="library_public_kind"),
            models.Index(fields=["editorial", "attribute", "topic", "-issued_on", "-id"], name="library_public_topic"),
            models.Index(fields=["editorial", "attribute", "legal", "-issued_on", "-id"], name="library_public_legal"),
            models.Index(fields=["in_force_from", "in_force_until"], name="library_in_force"),
            models.Index(fields=["term_ends_on", "editorial", "legal", "agency"], name="library_term_ends"),
            models.Index(fields=["number_key"], name="library_number_key"),
            models.Index(fields=["text_digest"], name="library_text_digest"),
            models.Index(fields=["changed_at", "id"], name="library_changed"),
            models.Index(fields=_DESK, name="library_desk"),
            models.Index(fields=["issued_on", "id"], name="library_desk_by_date"),
            models.Index(fields=["author", "editorial"], name="library_desk_author"),
            models.Index(fields=["editorial", "attribute", "author", "issued_on"], name="library_desk_ready"),
            models.Index(fields=["agency", "id"], condition=Q(waiting=True), name="library_desk_waiting"),
            models.Index(fields=["agency", "id"], condition=Q(asks__gt=0), name="library_desk_asking"),
            models.Index(fields=["agency", "id"], condition=Q(overridden=True), name="library_desk_overridden"),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """What a document said at one time: its metadata, each with where it was read. Never changed.

    `metadata` is described in `events.Metadata`; `digest` is the hash of metadata and body that
    an approval is bound to; `readings` keeps confidence and source of every field as read.
    """

    class Ground(models.TextChoices):
        IMPORTED = "imported", "导入"
        REVISED = "revised", "新版文件"
        CORRECTED = "corrected", "人工更正"
        REINSTATED = "reinstated", "恢复旧版"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    ground = models.CharField(max_length=12, choices=Ground.choices)
    original = models.ForeignKey(Original, on_delete=models.PROTECT, null=True)
    body = models.ForeignKey("Body", on_delete=models.PROTECT)
    metadata = models.JSONField()
    readings = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    text_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_revision_per_number")]
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.document_id} 第{self.number}版"


class Body(models.Model):
    """The text of a revision, in a table of its own so that lists never read it."""

    text = models.TextField()
    html = models.TextField()
    clauses = models.JSONField()

    def __str__(self) -> str:
        return self.text[:40]
