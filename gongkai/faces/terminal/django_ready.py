"""Importing this room sets Django up; commands that need the database import it first."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec

import click
import django
from django.apps import apps
from django.db import Error

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
if not apps.ready:
    django.setup()

from django.utils import timezone

from gongkai.core.freshness.noting import DebtUnwritten
from gongkai.core.freshness.purging import PurgeFailed
from gongkai.domains.library.actions.doing import Doing
from gongkai.faces.terminal import database_trouble

P = ParamSpec("P")


def doing_now(actor: str = "command") -> Doing:
    """The command line does something now."""
    now = datetime.now(UTC)
    return Doing(actor, now, timezone.localdate(now))


def explained(*refusals: type[Exception]) -> Callable[[Callable[P, int | None]], Callable[P, int]]:
    """A command whose refusals are printed in one Chinese sentence and end with 1; so is a cache in front that was not told."""
    told: tuple[type[Exception], ...] = (*refusals, PurgeFailed, DebtUnwritten)

    def decorate(command: Callable[P, int | None]) -> Callable[P, int]:
        @wraps(command)
        def run(*args: P.args, **kwargs: P.kwargs) -> int:
            try:
                return command(*args, **kwargs) or 0
            except told as error:
                click.echo(str(error), err=True)
                return 1
            except Error as error:
                if (trouble := database_trouble.told(error)) is None:
                    raise
                click.echo(trouble, err=True)
                return 1

        return run

    return decorate


def fail(message: str) -> int:
    """Print why something cannot be done, and the exit code 1."""
    click.echo(message, err=True)
    sys.stderr.flush()
    return 1
