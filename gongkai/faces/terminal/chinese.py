"""Commands whose help and mistakes are told in Chinese."""

from __future__ import annotations

from collections.abc import Callable

import click


class Command(click.Command):
    """A command with Chinese help."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """用法: the words of the command."""
        _usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """选项: each option with what it does."""
        _options(self, ctx, formatter)


class Group(click.Group):
    """A command with subcommands, all with Chinese help."""

    command_class = Command

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """用法: the words of the command."""
        _usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """选项 and 命令."""
        _options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """命令: the subcommands, each in one line."""
        with formatter.section("命令"):
            formatter.write_dl([(name, self._line(ctx, name)) for name in self.list_commands(ctx)])

    def _line(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        return (command.help or "") if command else ""


def command(name: str | None = None, *, told: str) -> Callable[[Callable[..., int | None]], Command]:
    """A function becomes a command; `told` is what its help says first."""
    return click.command(name, cls=Command, help=told)


def group(*, told: str) -> Callable[[Callable[..., None]], Group]:
    """A function becomes a group of commands."""
    return click.group(cls=Group, help=told)


def _usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    words = [
        word.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …") for word in command.collect_usage_pieces(ctx)
    ]
    formatter.write_usage(ctx.command_path, " ".join(words), prefix="用法：")


def _options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    records = [record for param in command.get_params(ctx) if (record := param.get_help_record(ctx)) is not None]
    told = [
        (names, "显示这些说明" if names == "--help" else text.replace("[default: ", "[默认 ")) for names, text in records if text
    ]
    if told:
        with formatter.section("选项"):
            formatter.write_dl(told)


def explained_mistake(error: click.ClickException) -> str:
    """What is wrong with the words of a command, in Chinese."""
    match error:
        case click.exceptions.NoSuchCommand():
            return f"没有命令 {error.command_name}。"
        case click.NoSuchOption():
            return f"没有选项 {error.option_name}。"
        case click.MissingParameter():
            return f"缺少 {_name(error.param)}。"
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices)) as param):
            return f"{_name(param)} 只能是：{'、'.join(map(str, choices))}。"
        case click.BadParameter(param=click.Parameter(type=click.types.IntParamType()) as param):
            return f"{_name(param)} 应当是整数。"
        case click.BadOptionUsage(option_name=name):
            return f"选项 {name} 后面缺少内容，或者不该有内容。"
        case _:
            return error.format_message()


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "参数"
    return param.opts[0] if isinstance(param, click.Option) else param.make_metavar(click.Context(click.Command("gongkai")))
