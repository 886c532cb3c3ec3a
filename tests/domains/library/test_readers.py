"""Processes that read files end when there is nobody left to read for."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT
from tests.domains.library.papers import notice, write

_READING = """
import sys
from datetime import date
from pathlib import Path
from gongkai.domains.library.tasks.readers import Task, read_all

reading = read_all([Path(sys.argv[1])] * 8, Task({}, date(2026, 1, 1), None), workers=2)
next(reading)
print("reading", flush=True)
sys.stdin.read()
"""


def test_readers_end_with_a_program_that_is_killed(tmp_path: Path) -> None:
    paper = write(tmp_path, {"paper.txt": notice(1)}) / "paper.txt"
    command = [sys.executable, "-c", _READING, str(paper)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        assert program.stdout.readline() == "reading\n"
        readers = [os.pidfd_open(pid) for pid in _below(program.pid)]
        program.kill()
    assert len(readers) >= 3
    assert [select.select([reader], [], [], 20)[0] for reader in readers] == [[reader] for reader in readers]


def _below(process: int) -> Iterator[int]:
    for pid in map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()):
        yield pid
        yield from _below(pid)
