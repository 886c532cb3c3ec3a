"""Tables of the library.

`Document` is a projection of the ledger and of the revision it shows; `Revision`, `Body` and
`Original` are records that never change once written.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from gongkai.core.agencies.models import Agency, Authority


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


class Kind(models.TextChoices):
    """What sort of document, for visitors."""

    REGULATION = "regulation", "法律法规规章"
    NORMATIVE = "normative", "行政规范性文件"
    POLICY = "policy", "其他政策文件"
    ANNOUNCEMENT = "announcement", "公告公示"
    INTERPRETATION = "interpretation", "政策解读"
    GUIDE = "guide", "服务指南"


class Attribute(models.TextChoices):
    """Disclosure attribute (公开属性)."""

    PROACTIVE = "proactive", "主动公开"
    ON_REQUEST = "on_request", "依申请公开"
    WITHHELD = "withheld", "不予公开"


class Editorial(models.TextChoices):
    """Editorial status; never mixed with the legal one."""

    DRAFT = "draft", "待发布"
    QUESTIONED = "questioned", "需人工核对"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"


class Legal(models.TextChoices):
    """Legal status on a day (效力状态)."""

    NOT_YET = "not_yet", "尚未施行"
    IN_FORCE = "in_force", "有效"
    AMENDED = "amended", "已修改"
    SUPERSEDED = "superseded", "旧文本"
    REPEALED = "repealed", "已废止"
    EXPIRED = "expired", "已失效"
    NONE = "none", "不适用"


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
        organs_label: the issuing organs' names as lists show them.
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
            models.Index(fields=["editorial", "attribute", "year"], name="library_public_year"),
            models.Index(fields=["editorial", "attribute", "kind", "-issued_on"], name="library_public_kind"),
            models.Index(fields=["editorial", "attribute", "topic", "-issued_on"], name="library_public_topic"),
            models.Index(fields=["editorial", "attribute", "legal", "-issued_on"], name="library_public_legal"),
            models.Index(fields=["in_force_from", "in_force_until"], name="library_in_force"),
            models.Index(fields=["term_ends_on"], name="library_term_ends"),
            models.Index(fields=["number_key"], name="library_number_key"),
            models.Index(fields=["text_digest"], name="library_text_digest"),
            models.Index(fields=["changed_at", "id"], name="library_changed"),
        ]

    def __str__(self) -> str:
        return self.title


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
    """An issuing organ of a document, in the order the paper names them."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="document_organs")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("order",)
        constraints = [models.UniqueConstraint(fields=["document", "authority"], name="organ_once_per_document")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.authority_id}"


class Revision(models.Model):
    """What a document said at one time: its metadata, each with where it was read. Never changed.

    `metadata` is described in `events.Metadata`; `digest` is the hash of metadata and body that
    an approval is bound to; `readings` keeps confidence and source of every field as read.
    """

    class Ground(models.TextChoices):
        IMPORTED = "imported", "导入"
        REVISED = "revised", "新版文件"
        CORRECTED = "corrected", "人工更正"

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


class ImportRun(models.Model):
    """One call of the importer; an unfinished one is carried on by the next call with the same request."""

    request = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    arguments = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"导入 {self.pk}"


class ImportItem(models.Model):
    """What became of one file of a run; written in the same transaction as what it did."""

    class Outcome(models.TextChoices):
        FILED = "filed", "已归档"
        NEEDS_PERSON = "needs_person", "需要人工"
        DUPLICATE = "duplicate", "重复"
        FAILED = "failed", "失败"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="items")
    path = models.TextField()
    sha256 = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    document = models.ForeignKey(Document, on_delete=models.SET_NULL, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "path"], name="one_item_per_path")]

    def __str__(self) -> str:
        return f"{self.path}: {self.outcome}"
