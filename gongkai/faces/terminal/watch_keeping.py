"""Keeping a watch's outcome in the database; apart, because it alone needs Django."""

from __future__ import annotations

import click
from django.db import DatabaseError

from gongkai.faces.terminal import django_ready

# isort: split
from gongkai.domains.monitor.actions.watches import keep_watch
from gongkai.domains.monitor.tasks.findings import Report


def keep(outcome: Report) -> None:
    """Write the outcome down; trouble with the database is told and changes nothing else."""
    try:
        keep_watch(outcome)
    except DatabaseError:
        django_ready.fail("结果没有记入数据库（数据库打不开），报告文件不受影响。")
    else:
        click.echo("结果已记入数据库。")
