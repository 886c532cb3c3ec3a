"""A private PostgreSQL server for as long as a command runs: `python -m tests.postgres -- COMMAND…`.

It listens on the loopback only, asks for a password that nobody else knows, keeps its data in a
folder of its own that goes with it, and trades safety for speed: for tests, nothing else. The
command finds the server's address in GONGKAI_TEST_DATABASE.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

PROGRAMS = Path("/usr/lib/postgresql")  # where Debian keeps each version's own
OWNER = "gongkai"
_UNSAFE_BUT_QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=1GB",
    "autovacuum_naptime=10min",
)


class NoServer(Exception):
    """PostgreSQL is not installed, or does not start."""


@contextmanager
def server() -> Iterator[str]:
    """A running server's address, as the owner of nothing but what it makes. Raises NoServer."""
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="gongkai-postgres-"))
    try:
        shutil.chown(folder, *user)
        password = secrets.token_hex(16)
        _make_cluster(folder, user, password)
        port = _free_port()
        with _started(folder, user, port) as process:
            try:
                _await(process, folder, port, password)
                yield f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/postgres"
            finally:
                _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> tuple[int, int]:
    """Who the server runs as: PostgreSQL refuses to be root."""
    if os.getuid():
        return os.getuid(), os.getgid()
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    raise NoServer("没有可以运行 PostgreSQL 的用户（postgres 或 nobody）。")


def _as(user: tuple[int, int], program: str, *arguments: str) -> list[str]:
    """The command that runs a program of the newest version as that user, and ends it with this process."""
    versions = sorted((p.parent for p in PROGRAMS.glob("*/bin/postgres")), key=lambda p: float(p.parent.name))
    if not versions:
        raise NoServer("没有安装 PostgreSQL。make test-postgres 会自动安装；也可以自己安装 Debian 包 postgresql。")
    change = ["--reuid", str(user[0]), "--regid", str(user[1]), "--clear-groups"] if os.getuid() == 0 else []
    return ["setpriv", *change, "--pdeathsig", "INT", str(versions[-1] / program), *arguments]


def _make_cluster(folder: Path, user: tuple[int, int], password: str) -> None:
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    shutil.chown(secret, *user)
    options = ["--locale=C", "--encoding=UTF8", "--auth=scram-sha-256", "--username=postgres", f"--pwfile={secret}", "--no-sync"]
    made = subprocess.run(
        _as(user, "initdb", "-D", str(folder / "data"), *options), cwd=folder, capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise NoServer(f"建不了 PostgreSQL 数据文件夹：{made.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _started(folder: Path, user: tuple[int, int], port: int) -> Iterator[subprocess.Popen[bytes]]:
    told = (f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "max_connections=200")
    settings = [word for setting in (*told, *_UNSAFE_BUT_QUICK) for word in ("-c", setting)]
    command = _as(user, "postgres", "-D", str(folder / "data"), *settings)
    # in a session of its own: Ctrl+C is for the command, which still needs its database while it ends
    with (folder / "log").open("wb") as log, subprocess.Popen(command, cwd=folder, stderr=log, start_new_session=True) as process:
        yield process


def _await(process: subprocess.Popen[bytes], folder: Path, port: int, password: str) -> None:
    """Wait until the server answers, and make the role that owns the databases: no superuser, as in production."""
    deadline = time.monotonic() + 60
    address = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with psycopg.connect(address, connect_timeout=5, autocommit=True) as there:
                there.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{password}'")
        except psycopg.OperationalError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        else:
            return
    raise NoServer(f"PostgreSQL 没有启动：{(folder / 'log').read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; at once where that takes too long."""
    for way in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(way)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)


def run(command: list[str]) -> int:
    """Run a command against a server of its own and give back its exit code; an interruption is passed on to it."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    with server() as address, subprocess.Popen(command, env={**os.environ, "GONGKAI_TEST_DATABASE": address}) as process:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda got, _: process.send_signal(got))
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # the terminal has told the command as well
                continue


if __name__ == "__main__":
    words = sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]
    if not words:
        sys.exit("用法：python -m tests.postgres -- 命令…")
    try:
        sys.exit(run(words))
    except NoServer as error:
        sys.exit(str(error))
