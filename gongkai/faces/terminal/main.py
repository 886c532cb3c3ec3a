"""`gongkai`: commands are loaded only when called, so that reading a file needs no database."""

from __future__ import annotations

import importlib
import sys

import click

from gongkai.faces.terminal import chinese

_COMMANDS = {
    "read": ("gongkai.faces.terminal.reading:read", "读一份文件，给出标题、文号、日期、条款等（不用数据库）"),
    "import": ("gongkai.faces.terminal.importing:import_", "把文件夹里的文件导入政府文件库"),
    "harvest": ("gongkai.faces.terminal.harvesting:harvest_", "从别处的文件库采集（OAI-PMH），可断点续采"),
    "document": ("gongkai.faces.terminal.documents:document", "查看、核对、更正、发布、撤下文件"),
    "agency": ("gongkai.faces.terminal.agencies:agency", "导入和查看机构"),
    "staff": ("gongkai.faces.terminal.people:staff", "工作台的人员：添加、批量办理、重发密码、离开"),
    "address": ("gongkai.faces.terminal.addresses:address", "旧网站的网页地址：导入清单，查看"),
    "column": ("gongkai.faces.terminal.columns:column", "政府信息公开平台的栏目：导入、查看、导出"),
    "ledger": ("gongkai.faces.terminal.ledger:ledger", "核验台账、重建投影"),
    "manifest": ("gongkai.faces.terminal.manifest:manifest", "生成签名清单：本站发布了哪些内容"),
    "watch": ("gongkai.faces.terminal.watching:watch", "从外面检查网站：内容被篡改、挂马、暗链、仿冒（不用数据库）"),
    "search": ("gongkai.faces.terminal.searching:search", "检索：查本站公开的内容；为别的文本建立索引、批量提问"),
    "index": ("gongkai.faces.terminal.indexing:index", "随时更新检索库（gongkai serve 已带一个）"),
    "links": ("gongkai.faces.terminal.links:links_", "检查文件中的外部链接：打不开的、变得可疑的"),
    "cache": ("gongkai.faces.terminal.caching:cache", "缓存：清除、状态、预热（nginx 里的和本站自己的）"),
    "nightly": ("gongkai.faces.terminal.nightly:nightly", "每日例行：到期失效、评估提醒、台账封存"),
    "backup": ("gongkai.faces.terminal.backing_up:backup_", "备份：把整个网站存成一个文件，网站不必停"),
    "restore": ("gongkai.faces.terminal.backing_up:restore_", "从备份恢复整个网站，恢复到空的数据文件夹"),
    "upgrade": ("gongkai.faces.terminal.backing_up:upgrade", "升级数据库，升级前先备份"),
    "setup": ("gongkai.faces.terminal.setup:setup", "建立或升级数据库"),
    "sample": ("gongkai.faces.terminal.setup:sample", "装入示例政府（青禾县）"),
    "serve": ("gongkai.faces.terminal.serving:serve", "启动网站"),
    "worker": ("gongkai.faces.terminal.worker:worker", "办后台任务（gongkai serve 已带一个）"),
}


class _Gongkai(chinese.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def _line(self, ctx: click.Context, name: str) -> str:
        del ctx
        return _COMMANDS[name][1]


@click.group(cls=_Gongkai, help="公开（Gongkai）：县市政府政务公开一体化软件。用 gongkai 命令 --help 看各命令的用法。")
@click.version_option(package_name="gongkai", message="gongkai %(version)s", help="显示版本")
def gongkai() -> None:
    """The root command."""


def main() -> None:
    """Run a command; mistakes in its words end with 2 and a Chinese sentence."""
    try:
        code = gongkai.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"用法有误：{chinese.explained_mistake(error)}", err=True)
        if isinstance(error, click.UsageError) and error.ctx is not None:
            click.echo(f"看用法：{error.ctx.command_path} --help", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("\n已中断。导入可以用同样的命令接着进行。", err=True)
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
