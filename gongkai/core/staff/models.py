"""The people of the console."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from gongkai.core.agencies.models import Agency


class Person(AbstractBaseUser):
    """Somebody who may sign in. `agency`, `roles` and `is_active` repeat what the ledger says.

    Name, mail and telephone stand here only, never in the ledger. An administrator who sets a new
    site up belongs to no organ yet.
    """

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="people")
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)

    objects = BaseUserManager["Person"]()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ("username",)
        indexes = [models.Index(fields=["agency", "username"], name="staff_of_agency")]

    def __str__(self) -> str:
        return self.name


class SignInRules(models.Model):
    """What is demanded of people who sign in; one row, none before anything is demanded."""

    two_step_roles = models.JSONField(default=list)

    def __str__(self) -> str:
        return "、".join(self.two_step_roles)
