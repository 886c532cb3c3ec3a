"""granian, whose workers can be stopped while they start.

It forks them with its own handlers, which only note in the worker that somebody asked for its end: one that was still loading
the site heard nothing, and whoever stopped the site waited until it was killed. Nor may the signal come before the worker has
begun at all: Python forgets what a process was told between the fork and its first step. So it is held back until then.
"""

from __future__ import annotations

import os
import signal

from granian.cli import entrypoint

_ENDS = {signal.SIGTERM}


def _hold_back() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)


def _let_through() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)


def _begin() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until the worker sets its own
    _let_through()


if __name__ == "__main__":
    os.register_at_fork(before=_hold_back, after_in_parent=_let_through, after_in_child=_begin)
    entrypoint()  # type: ignore[no-untyped-call]
