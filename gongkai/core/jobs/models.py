"""Jobs, each try of them, and the workers that run them. Rows are written by `actions` and `running` only."""

from __future__ import annotations

from django.db import models


class Status(models.TextChoices):
    """Where a job stands. A failed one is tried again at `next_try_at`; one given up waits for a person."""

    WAITING = "waiting", "等待中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败待重试"
    GIVEN_UP = "given_up", "已放弃"


class Outcome(models.TextChoices):
    """How a try ended. Handed back: the worker was asked to stop; cancelled: a person asked for it."""

    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "失败"
    LOST = "lost", "进程中断"
    HANDED_BACK = "handed_back", "交回"
    CANCELLED = "cancelled", "取消"


class Worker(models.Model):
    """A process that runs jobs, from its start until it is known to have ended.

    `place` tells processes that can see each other's locks from those that cannot; see `presence`.
    """

    id = models.CharField(max_length=32, primary_key=True)
    place = models.CharField(max_length=100)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.id


class Job(models.Model):
    """Something to be done once. `key` says what is the same thing among jobs of a kind.

    `asked_by` and `decided_by` (who tried it again or cancelled it last) are references such as
    `staff:12`. `attempts` counts the times it was taken up, `failures` those that failed since it
    was asked for or last tried again by a person; at `tries` failures it is given up. `ticket` is
    the row in the queue for its next try.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    asked_by = models.CharField(max_length=128)
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    tries = models.PositiveIntegerField(default=1)
    next_try_at = models.DateTimeField(null=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(null=True)
    stop_asked = models.BooleanField(default=False)
    decided_by = models.CharField(max_length=128, blank=True)
    error = models.TextField(blank=True)
    error_type = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True)
    finished_at = models.DateTimeField(null=True)
    worker = models.ForeignKey(Worker, on_delete=models.SET_NULL, null=True, related_name="jobs")
    ticket = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_job_per_key")]
        indexes = [
            models.Index(fields=["status", "id"]),
            models.Index(fields=["asked_by", "id"]),
            models.Index(fields=["finished_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Attempt(models.Model):
    """One try of a job: which, from when to when, how it ended, and what went wrong."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="history")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.RUNNING)
    error = models.TextField(blank=True)
    error_type = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="one_attempt_per_number")]
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.job_id} #{self.number} {self.outcome}"
