"""Tables of the ledger. Rows are written by `append` only; triggers refuse UPDATE, DELETE and TRUNCATE."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(Exception):
    """Somebody tried to change what has happened."""


class AppendOnly(models.QuerySet["Event"]):
    """A queryset that cannot change rows, as the triggers below it cannot be changed either."""

    def update(self, **_: Any) -> NoReturn:
        raise AppendOnlyError("台账只能追加，不能修改。")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("台账只能追加，不能删除。")


class Event(models.Model):
    """One thing that happened. `id` counts without gaps over all streams.

    `payload` is canonical JSON and holds references only, no personal data.
    `hash` covers everything but itself and `id`; `previous_hash` is the hash before it in its stream.
    """

    id = models.BigIntegerField(primary_key=True)
    stream_kind = models.CharField(max_length=32)
    stream_id = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    payload = models.TextField()
    actor = models.CharField(max_length=128)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=16)

    objects = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream_kind", "stream_id", "sequence"], name="one_event_per_place")]
        indexes = [
            models.Index(fields=["kind", "id"]),
            models.Index(fields=["recorded_at"]),
            models.Index(fields=["actor", "id"], name="ledger_event_of_actor"),
            models.Index(fields=["stream_kind", "id"], name="ledger_event_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.stream_kind}/{self.stream_id} #{self.sequence} {self.kind}"


class StreamHead(models.Model):
    """The last event of a stream; it may only move forward, so that a cut-off tail is noticed."""

    stream_kind = models.CharField(max_length=32)
    stream_id = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream_kind", "stream_id"], name="one_head_per_stream")]

    def __str__(self) -> str:
        return f"{self.stream_kind}/{self.stream_id} @{self.sequence}"
