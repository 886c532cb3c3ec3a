"""What is taken over from other libraries, and how far each of them has been harvested."""

from __future__ import annotations

from django.db import models

from gongkai.domains.library.models.papers import Document


class Source(models.Model):
    """Another library, known by the address of its OAI-PMH provider; `name` as it calls itself."""

    url = models.CharField(max_length=500, unique=True)
    name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name or self.url


class Harvest(models.Model):
    """One harvest of a source; an unfinished one is carried on by the next call that asks for the same.

    Attributes:
        asked_from: the day the caller asked for; None to go on where the last harvest ended.
        since: datestamps from here on are asked for; None for all.
        by_seconds: whether the source tells changes by the second, or only by the day.
        answered_at: the source's clock at its first answer, where the next harvest begins.
        token: where to go on in the source's list; '' before the first page.
        one_by_one: a page could not be read, so every record is fetched by itself.
        unchanged: how many records were here already as they are.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="harvests")
    set_spec = models.CharField(max_length=200, blank=True)
    asked_from = models.DateField(null=True)
    publish = models.BooleanField(default=False)
    prefix = models.CharField(max_length=20)
    since = models.DateTimeField(null=True)
    by_seconds = models.BooleanField(default=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    token = models.TextField(blank=True)
    one_by_one = models.BooleanField(default=False)
    unchanged = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["source", "set_spec", "finished_at"], name="library_harvest_last")]

    def __str__(self) -> str:
        return f"采集 {self.pk}"


class Harvested(models.Model):
    """A record of a source and what became of it here; written in one transaction with what it did.

    Attributes:
        harvest: the harvest that last found the record changed.
        fingerprint: digest of the whole record as it was taken over.
        revision_digest: what the source calls the digest of its revision.
        turns: its legal turns as the source tells them, `[{"on": day, "kind": kind}]`.
        brought: our copy came from here, so that the source may revise it and take it down.
    """

    class Outcome(models.TextChoices):
        FILED = "filed", "已归档"
        NEEDS_PERSON = "needs_person", "需要人工"
        DUPLICATE = "duplicate", "重复"
        WITHDRAWN = "withdrawn", "已撤下"
        FAILED = "failed", "失败"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="records")
    harvest = models.ForeignKey(Harvest, on_delete=models.CASCADE, related_name="records")
    identifier = models.CharField(max_length=500)
    datestamp = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64, blank=True)
    revision_digest = models.CharField(max_length=64, blank=True)
    turns = models.JSONField(default=list)
    brought = models.BooleanField(default=False)
    deleted = models.BooleanField(default=False)
    document = models.ForeignKey(Document, on_delete=models.SET_NULL, null=True, related_name="harvested")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "identifier"], name="one_row_per_record")]

    def __str__(self) -> str:
        return f"{self.identifier}: {self.outcome}"
