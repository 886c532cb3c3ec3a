"""What is worked out from the rows and not saved, and so has to be made anew after a restore."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

Step = Callable[[date], None]
_steps: dict[str, Step] = {}


def register(told: str, step: Step) -> None:
    """Say what has to be done once the site is back; `told` is what the person at the terminal reads meanwhile.

    The step is called with the day of the restore.
    """
    _steps[told] = step


def steps() -> list[tuple[str, Step]]:
    """All that was registered, in that order."""
    return list(_steps.items())
