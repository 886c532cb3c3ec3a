"""Tables of the catalogue.

`Column` is a projection of the ledger: which definition of each column holds. `Definition` is a
record that never changes once written.
"""

from __future__ import annotations

from django.db import models


class Definition(models.Model):
    """A column as it was once defined (`events.ColumnData`), named by its digest. Never changed."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.JSONField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class Column(models.Model):
    """A column of the disclosure platform as it stands; `order` counts within its entry."""

    slug = models.SlugField(max_length=40, unique=True)
    entry = models.CharField(max_length=12)
    order = models.FloatField()
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.slug
