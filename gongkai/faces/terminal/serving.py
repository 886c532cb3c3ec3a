"""`gongkai serve`."""

from __future__ import annotations

import errno
import os
import socket
import sys

import click

from gongkai.faces.terminal import chinese


@chinese.command(told="启动网站。地址 http://127.0.0.1:端口")
@click.option("--port", metavar="端口", type=click.IntRange(1, 65535), default=8000, show_default=True, envvar="PORT")
@click.option("--host", metavar="地址", default="127.0.0.1", show_default=True)
@click.option("--workers", metavar="进程数", type=click.IntRange(1, 64), default=2, show_default=True)
def serve(port: int, host: str, workers: int) -> None:
    """Hand this process over to granian; 1 when the address cannot be had."""
    if (trouble := _trouble_with(host, port)) is not None:
        click.echo(trouble, err=True)
        sys.exit(1)
    click.echo(f"公开（Gongkai）已启动：http://{host}:{port}　按 Ctrl+C 停止")
    sys.stdout.flush()
    arguments = [
        sys.executable, "-m", "granian", "config.wsgi:application",
        "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "1", "--backlog", "1024", "--log-level", "warning", "--no-ws",
    ]  # fmt: skip
    os.execv(sys.executable, arguments)  # noqa: S606 - becoming the server is the point


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
