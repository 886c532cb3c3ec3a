"""Sending letters in the background."""

from __future__ import annotations

from typing import Any

from gongkai.core.jobs.kinds import Hopeless, job
from gongkai.core.jobs.run import Run
from gongkai.core.mail.actions import JOB
from gongkai.core.mail.models import Letter
from gongkai.core.mail.sending import MailTrouble, letter_text, send
from gongkai.core.sealing import Unreadable


@job(JOB, tries=6, pauses=(60, 300, 1800, 7200, 21600))
def send_letter(arguments: dict[str, Any], run: Run) -> None:
    """Send a letter and forget it; one that is gone was sent. Raises MailTrouble, Hopeless."""
    del run
    letter = Letter.objects.filter(pk=arguments["letter"]).first()
    if letter is None:
        return
    try:
        send(letter_text(letter))
    except Unreadable as error:
        raise Hopeless(str(error)) from error
    except MailTrouble as error:
        if error.hopeless:
            raise Hopeless(str(error)) from error
        raise
    letter.delete()
