"""The mail server of this site, and letters on their way."""

from __future__ import annotations

from django.db import models


class Security(models.TextChoices):
    """How the way to the server is kept private."""

    TLS = "tls", "SSL/TLS（常用端口 465）"
    STARTTLS = "starttls", "STARTTLS（常用端口 587）"
    NONE = "none", "不加密（只限内网，端口 25）"


class MailServer(models.Model):
    """Through which server mail goes out; one row, none before it is set up. `password` is sealed."""

    server = models.CharField(max_length=200)
    port = models.PositiveIntegerField()
    security = models.CharField(max_length=10, choices=Security.choices)
    user = models.CharField(max_length=200, blank=True)
    password = models.TextField(blank=True)
    sender = models.CharField(max_length=320)

    def __str__(self) -> str:
        return f"{self.server}:{self.port}"


class Letter(models.Model):
    """A mail that waits to be sent, sealed; it goes once it is sent."""

    content = models.TextField()
    posted_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.pk)
