"""Which database: what GONGKAI_DATABASE may say, and what is said when it leads nowhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from config.databases import UnfitAddress, postgresql
from tests import databases
from tests.conftest import Site, free_port


def test_an_address_gives_its_parts_whatever_characters_they_have() -> None:
    found = postgresql("postgresql://gong%40kai:p%23%2F%3Fw@db.example:5433/lib?sslmode=require")
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "gong@kai",
        "p#/?w",
        "db.example",
        "5433",
        "lib",
    ]
    assert found["OPTIONS"]["sslmode"] == "require"
    assert postgresql("postgresql://g@/lib?host=/run/postgresql")["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    "address",
    [
        "geheim", "mysql://u:geheim@h/n", "postgres:geheim", "postgresql://u:geheim@h", "postgresql://u:geheim@h/",
        "postgresql://u:geheim@h:x/n", "postgresql://u:geheim@h:99999/n", "postgresql://u:geheim#x@h/n", "postgresql://h/%00",
        "postgresql://u:1/x?geheim@h/n", "postgresql://u:geheim@[zz/n", f"postgresql://u:geheim@h/{'n' * 64}",
    ],
)  # fmt: skip
def test_what_is_no_address_is_told_in_one_sentence_that_keeps_the_secret(address: str) -> None:
    with pytest.raises(UnfitAddress) as refused:
        postgresql(address)
    said = str(refused.value)
    assert said.startswith("GONGKAI_DATABASE 写得不对")
    assert "geheim" not in said


@pytest.mark.parametrize("words", [("document", "list"), ("setup",), ("serve",), ("nightly",)], ids=" ".join)
def test_no_command_starts_with_an_address_that_is_none(tmp_path: Path, words: tuple[str, ...]) -> None:
    said = Site(tmp_path / "data", env={"GONGKAI_DATABASE": "postgres:geheim"}).run(*words)
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert said.stderr.startswith("GONGKAI_DATABASE 写得不对")
    assert "geheim" not in said.stderr + said.stdout


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    nowhere = f"postgresql://u:geheim@127.0.0.1:{free_port()}/n"
    said = Site(tmp_path / "data", env={"GONGKAI_DATABASE": nowhere}).run("document", "list")
    assert (said.returncode, "连不上数据库服务器" in said.stderr, "geheim" in said.stderr) == (1, True, False)


@pytest.mark.postgresql
def test_each_trouble_with_a_server_is_told_by_what_to_do(tmp_path: Path) -> None:
    site = Site(tmp_path / "data")
    right = urlsplit(databases.address_of(site.data))
    wrong = urlunsplit(right._replace(netloc=f"{right.username}:geheim@{right.hostname}:{right.port}"))
    missing = urlunsplit(right._replace(path="/there_is_no_such_database"))
    for address, told in (
        (wrong, "不接受这个用户名或密码"),
        (missing, "没有 GONGKAI_DATABASE 写的这个库"),
        ("", "gongkai setup"),
    ):
        said = replace(site, env={"GONGKAI_DATABASE": address} if address else {}).run("document", "list")
        assert (said.returncode, told in said.stderr, "Traceback" in said.stderr) == (1, True, False), said.stderr
        assert "geheim" not in said.stderr
