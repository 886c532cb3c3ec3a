"""`gongkai ledger`."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained

# isort: split
from gongkai.core.ledger import projections
from gongkai.core.ledger.chain import MissingAlgorithm
from gongkai.core.ledger.verify import ANCHORS, load_anchors, verify


@chinese.group(told="台账：只追加、链式摘要（SM3）。")
def ledger() -> None:
    """Commands on the ledger."""


@ledger.command("verify", help="逐条核验台账；有任何改动即报告并以 1 结束")
@explained(MissingAlgorithm)
def verify_() -> int:
    """Verify the whole ledger."""
    verdict = verify(load_anchors(Path(settings.DATA_FOLDER) / ANCHORS))
    for fault in verdict.faults[:50]:
        click.echo(str(fault), err=True)
    if verdict.faults:
        click.echo(f"台账有 {len(verdict.faults)} 处不符。请立即停止写入，保留现场，并与备份和封存记录比对。", err=True)
        return 1
    click.echo(f"台账完好：{verdict.events} 条记录，{verdict.streams} 个序列。")
    return 0


@ledger.command("rebuild", help="按台账重新生成文件库的投影表，并报告与原来不同的行")
@explained(MissingAlgorithm, LookupError)
def rebuild_() -> int:
    """Rebuild all projections."""
    rebuilt = projections.rebuild(doing_now().today)
    for difference in rebuilt.differences[:50]:
        click.echo(difference)
    click.echo(
        f"已重建 {rebuilt.streams} 个序列，"
        + (f"改正 {len(rebuilt.differences)} 处。" if rebuilt.differences else "与原来逐行一致。")
    )
    return 0
