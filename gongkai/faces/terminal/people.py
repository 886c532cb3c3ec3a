"""`gongkai staff`, and the accounts of the sample government."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width

import click
import yaml

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained

# isort: split
from gongkai.core.agencies.queries import UnknownAgency, find_agency
from gongkai.core.staff import bulk
from gongkai.core.staff.actions import UnfitPerson, come_back, drop_two_steps, join, leave, renew_password, set_roles, unlock
from gongkai.core.staff.passwords import well_known
from gongkai.core.staff.queries import Asked, PersonRow, people, person_named
from gongkai.core.staff.roles import LABELS
from gongkai.text.tables import UnfitTable, read_table
from gongkai.ui.sheets import sheet

_ALL = 1_000_000
_ROLES = "、".join(LABELS.values())


@chinese.group(told="工作台的人员：添加、批量办理、重发密码、离开。新站点的第一位系统管理员用 gongkai staff add 添加。")
def staff() -> None:
    """Commands on people."""


@staff.command("add", help=f"添加一个人，打印一次性密码。角色：{_ROLES}（几个用逗号隔开）")
@click.argument("username", metavar="用户名")
@click.option("--name", metavar="姓名", required=True, help="姓名")
@click.option("--roles", metavar="角色", required=True, help="角色，几个用逗号隔开")
@click.option("--agency", metavar="机构", default="", help="机构的代码或全称；系统管理员可以不填")
@click.option("--email", metavar="邮箱", default="", help="邮箱，用来自己重设密码")
@explained(UnfitPerson, UnknownAgency)
def add(username: str, name: str, roles: str, agency: str, email: str) -> int:
    """Somebody joins."""
    organ = find_agency(agency) if agency else None
    who, password = join(username=username, name=name, agency=organ, roles=_split(roles), email=email, doing=doing_now())
    click.echo(f"已添加 {who.name}（{who.username}）。一次性密码，只显示这一次：")
    click.echo(f"  {password}")
    click.echo("请用它登录 /console/，登录后马上改成自己的密码。")
    return 0


@staff.command("list", help="列出人员")
@click.option("--all", "everybody", is_flag=True, help="连已离开的一起列")
@explained(UnfitPerson)
def list_(*, everybody: bool) -> int:
    """Print people."""
    rows, total = people(Asked(active=None if everybody else True), size=_ALL)
    _print_table(
        ("用户名", "姓名", "角色", "机构", "状态"),
        [(r.username, r.name, "、".join(r.roles), r.agency or "—", "在岗" if r.active else "已离开") for r in rows],
    )
    click.echo(f"共 {total} 人。")
    return 0


@staff.command("import", help="用表格（XLSX 或 CSV）批量办理加入、调动、改角色、离开；有一行不对就一行也不办")
@click.argument("file", metavar="表格", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只看会发生什么，不办理")
@click.option("--passwords", metavar="文件", type=click.Path(path_type=Path), help="把一次性密码写进这个 XLSX（默认打印出来）")
@explained(UnfitPerson, UnfitTable, OSError)
def import_(file: Path, *, dry_run: bool, passwords: Path | None) -> int:
    """Do what a table says, all or nothing."""
    doing = doing_now()
    found = bulk.plan(read_table(file.read_bytes(), bulk.COLUMNS, bulk.MOST), doing.today)
    for line in found.lines:
        told = line.problem or "；".join(f"{s.kind}　{s.told}" for s in line.steps) or "不变"
        click.echo(f"第 {line.number} 行　{line.username}　{'有误　' if line.problem else ''}{told}")
    if found.problems:
        raise UnfitPerson(f"有 {found.problems} 行有误，一行也没有办。")
    if dry_run:
        click.echo("只是看看，没有办理。")
        return 0
    handed = bulk.carry_out(found, doing, bulk.passwords_for(found))
    click.echo(f"已办理：{'，'.join(f'{kind} {count}' for kind, count in found.counts.items())}")
    rows = [(h.username, h.name, h.agency, h.password) for h in handed]
    if passwords is not None and rows:
        passwords.touch(mode=0o600)
        passwords.write_bytes(sheet("一次性密码", [("用户名", 20), ("姓名", 14), ("机构", 32), ("一次性密码", 20)], rows))
        click.echo(f"一次性密码已写入 {passwords}，分发后请删除。")
    elif rows:
        _print_table(("用户名", "姓名", "机构", "一次性密码"), rows)
    return 0


@staff.command("password", help="重发一次性密码，并解锁；已有的登录全部退出")
@click.argument("username", metavar="用户名")
@click.option("--no-two-steps", is_flag=True, help="同时停用两步验证（手机丢了时用）")
@explained(UnfitPerson)
def password_(username: str, *, no_two_steps: bool) -> int:
    """A new password."""
    who = _known(username)
    if no_two_steps and who.two_steps:
        drop_two_steps(who.number, doing_now())
    click.echo(f"{who.name}（{who.username}）的一次性密码，只显示这一次：\n  {renew_password(who.number, doing_now())}")
    return 0


@staff.command("unlock", help="解锁输错密码被锁的账户")
@click.argument("username", metavar="用户名")
@explained(UnfitPerson)
def unlock_(username: str) -> int:
    """Try again at once."""
    click.echo(f"{unlock(_known(username).number, doing_now()).name}可以再登录了。")
    return 0


@staff.command("roles", help=f"改角色：{_ROLES}")
@click.argument("username", metavar="用户名")
@click.argument("roles", metavar="角色")
@explained(UnfitPerson)
def roles_(username: str, roles: str) -> int:
    """Other roles."""
    who = set_roles(_known(username).number, _split(roles), doing_now())
    click.echo(f"{who.name}的角色：{'、'.join(LABELS[role] for role in LABELS if role in who.roles)}")
    return 0


@staff.command("leave", help="办理离开：不能再登录，办过的事都保留")
@click.argument("username", metavar="用户名")
@explained(UnfitPerson)
def leave_(username: str) -> int:
    """Somebody leaves."""
    click.echo(f"{leave(_known(username).number, doing_now()).name}已离开，不能再登录。")
    return 0


@staff.command("return", help="恢复已离开的人")
@click.argument("username", metavar="用户名")
@explained(UnfitPerson)
def return_(username: str) -> int:
    """Somebody comes back."""
    click.echo(f"{come_back(_known(username).number, doing_now()).name}可以再登录了。")
    return 0


def _known(username: str) -> PersonRow:
    found = person_named(username.strip().lower())
    if found is None:
        raise UnfitPerson(f"没有用户名为“{username}”的人。可用 gongkai staff list --all 查看。")
    return found


def _split(told: str) -> list[str]:
    return [part for part in told.replace("，", ",").replace("、", ",").split(",") if part.strip()]


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the sample government."""

    username: str
    name: str
    roles: str
    organ: str


