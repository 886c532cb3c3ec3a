"""Organs of this government as a tree, their names over time, and all authorities that issue papers."""

from __future__ import annotations

from django.db import models


class Government(models.Model):
    """The government that runs this site; one row.

    `index_scheme` is a format string for index numbers with `{code}`, `{year}`, `{serial}` and
    `{category}`; `footer` keeps what the foot of every page must name; `colour` is the government's
    own red as #rrggbb, '' for ours; `emblem` names an Emblem, '' for ours.
    """

    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=20)
    level = models.CharField(max_length=20, default="county")
    region = models.CharField(max_length=60, blank=True)
    site_name = models.CharField(max_length=100)
    domain = models.CharField(max_length=200)
    site_code = models.CharField(max_length=20, blank=True)
    index_scheme = models.CharField(max_length=100, default="{code}/{year}-{serial:05d}")
    footer = models.JSONField(default=dict)
    colour = models.CharField(max_length=7, blank=True)
    emblem = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return self.name


class Emblem(models.Model):
    """A picture that stands at the head of every page, named by its digest. Never changed."""

    digest = models.CharField(max_length=32, primary_key=True)
    media = models.CharField(max_length=20)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.digest


class Agency(models.Model):
    """An organ of this government. `code` is its unified code (统一社会信用代码) or its parent's plus a serial."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "人民政府"
        DEPARTMENT = "department", "部门"
        INTERNAL_OFFICE = "internal_office", "内设机构"
        SUBDISTRICT = "subdistrict", "街道"
        TOWN = "town", "乡镇"
        VILLAGE = "village", "村（社区）"
        PUBLIC_ENTERPRISE = "public_enterprise", "公共企事业单位"

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    abolished_on = models.DateField(null=True)
    succeeded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    document_prefixes = models.JSONField(default=list)
    telephone = models.CharField(max_length=60, blank=True)
    fax = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    duties = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.code


class AgencyName(models.Model):
    """A name an organ bore from one day until, not including, another."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=100, db_index=True)
    short_name = models.CharField(max_length=60, blank=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)

    class Meta:
        ordering = (models.F("from_on").asc(nulls_first=True), "id")

    def __str__(self) -> str:
        return self.name


class Authority(models.Model):
    """Whoever issues papers: an organ of this government or any other, known by its name.

    The list is open and grows by importing. `agency` is set where it is one of ours.
    """

    name = models.CharField(max_length=120, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="authorities")

    def __str__(self) -> str:
        return self.name
