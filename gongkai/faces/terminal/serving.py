"""`gongkai serve`."""

from __future__ import annotations

import errno
import hashlib
import http.client
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import click

from config.environment import ROOT, data_folder, database
from gongkai.core.freshness.board import Board
from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.supervising import Supervisor

_MEMORY = Path("/dev/shm")  # noqa: S108 - counters that a full disk must not stop
_GONGKAI = (sys.executable, "-m", "gongkai.faces.terminal")
_SETTINGS = [
    "--blocking-threads", "1", "--backlog", "2048", "--backpressure", "8192",
    "--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "20",
    "--http", "1", "--http1-header-read-timeout", "10000", "--http1-buffer-size", "65536",
    "--no-ws", "--log-level", "warning", "--log-config", str(ROOT / "config" / "granian-log.json"),
]  # fmt: skip


@chinese.command(told="启动网站。地址 http://127.0.0.1:端口")
@click.option("--port", metavar="端口", type=click.IntRange(1, 65535), default=8000, show_default=True, envvar="PORT")
@click.option("--host", metavar="地址", default="127.0.0.1", show_default=True)
@click.option("--workers", metavar="进程数", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option(
    "--max-memory", metavar="MB", type=click.IntRange(128), default=1024, show_default=True, help="进程占用内存超过它就换一个新的"
)
@click.option("--without-worker", is_flag=True, help="不带后台任务进程（另行运行 gongkai worker 时用）")
@click.option("--without-indexer", is_flag=True, help="不带索引进程（另行运行 gongkai index 时用）")
def serve(port: int, host: str, workers: int, max_memory: int, *, without_worker: bool, without_indexer: bool) -> int:
    """Run granian, beside it a worker for jobs and an indexer; granian's exit code, 1 when the address cannot be had."""
    database(data_folder())  # an address that is none is told now, not by every worker
    if (trouble := _trouble_with(host, port)) is not None:
        click.echo(trouble, err=True)
        return 1
    try:
        Board(data_folder() / "cache").recover()  # what a writer that was killed left marked
        counters = _counters(host, port)
    except OSError as error:
        click.echo(f"数据文件夹 {data_folder()} 不可写（{error.strerror}）。检查权限和磁盘空间后再试。", err=True)
        return 1
    click.echo(f"公开（Gongkai）已启动：http://{host}:{port}　按 Ctrl+C 停止")
    sys.stdout.flush()
    arguments = [
        sys.executable, "-m", "gongkai.faces.terminal.granian_here", "config.wsgi:application",
        "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--workers-max-rss", str(max_memory), *_SETTINGS,
    ]  # fmt: skip
    worker = None if without_worker else [*_GONGKAI, "worker"]
    indexer = None if without_indexer else [*_GONGKAI, "index"]
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(counters)}
    return Supervisor(arguments, worker, env, lambda: _answers(host, port), indexer).run()


def _counters(host: str, port: int) -> Path:
    """An empty folder for what the workers count, the same at every start; those of data folders that are gone are swept."""
    above = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    for left in above.glob("gongkai-*/of"):
        if left.stat().st_uid == os.getuid() and not Path(left.read_text(encoding="utf-8")).exists():
            shutil.rmtree(left.parent, ignore_errors=True)
    name = hashlib.sha256(f"{data_folder()} {host} {port} {os.getuid()}".encode()).hexdigest()[:12]
    folder = above / f"gongkai-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    (folder / "of").write_text(str(data_folder()), encoding="utf-8")
    return folder


def _answers(host: str, port: int) -> bool:
    """Whether the site answers something, be it a refusal."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _trouble_with(host: str, port: int) -> str | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"端口 {port} 已被别的程序占用。换一个端口，例如：make run PORT={port + 1}"
            return f"不能在 {host}:{port} 上启动（{error.strerror}）。换一个端口或地址再试。"
    return None
