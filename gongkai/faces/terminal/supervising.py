"""The web server, the worker and the indexer side by side: what dies is noticed, what stops is stopped together. No Django."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import click

_PARENT_DEATH = 1  # PR_SET_PDEATHSIG
_HEARD = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
_GRACE = 25.0  # seconds to end in; granian takes up to 20 for requests under way, systemd waits 30
_SERVER_PAUSES = (0.5, 1.0, 2.0, 5.0)  # seconds before what died, and died again, is started again
_OTHERS_PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
_LOOK = 0.5  # seconds between two looks whether a server has come up
_WELL = 60.0  # what ran for so many seconds was well
_system = ctypes.CDLL(None, use_errno=True)


class Child:
    """A process in a group of its own, which ends when this process does, however that ends."""

    def __init__(self, command: list[str], env: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(command, env=env, process_group=0, preexec_fn=_tied_to(os.getpid()))  # noqa: PLW1509 - one thread
        self.since = time.monotonic()

    def tell(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.process.poll() is None:
            self.process.send_signal(number)

    def sweep(self) -> None:
        """Kill it and whatever it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _tied_to(parent: int) -> Callable[[], None]:
    def tie() -> None:
        _system.prctl(_PARENT_DEATH, signal.SIGTERM)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if os.getppid() != parent:  # it died before it could be told of
            os._exit(1)

    return tie


class Kept:
    """A command that is started again when it ends, after pauses that grow while it keeps ending soon."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str], pauses: tuple[float, ...]) -> None:
        self._name, self._command, self._env, self._pauses = name, command, env, pauses
        self._deaths, self._start_at = 0, 0.0
        self.child: Child | None = None
        self.code = 0  # with which it ended last; 128 and more for a signal

    def tend(self) -> None:
        """Start it where that is due; notice where it has ended."""
        if self.child is None and time.monotonic() >= self._start_at:
            if self._deaths:
                click.echo(f"重新启动{self._name}。", err=True)
            self.child = Child(self._command, self._env)
        if self.child is not None and self.child.process.poll() is not None:
            self._ended(self.child)

    def _ended(self, child: Child) -> None:
        child.sweep()
        ran = time.monotonic() - child.since
        self._deaths = 1 if ran > _WELL else self._deaths + 1
        self.child, self.code = None, _code(child)
        self._start_at = time.monotonic() + self._pauses[min(self._deaths, len(self._pauses)) - 1]
        click.echo(f"{self._name}意外结束（{self.code}）。", err=True)

    def patience(self) -> float:
        """Seconds until it has to be tended, unless something is heard before."""
        return 3600.0 if self.child is not None else max(0.0, self._start_at - time.monotonic())


class Supervisor:
    """Runs a server and, where they are wanted, a worker and an indexer, and starts again what dies.

    SIGTERM and SIGINT end all in good order; SIGHUP is the server's (granian renews its workers).
    A server that never came up (`answers` tells) is not tried again: its end is the end of all.
    """

    def __init__(
        self,
        server: list[str],
        worker: list[str] | None,
        env: Mapping[str, str],
        answers: Callable[[], bool],
        indexer: list[str] | None = None,
    ) -> None:
        self._server = Kept("网站服务进程", server, env, _SERVER_PAUSES)
        others = {"后台任务进程": worker, "索引进程": indexer}
        self._kept = [self._server, *(Kept(name, told, env, _OTHERS_PAUSES) for name, told in others.items() if told)]
        self._answers, self._came_up = answers, False

    def run(self) -> int:
        """Run until a signal asks for the end, or the server cannot be started; the server's exit code."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
        try:
            while self._tended():
                heard = signal.sigtimedwait(_HEARD, min(kept.patience() for kept in self._kept) if self._came_up else _LOOK)
                if heard and heard.si_signo in (signal.SIGTERM, signal.SIGINT):
                    break
                if heard and heard.si_signo == signal.SIGHUP and self._server.child is not None:
                    self._server.child.tell(signal.SIGHUP)
        finally:
            _end([kept.child for kept in self._kept if kept.child is not None])
        return _code(self._server.child) if self._server.child is not None else self._server.code

    def _tended(self) -> bool:
        """Whether there is something to go on with."""
        for kept in self._kept:
            kept.tend()
        self._came_up = self._came_up or self._answers()
        return self._came_up or self._server.child is not None


def _code(child: Child) -> int:
    code: int = child.process.returncode
    return code if code >= 0 else 128 - code


def _end(children: list[Child]) -> None:
    """Ask them to end, wait, and kill what is left."""
    for child in children:
        child.tell(signal.SIGTERM)
    deadline = time.monotonic() + _GRACE
    while any(child.process.poll() is None for child in children) and (left := deadline - time.monotonic()) > 0:
        signal.sigtimedwait({signal.SIGCHLD}, left)
    for child in children:
        child.sweep()
