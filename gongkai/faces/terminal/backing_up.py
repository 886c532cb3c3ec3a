"""`gongkai backup`, `gongkai restore`, `gongkai upgrade`."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import click
from django.conf import settings

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained
from gongkai.faces.terminal.telling import progress

# isort: split
from django.utils import timezone

from gongkai.core.backup import afterwards
from gongkai.core.backup.appearing import BeingWritten
from gongkai.core.backup.archive import Unfit
from gongkai.core.backup.keeping import keep_newest, place_in
from gongkai.core.backup.loading import bring_up_to_date
from gongkai.core.backup.pieces import RowTooLarge
from gongkai.core.backup.placing import NotEmpty
from gongkai.core.backup.reading import Contents, check
from gongkai.core.backup.restoring import LedgerBroken, Unrestored, restore
from gongkai.core.backup.tables import UnknownMigrations, pending
from gongkai.core.backup.tally import Tally
from gongkai.core.backup.writing import Unmade, back_up
from gongkai.core.ledger.chain import MissingAlgorithm
from gongkai.core.upkeep import refresh_statistics

_BEFORE_UPGRADE, _KEPT_BEFORE_UPGRADE = "before-upgrade", 5
_TOLD = 20
_WAY_BACK = (
    "要退回到升级之前：停下网站，换回旧版程序，把数据文件夹改名移走（PostgreSQL 另建空库），"
    "再用刚才的备份恢复：gongkai restore …/{}"
)
NOT_SAVED = (Unmade, UnknownMigrations, RowTooLarge, BeingWritten)


@chinese.command("backup", told="把整个网站存成一个文件：数据库、原件、密钥、台账封存点。网站不必停。")
@click.argument("file", metavar="文件", required=False, type=click.Path(path_type=Path))
@click.option("--into", metavar="文件夹", type=click.Path(file_okay=False, path_type=Path), help="存到这个文件夹，按时间取名")
@click.option("--keep", metavar="份数", type=click.IntRange(min=1), help="与 --into 同用：只留最新的几份")
@click.option("--force", is_flag=True, help="文件已经有了也覆盖")
@click.option("--check", "only_check", is_flag=True, help="不备份，只核对这个备份文件是否完整无损")
@explained(*NOT_SAVED, Unfit, OSError)
def backup_(file: Path | None, into: Path | None, keep: int | None, *, force: bool, only_check: bool) -> int:
    """Save everything, or check what was saved; 1 when the site turns out to be damaged."""
    if (file is None) == (into is None) or (keep and not into) or (only_check and not file):
        raise click.UsageError("请给一个文件名，或者用 --into 给一个文件夹；--keep 只与 --into 同用，--check 只与文件名同用")
    if only_check and file is not None:
        with progress("核对备份") as advance:
            contents = check(file, advance)
        _tell_contents(contents)
        return _tell_faults(contents.tally)
    place = file or place_in(into or Path(), "gongkai", timezone.localtime())
    code = _save(place, force=force)
    for old in keep_newest(into, "gongkai", keep) if into and keep else ():
        click.echo(f"已删去旧的备份：{old}")
    return code


def _save(path: Path, *, force: bool = False) -> int:
    """1 when files are missing or damaged: what is there was saved all the same."""
    try:
        with progress("正在备份") as advance:
            done = back_up(path, Path(settings.DATA_FOLDER), doing_now().at, software=_software(), force=force, progress=advance)
    except FileExistsError as error:
        raise Unmade(f"{path} 已经有了；要覆盖它加 --force，或者换一个名字") from error
    click.echo(f"备份完成：{path}，{_megabytes(done.size)}；{_counted(done.tally)}。")
    click.echo(f"摘要 {done.digest}（记下它，以后用 gongkai backup --check 比对）")
    _tell_key(Path(settings.DATA_FOLDER) / "secret.key")
    return _tell_faults(done.tally)


def _tell_key(file: Path) -> None:
    """Where the key is not the one that is saved, what was sealed with it cannot be read after a restore."""
    if not file.is_file() or file.read_text(encoding="ascii").strip() != settings.SECRET_KEY:
        click.echo(
            "注意：密钥由 GONGKAI_SECRET_KEY 给出，不在备份里，请另行保管；没有它，恢复后邮件密码和两步验证都要重设。", err=True
        )


def _software() -> str:
    return f"gongkai {version('gongkai')}"


def _megabytes(size: int) -> str:
    return f"{size / 1048576:.1f} MB"


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def _counted(tally: Tally) -> str:
    return f"{len(tally.rows)} 张表 {sum(tally.rows.values())} 行，{tally.files} 个文件（{_megabytes(tally.file_bytes)}）"


def _tell_contents(contents: Contents) -> None:
    head = contents.head
    click.echo(f"备份完好：{_moment(head.made_at)} 由 {head.software} 从 {head.engine} 写成；{_counted(contents.tally)}。")
    click.echo(f"台账 {head.ledger.count} 条。摘要 {contents.digest}")


def _tell_faults(tally: Tally) -> int:
    for fault in tally.faults[:_TOLD]:
        click.echo(f"  {fault}", err=True)
    if tally.faults:
        click.echo(f"网站本身有 {len(tally.faults)} 处损坏，其余都已存入备份。请从更早的备份里找回这些文件。", err=True)
    return 1 if tally.faults else 0


@chinese.command("restore", told="从备份恢复整个网站，恢复到空的数据文件夹（和空的数据库）。中断了，用同样的命令再来。")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--despite-ledger", is_flag=True, help="备份里的台账有不符也恢复（查明情况用）")
@explained(Unfit, NotEmpty, UnknownMigrations, LedgerBroken, Unrestored, MissingAlgorithm, OSError)
def restore_(file: Path, *, despite_ledger: bool) -> int:
    """Bring everything back and verify the ledger; 1 when it has faults, or files were missing already."""
    done = restore(file, Path(settings.DATA_FOLDER), despite_ledger=despite_ledger, show=progress)
    for told, step in afterwards.steps():
        click.echo(told)
        step(doing_now().today)
    click.echo(f"已恢复到 {_moment(done.contents.head.made_at)} 的样子：{_counted(done.contents.tally)}。")
    verdict = done.verdict
    if verdict.faults:
        click.echo(f"台账有 {len(verdict.faults)} 处不符，照您的要求仍然恢复。", err=True)
    else:
        click.echo(f"台账完好：{verdict.events} 条记录，{verdict.streams} 个序列。")
    if settings.CACHES_IN_FRONT:
        click.echo("前面的 nginx 里可能还有别的时候的网页：请清空它的缓存文件夹，再运行 gongkai cache clear。")
    return 1 if verdict.faults else _tell_faults(done.contents.tally)


@chinese.command("upgrade", told="升级数据库：先备份到数据文件夹的 backups，再升级。")
@click.option("--into", metavar="文件夹", type=click.Path(file_okay=False, path_type=Path), help="升级前的备份存到这个文件夹")
@explained(*NOT_SAVED, OSError)
def upgrade(into: Path | None) -> int:
    """Back up, then migrate; nothing is migrated that was not saved before."""
    click.echo("数据库已升级。" if saved_and_migrated(into) else "数据库已经是这个版本的，没有要升级的。")
    return 0


def saved_and_migrated(into: Path | None = None) -> bool:
    """Bring the database up to date, saving it first where it holds anything; whether there was anything to do.

    Raises what `back_up` raises (`NOT_SAVED`); then nothing was migrated.
    """
    todo, saved = pending(), None
    if todo.steps and todo.in_use:
        folder = into or Path(settings.DATA_FOLDER) / "backups"
        saved = place_in(folder, _BEFORE_UPGRADE, timezone.localtime())
        _save(saved)
        keep_newest(folder, _BEFORE_UPGRADE, _KEPT_BEFORE_UPGRADE)
        click.echo(_WAY_BACK.format(saved.name))
    bring_up_to_date()
    refresh_statistics()  # those of a table that a migration made anew are lost
    return todo.steps > 0
