"""Reading many files at once in other processes, in order, with a bound on what is in flight."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from multiprocessing.process import BaseProcess
from pathlib import Path

from gongkai.domains.library.actions.content import Content, content_of
from gongkai.domains.library.tasks.storing import Kept, keep
from gongkai.text.errors import UnreadableFile
from gongkai.text.read import read_file

_FILES_PER_WORKER = 400  # a fresh process now and then keeps memory flat


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to read files: this government's themes, the day, and where originals go."""

    themes: Mapping[str, Sequence[str]]
    today: date
    store: Path | None


@dataclass(frozen=True, slots=True)
class Read:
    """What became of reading one file."""

    path: Path
    kept: Kept | None
    format: str = ""
    content: Content | None = None
    code: str = ""
    reason: str = ""
    needs_person: bool = False


def read_one(path: Path, task: Task) -> Read:
    """Keep one file and read it; every failure becomes an answer, none is raised."""
    try:
        kept = keep(path, task.store)
    except OSError as error:
        return Read(
            path,
            None,
            code="unopenable",
            reason=f"文件打不开（{error.strerror or error}）。请检查文件权限或磁盘空间，再导入一次。",
        )
    try:
        reading = read_file(path)
        return Read(path, kept, reading.format, content_of(reading, task.themes, task.today))
    except UnreadableFile as error:
        return Read(path, kept, code=error.code, reason=str(error), needs_person=error.needs_person)
    except MemoryError:
        return Read(path, kept, code="too_large", reason="文件展开后过大，超出内存限额，没有读取。请把正文与大附件分开。")
    except Exception as error:  # noqa: BLE001 - one odd file must not stop the batch; the report names it
        reason = f"读取程序遇到意外情况（{type(error).__name__}: {error}），原件已保存。请把文件发给维护人员。"
        return Read(path, kept, code="unexpected", reason=reason[:500])


def read_all(paths: Sequence[Path], task: Task, workers: int) -> Iterator[Read]:
    """Read files in order. With fewer than two workers, or few files, everything happens in this process."""
    if workers < 2 or len(paths) < 4:
        yield from (read_one(path, task) for path in paths)
        return
    waiting = deque(paths)
    while waiting:
        try:
            yield from _pooled(waiting, task, workers)
        except BrokenProcessPool:
            # The file at the head killed its worker. Try it alone; if it kills again, it is at fault.
            yield _alone(waiting.popleft(), task)


def _pool(workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["gongkai.domains.library.tasks.readers"])
    return ProcessPoolExecutor(workers, mp_context=context, max_tasks_per_child=_FILES_PER_WORKER, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """A reader whose program was killed would wait for files for ever."""
    threading.Thread(target=_end_after, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_after(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)


def _pooled(waiting: deque[Path], task: Task, workers: int) -> Iterator[Read]:
    """Read what waits, taking a path off the queue only when its answer is there."""
    with _pool(workers) as pool:
        flying: deque[Future[Read]] = deque()
        ahead = 0
        while waiting:
            while len(flying) < workers * 4 and ahead < len(waiting):
                flying.append(pool.submit(read_one, waiting[ahead], task))
                ahead += 1
            read = flying[0].result()
            flying.popleft()
            waiting.popleft()
            ahead -= 1
            yield read


def _alone(path: Path, task: Task) -> Read:
    with _pool(1) as pool:
        try:
            return pool.submit(read_one, path, task).result()
        except BrokenProcessPool:
            kept = keep(path, task.store)
            return Read(
                path,
                kept,
                code="crashed",
                reason="读取该文件时程序意外中止，原件已保存。文件可能已损坏，请用原来的软件另存后再导入。",
            )
