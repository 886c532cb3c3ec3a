"""What was found when looking from outside: the state of outside links, and the outcome of each watch."""

from __future__ import annotations

from django.db import models

from gongkai.domains.library.models import Document


class LinkState(models.TextChoices):
    """What became of an outside link when it was last tried."""

    ALIVE = "alive", "正常"
    DEAD = "dead", "打不开"
    SUSPICIOUS = "suspicious", "可疑"
    REFUSED = "refused", "不检查"


class Link(models.Model):
    """An address outside this site that public papers name, and how it answered last.

    Attributes:
        failures: how many times in a row it could not be opened.
        dead_since: the first of these times.
        suspicious_since: since when it has led to something else than it should.
        landed_on: the host that answered in the end, after redirects.
    """

    address = models.CharField(max_length=2000, unique=True)
    host = models.CharField(max_length=255)
    state = models.CharField(max_length=12, choices=LinkState.choices)
    status_code = models.PositiveSmallIntegerField(null=True)
    detail = models.CharField(max_length=300, blank=True)
    landed_on = models.CharField(max_length=255, blank=True)
    failures = models.PositiveIntegerField(default=0)
    dead_since = models.DateTimeField(null=True)
    suspicious_since = models.DateTimeField(null=True)
    first_checked_at = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "host"], name="monitor_link_state")]

    def __str__(self) -> str:
        return f"{self.address}: {self.state}"


class LinkPlace(models.Model):
    """A paper in which a link stands."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="places")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "document"], name="link_once_per_document")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.link_id}"


class WatchRun(models.Model):
    """The outcome of one watch, as its report says it."""

    address = models.CharField(max_length=500)
    started_at = models.DateTimeField()
    pages = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    report = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="monitor_watch_latest")]

    def __str__(self) -> str:
        return f"{self.address} {self.started_at:%Y-%m-%d %H:%M}: {self.found}"
