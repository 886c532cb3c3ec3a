"""Django's own mails (a forgotten password's) go through the queue like every other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from gongkai.core.doing import Doing
from gongkai.core.mail.actions import Message, post


class Posting(BaseEmailBackend):
    """An email backend that posts letters; each recipient gets one of their own."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were posted."""
        now = datetime.now(UTC)
        doing = Doing("console", now, timezone.localdate(now))
        letters = [Message(to, str(mail.subject), str(mail.body)) for mail in email_messages for to in mail.recipients()]
        for letter in letters:
            post(letter, doing)
        return len(letters)
