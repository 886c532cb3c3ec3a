"""`gongkai document`: what the console will do, by command."""

from __future__ import annotations

from collections.abc import Callable

import click

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained

# isort: split
from gongkai.core.freshness.purging import PurgeFailed
from gongkai.domains.library.actions.correcting import FIELDS, confirm, correct
from gongkai.domains.library.actions.errors import NoSuchDocument, Refused
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw
from gongkai.domains.library.queries.desk import STATUSES, card, rows


@chinese.group(told="查看、核对、更正、发布、撤下文件。编号见 list 或导入报告。")
def document() -> None:
    """Commands on documents."""


@document.command("list", help="列出文件")
@click.option("--status", metavar="状态", type=click.Choice(list(STATUSES)), help="draft、questioned、published、withdrawn")
@click.option("--title", metavar="文字", default="", help="标题中含有")
@click.option("--limit", metavar="条数", default=50, show_default=True)
@explained(Refused)
def list_(status: str | None, title: str, limit: int) -> None:
    """Print documents, newest first."""
    found, total = rows(status=status, title=title, limit=limit)
    for row in found:
        asks = f"　问题：{'；'.join(row.questions)}" if row.questions else ""
        click.echo(f"{row.number}\t{row.status}\t{row.document_number or '无文号'}\t{row.issued_on or ''}\t{row.title}{asks}")
    click.echo(f"共 {total} 份" + (f"，列出前 {limit} 份" if total > limit else ""))


@document.command(help="看一份文件的元数据和效力沿革")
@click.argument("number", metavar="编号", type=int)
@explained(Refused)
def show(number: int) -> None:
    """Print one document."""
    found = card(number)
    if found is None:
        raise NoSuchDocument(number)
    for key, value in {"状态": found.status, "效力": found.legal, "索引号": found.index_number}.items():
        click.echo(f"{key}　{value}")
    for field, label in FIELDS.items():
        said = found.metadata.get(field)
        click.echo(f"{label}　{'、'.join(said) if isinstance(said, list) else said if said is not None else ''}")
    for on, kind, by in found.life:
        click.echo(f"沿革　{on}　{kind}　{by}")


@document.command("confirm", help="核对无误，按读出的内容确认")
@click.argument("numbers", metavar="编号…", type=int, nargs=-1, required=True)
@explained(Refused)
def confirm_(numbers: tuple[int, ...]) -> int:
    """Confirm several documents; each stands for itself."""
    return _each(numbers, lambda number: f"已确认：{confirm(number, doing_now()).title}")


@document.command("correct", help="更正字段，例如：correct 12 issued_on=2023-07-31 organs=栖霞市人民政府办公室")
@click.argument("number", metavar="编号", type=int)
@click.argument("changes", metavar="字段=内容…", nargs=-1, required=True)
@explained(Refused)
def correct_(number: int, changes: tuple[str, ...]) -> None:
    """Correct fields of one document."""
    pairs = dict(change.partition("=")[::2] for change in changes)
    if any("=" not in change for change in changes):
        raise click.UsageError("每一项写成“字段=内容”。")
    revision = correct(number, pairs, doing_now())
    click.echo(f"已更正，现为第 {revision.number} 版。")


@document.command("publish", help="发布：这份文件已在别处公开（给出“已在别处公开”的审批）")
@click.argument("numbers", metavar="编号…", type=int, nargs=-1, required=True)
@explained(Refused)
def publish_(numbers: tuple[int, ...]) -> int:
    """Publish several documents; each stands for itself."""
    return _each(numbers, lambda number: f"已发布：{publish_as_already_public(number, doing_now()).title}")


@document.command("withdraw", help="撤下已发布的文件")
@click.argument("number", metavar="编号", type=int)
@click.option("--reason", metavar="理由", required=True)
@explained(Refused)
def withdraw_(number: int, reason: str) -> None:
    """Withdraw a document."""
    click.echo(f"已撤下：{withdraw(number, reason, doing_now()).title}")


@document.command("restore", help="恢复已撤下的文件")
@click.argument("number", metavar="编号", type=int)
@click.option("--reason", metavar="理由", default="恢复")
@explained(Refused)
def restore_(number: int, reason: str) -> None:
    """Restore a withdrawn document."""
    click.echo(f"已恢复：{restore(number, reason, doing_now()).title}")


def _each(numbers: tuple[int, ...], act: Callable[[int], str]) -> int:
    failed = 0
    for number in numbers:
        try:
            click.echo(act(number))
        except (Refused, PurgeFailed) as error:
            click.echo(str(error), err=True)
            failed += 1
    return 1 if failed else 0
