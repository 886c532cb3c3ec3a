"""Commands without their long beginning: a process that has loaded what every command loads, and forks one for each.

`run` gives what `subprocess.run` of `python -m gongkai.faces.terminal …` gives. The process has loaded libraries and what knows
no Django, never settings: each command reads its own environment, opens its own database, and ends as itself.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import runpy
import select
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).parents[1]
_LOADED = (
    "click", "yaml", "lxml.html", "lxml.etree", "openpyxl", "PIL.Image", "requests", "psycopg", "tantivy", "rjieba", "opencc",
    "django.core.management", "django.db.models", "django.forms", "django.template", "django.views.generic", "django.test",
    "django.contrib.auth.hashers", "django.db.backends.sqlite3.base", "django.db.migrations.executor", "pydantic", "jinja2",
    "gongkai.text.read", "gongkai.text.comparing", "gongkai.text.tables", "gongkai.law.disclosure", "gongkai.law.normative",
    "gongkai.search.outside", "gongkai.search.engines.embedded.engine", "gongkai.search.understanding.understand",
    "gongkai.search.understanding.vocabulary.build",
)  # fmt: skip


def run(arguments: tuple[str, ...], env: dict[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    """What `gongkai ARGUMENTS` says and how it ends, in this environment. Raises subprocess.TimeoutExpired."""
    with tempfile.TemporaryDirectory(prefix="gongkai-command-") as folder:
        told = Path(folder)
        os.mkfifo(told / "end")
        end = os.open(told / "end", os.O_RDONLY | os.O_NONBLOCK)
        try:
            _forker().ask({"arguments": arguments, "env": env, "told": folder})
            code = _awaited(end, told, arguments, timeout)
        finally:
            os.close(end)
        out, err = ((told / name).read_text(encoding="utf-8") for name in ("out", "err"))
    return subprocess.CompletedProcess([*arguments], code, out, err)


def _awaited(end: int, told: Path, arguments: tuple[str, ...], timeout: float) -> int:
    if not select.select([end], [], [], timeout)[0]:
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            os.killpg(int((told / "pid").read_text()), signal.SIGKILL)
        raise subprocess.TimeoutExpired(arguments, timeout)
    return int(os.read(end, 20))


class _Forker:
    """The process that forks."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.forking"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True)
        self._lock = threading.Lock()
        atexit.register(self._process.kill)

    def ask(self, wanted: dict[str, Any]) -> None:
        """Fork one command."""
        assert self._process.stdin
        with self._lock:
            self._process.stdin.write(json.dumps(wanted) + "\n")
            self._process.stdin.flush()


@lru_cache(maxsize=1)
def _forker() -> _Forker:
    return _Forker()


def main() -> None:
    """Fork one command for every line of standard input."""
    for name in _LOADED:
        import_module(name)
    import_module("gongkai.search.understanding.vocabulary.language").language()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        if os.fork() == 0:
            _mind(json.loads(line))


def _mind(wanted: dict[str, Any]) -> None:
    """Fork the command itself, wait for its end, and tell it as subprocess would."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    told = Path(wanted["told"])
    if (process := os.fork()) == 0:
        os.setpgid(0, 0)
        (told / "pid").write_text(str(os.getpid()))
        _become(wanted, told)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    with contextlib.suppress(FileNotFoundError), (told / "end").open("w") as end:
        end.write(str(code))
    os._exit(0)


def _become(wanted: dict[str, Any], told: Path) -> NoReturn:
    os.environ.clear()
    os.environ.update(wanted["env"])
    for name, descriptor in (("out", 1), ("err", 2)):
        file = os.open(told / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, descriptor)
        os.close(file)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    sys.argv[1:] = wanted["arguments"]
    code = 0
    try:
        runpy.run_module("gongkai.faces.terminal", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:  # noqa: BLE001 - as the interpreter does
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()  # then at once: to take all that was loaded apart takes as long as to load it
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