def sample_people(file: Path) -> list[Account]:
    """Make the accounts of the sample government that are missing; the caller has seen to it that it is the sample.

    Whoever tries things out may have renamed organs or taken a user name: such accounts are left out.
    """
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    handed = well_known(told["password"])
    for row in told["people"]:
        if person_named(row["username"]) is None:
            details = {"username": row["username"], "name": row["name"], "roles": row["roles"]}
            with suppress(UnknownAgency):
                join(**details, agency=find_agency(row["organ"]), doing=doing_now(), password=handed)
    standing = {row["username"]: person_named(row["username"]) for row in told["people"]}
    return [
        Account(row["username"], row["name"], "、".join(who.roles), who.agency)
        for row in told["people"]
        if (who := standing[row["username"]]) is not None and who.active and who.name == row["name"]
    ]


def tell_accounts(accounts: list[Account], file: Path) -> None:
    """Print who may try the console."""
    password = yaml.safe_load(file.read_text(encoding="utf-8"))["password"]
    click.echo(f"工作台（/console/）的示例账户，密码都是 {password}（改过的用改后的）：")
    _print_table(("用户名", "姓名", "角色", "机构"), [(a.username, a.name, a.roles, a.organ) for a in accounts])


def _print_table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(_width(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    for row in (headings, *rows):
        click.echo("  " + "  ".join(f"{cell}{' ' * (widths[i] - _width(cell))}" for i, cell in enumerate(row)).rstrip())


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
