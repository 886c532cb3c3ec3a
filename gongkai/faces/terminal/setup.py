"""`gongkai setup` and `gongkai sample`."""

from __future__ import annotations

from pathlib import Path

import click
import yaml
from django.conf import settings

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained, fail
from gongkai.faces.terminal.telling import progress

# isort: split
from config.environment import ROOT
from gongkai.core.agencies.actions import UnfitOrganFile, establish
from gongkai.core.agencies.queries import government, is_set_up
from gongkai.core.staff.actions import UnfitPerson
from gongkai.domains.catalogue.actions.columns import arrange, begin
from gongkai.domains.catalogue.actions.errors import UnfitColumnFile
from gongkai.domains.catalogue.tasks.reading import default_columns, read_columns
from gongkai.domains.library.actions.themes import set_themes
from gongkai.domains.library.tasks.alone import AlreadyImporting
from gongkai.domains.library.tasks.importing import Request, import_papers, was_finished
from gongkai.faces.terminal.backing_up import NOT_SAVED, saved_and_migrated
from gongkai.faces.terminal.people import sample_people, tell_accounts

PEOPLE = ROOT / "sample" / "people.yaml"


@chinese.command(told="建立或升级数据库（数据文件夹由 GONGKAI_DATA 指定，默认 ./data）")
@explained(*NOT_SAVED, OSError)
def setup() -> int:
    """Migrate, saving first what is there; a new database gets the columns of the disclosure platform."""
    Path(settings.DATA_FOLDER).mkdir(parents=True, exist_ok=True)
    saved_and_migrated()
    begin(default_columns(), doing_now())
    click.echo("数据库就绪。")
    return 0


@chinese.command(told="装入示例政府青禾县：机构、各角色的账户、特色主题和六十多份各种格式的文件")
@click.option("--if-empty", is_flag=True, help="库中已有政府时什么也不做（上次没有装完的接着装）")
@explained(UnfitOrganFile, UnfitColumnFile, UnfitPerson, AlreadyImporting)
def sample(*, if_empty: bool) -> int:
    """Load the sample government through the real importer."""
    folder = ROOT / "sample"
    data = yaml.safe_load((folder / "organs.yaml").read_text(encoding="utf-8"))
    request = Request((folder / "files",), publish=True)
    if is_set_up() and government().name != data["government"]["name"]:
        return (
            0
            if if_empty
            else fail(f"本站已经是{government().name}的网站，示例政府没有装入。请换一个空的数据文件夹（GONGKAI_DATA）。")
        )
    if if_empty and is_set_up() and was_finished(request):
        tell_accounts(sample_people(PEOPLE), PEOPLE)
        return 0
    done = establish(data, doing_now())
    set_themes(data.get("themes") or [])
    arrange(read_columns((folder / "columns.yaml").read_text(encoding="utf-8")), doing_now())
    click.echo(f"示例政府青禾县：{done.created + done.updated} 个机构")
    with progress("导入示例文件") as advance:
        report = import_papers(request, doing_now(), advance, doing_now)
    counts = report.counts()
    tell_accounts(sample_people(PEOPLE), PEOPLE)
    click.echo(f"示例文件 {report.seen} 份：归档 {counts['filed']}，需要人工 {counts['needs_person']}，失败 {counts['failed']}")
    return 1 if counts["failed"] else 0
