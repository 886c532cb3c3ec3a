"""The child process: a job on stdin, the file on stdout. Nothing of Django is loaded here."""

from __future__ import annotations

import importlib
import json
import resource
import sys

_ROOMS = {"pdf": "gongkai.faces.portal.papers.pdf", "docx": "gongkai.faces.portal.papers.word"}
_MISSING_PARTS = 3
_CPU_SECONDS = 100
_MEMORY = 3 * 1024**3  # bytes of address space


def main(kind: str) -> int:
    """Make one file. Returns the exit code: 0, or 3 when a library of the system is missing."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        # by name, since a missing libpango shows only when the room is entered, and the Word room needs none
        room = importlib.import_module(_ROOMS[kind])
    except (ImportError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return _MISSING_PARTS
    sys.stdout.buffer.write(room.made(json.load(sys.stdin)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
