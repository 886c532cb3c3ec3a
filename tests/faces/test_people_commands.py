"""`gongkai staff` and organs from tables on the command line: how a site gets its first administrator."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from gongkai.ui.sheets import sheet
from tests.conftest import Site


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A new data folder with a database and nothing else."""
    site = Site(tmp_path_factory.mktemp("fresh") / "data")
    assert site.run("setup").returncode == 0
    return site


def table(path: Path, headings: str, *rows: tuple[str, ...]) -> str:
    path.write_bytes(sheet("表", [(h, 12) for h in headings.split()], rows))
    return str(path)


def test_a_fresh_site_gets_its_administrator_its_organs_and_its_people(fresh: Site, tmp_path: Path) -> None:
    added = fresh.run("staff", "add", "admin", "--name", "张三", "--roles", "系统管理员")
    assert added.returncode == 0, added.stderr
    assert re.search(r"^  [a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$", added.stdout, re.MULTILINE)

    organs = table(
        tmp_path / "o.xlsx", "代码 名称 类型 上级", ("B", "某县财政局", "部门", "A"), ("A", "某县人民政府", "人民政府", "")
    )
    looked = fresh.run("agency", "import", organs, "--dry-run")
    assert "只是看看，没有导入" in looked.stdout
    assert "已导入：新增 2" in fresh.run("agency", "import", organs).stdout
    assert "某县财政局　B" in fresh.run("agency", "list").stdout

    people = table(
        tmp_path / "p.xlsx",
        "用户名 姓名 机构 角色",
        ("li.na", "李娜", "某县财政局", "编辑、领导"),
        ("wang.wei", "王伟", "B", "编辑"),
    )
    passwords = tmp_path / "passwords.xlsx"
    done = fresh.run("staff", "import", people, "--passwords", str(passwords))
    assert done.returncode == 0, done.stderr
    assert passwords.stat().st_mode & 0o777 == 0o600
    assert [row[0].value for row in load_workbook(passwords).active.iter_rows(min_row=2)] == ["li.na", "wang.wei"]
    listed = fresh.run("staff", "list").stdout
    assert "李娜" in listed
    assert "共 3 人" in listed


def test_what_is_wrong_is_told_in_one_sentence_and_ends_with_1(fresh: Site, tmp_path: Path) -> None:
    wrong = table(
        tmp_path / "p.xlsx", "用户名 姓名 机构 角色", ("good.one", "好人", "", "系统管理员"), ("x.y", "某", "没有的局", "编辑")
    )
    cycle = table(tmp_path / "o.xlsx", "代码 名称 类型 上级", ("X", "甲", "部门", "Y"), ("Y", "乙", "部门", "X"))
    people, organs = fresh.run("staff", "import", wrong), fresh.run("agency", "import", cycle)
    assert (people.returncode, organs.returncode) == (1, 1)
    assert "有 1 行有误，一行也没有办" in people.stderr
    assert "有 2 行有误" in organs.stderr
    assert "上下级成环：X → Y → X" in organs.stdout
    nobody = fresh.run("staff", "password", "nobody")
    assert (nobody.returncode, "没有用户名为“nobody”的人" in nobody.stderr) == (1, True)
    assert "good.one" not in fresh.run("staff", "list", "--all").stdout


def test_the_last_administrator_can_be_helped_but_not_removed(fresh: Site) -> None:
    fresh.run("staff", "add", "admin", "--name", "张三", "--roles", "系统管理员")  # unless the first test did
    assert "最后一位系统管理员" in fresh.run("staff", "leave", "admin").stderr
    assert re.search(r"[a-z0-9-]{14}", fresh.run("staff", "password", "admin", "--no-two-steps").stdout)


def test_the_sample_has_an_account_for_every_role_and_says_so(site: Site) -> None:
    told = site.run("sample", "--if-empty")
    assert told.returncode == 0, told.stderr
    roles = "编辑 政务公开专员 保密审查员 合法性审查员 政务公开主管 领导 系统管理员 审计员"
    for role in roles.split():
        assert role in told.stdout
    assert "密码都是 qinghe-2026" in told.stdout
    assert "/console/" in told.stdout


def test_the_sample_is_never_put_into_another_government(fresh: Site, tmp_path: Path) -> None:
    organs = tmp_path / "organs.yaml"
    organs.write_text(
        "government: {name: 别县人民政府}\norgans:\n- {code: A9, kind: government, names: [{name: 别县人民政府}]}\n",
        encoding="utf-8",
    )
    assert fresh.run("agency", "import", str(organs)).returncode == 0
    refused = fresh.run("sample")
    assert refused.returncode == 1
    assert "本站已经是别县人民政府的网站" in refused.stderr
    quiet = fresh.run("sample", "--if-empty")
    assert (quiet.returncode, quiet.stdout) == (0, "")
    assert "zhuguan" not in fresh.run("staff", "list", "--all").stdout
