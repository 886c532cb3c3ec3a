"""granian, whose workers can be stopped while they start.

It forks them with its own handlers, which only note in the worker that somebody asked for its end: one that was still loading
the site heard nothing, and whoever stopped the site waited until it was killed.
"""

from __future__ import annotations

import os
import signal

from granian.cli import entrypoint

if __name__ == "__main__":
    os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))  # until the worker sets its own
    entrypoint()  # type: ignore[no-untyped-call]
