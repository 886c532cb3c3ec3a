"""Calls of the importer and what became of each file."""

from __future__ import annotations

from django.db import models

from gongkai.core.agencies.models import Agency
from gongkai.domains.library.models.papers import Document


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


class Upload(models.Model):
    """Files handed over in the browser, on their way into the library: kept below `uploads/TOKEN/` until they are read.

    `token` is that of the form, so that a form sent twice is one upload. `agency` will hold the papers.
    """

    token = models.CharField(max_length=32, unique=True)
    actor = models.CharField(max_length=128)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="uploads")
    uploaded_at = models.DateTimeField()
    names = models.JSONField()
    job = models.PositiveBigIntegerField(null=True)
    run = models.OneToOneField(ImportRun, on_delete=models.SET_NULL, null=True, related_name="upload")

    class Meta:
        indexes = [
            models.Index(fields=["agency", "-id"], name="library_uploads_of_agency"),
            models.Index(fields=["actor", "-id"], name="library_uploads_of_actor"),
        ]

    def __str__(self) -> str:
        return self.token
