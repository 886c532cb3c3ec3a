"""Tables on their way."""

from __future__ import annotations

from django.db import models


class Sheet(models.Model):
    """An uploaded table. `shown` is what people were told it would do, where that is not worked out anew each time.

    `content` goes once it is done; `outcome` is sealed and goes once it was taken along.
    """

    token = models.CharField(max_length=32, unique=True)
    purpose = models.CharField(max_length=20)
    actor = models.CharField(max_length=128)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    shown = models.JSONField(null=True)
    kept_at = models.DateTimeField(db_index=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name
