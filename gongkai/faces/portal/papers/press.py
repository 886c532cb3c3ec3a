"""Having a file made: one at a time, in a process of its own, within bounds.

The libraries that set pages take memory and seconds, and a page they choke on must not take the
web server with it. So they are never imported here: a child process makes the file and ends, and
while one is being made, no second worker waits for another.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from filelock import FileLock, Timeout

import gongkai

LONGEST = 2_000_000  # characters of HTML
SECONDS = 90
MISSING_PARTS = 3  # the child's exit code when the system lacks a library
_TURN = 0.5  # seconds to wait for another file to be finished
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """What to make: `kind` is pdf (from `html`, which holds the whole page, and `css`) or docx (from the parts)."""

    kind: str
    title: str
    html: str
    css: str = ""
    head: tuple[str, ...] = ()
    head_size: int = 0
    number: str = ""
    organs: str = ""
    notice: str = ""
    made_here: str = ""


class NotMade(Exception):
    """The file cannot be had now; `retry` is after how many seconds it may, 0 for not soon."""

    def __init__(self, why: str, retry: int = 0) -> None:
        super().__init__(why)
        self.retry = retry


def made(job: Job) -> bytes:
    """The file. Raises NotMade: too long, another one is in the making, or the machine lacks what it takes."""
    if len(job.html) > LONGEST:
        raise NotMade("这份文件太长，本网站不能为它生成 PDF 或 Word 文件。请下载原件，或在网页上阅读。")
    try:
        with FileLock(Path(settings.DATA_FOLDER) / "press.lock", timeout=_TURN):
            done = _run(job)
    except Timeout as error:
        raise NotMade("正在为另一位读者生成文件，请过几秒再试。", retry=5) from error
    except subprocess.TimeoutExpired as error:
        raise NotMade("生成这份文件用时太长，已经停止。请下载原件，或在网页上阅读。") from error
    if done.returncode == 0 and done.stdout:
        return done.stdout
    _log.error("no file made: exit %s, %s", done.returncode, done.stderr.decode(errors="replace")[-2000:])
    if done.returncode == MISSING_PARTS:
        raise NotMade("本网站的服务器缺少生成这种文件所需的组件，暂时不能生成。请下载原件，或使用打印版。")
    raise NotMade("没有能够生成这份文件。请下载原件，或使用打印版。")


def _run(job: Job) -> subprocess.CompletedProcess[bytes]:
    """A fresh interpreter with nothing of the web server in it, fed by stdin."""
    return subprocess.run(
        [sys.executable, "-m", "gongkai.faces.portal.papers.setting", job.kind],
        input=json.dumps(asdict(job)).encode(),
        cwd=Path(gongkai.__path__[0]).parent,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
