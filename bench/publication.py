"""What a facet count from nothing and a publication cost in the library at GONGKAI_DATA; called by bench/pages.py.

The publication is taken back and done again on one document; with `GONGKAI_PURGE` unset no cache in front is told.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

import django

django.setup()

from datetime import UTC, datetime

from django.utils import timezone

from gongkai.core.freshness.touching import board
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import restore, withdraw
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.listing import ListRequest, listing


def main() -> None:
    """Measure and print."""
    own = Document.objects.public().exclude(index_number__startswith="BENCH")
    number = own.filter(legal_effects=None).values_list("pk", flat=True)[0]
    doing = Doing("bench", datetime.now(UTC), timezone.localdate())
    print(f"{Document.objects.count():,} documents")
    for request in (ListRequest(), ListRequest(kind=("normative",), status=("in_force",)), ListRequest(organ=("5",))):
        taken = []
        for _ in range(7):
            board().void([0])  # a new generation: nothing is remembered
            started = time.perf_counter()
            listing(request)
            taken.append(time.perf_counter() - started)
        chosen = ", ".join(name for name in ("kind", "status", "organ") if request.chosen(name)) or "nothing chosen"
        print(f"facet counts from nothing ({chosen}): median {statistics.median(taken) * 1000:.1f} ms")
    taken = []
    for _ in range(5):
        for act in (withdraw, restore):
            started = time.perf_counter()
            act(number, "bench", doing)
            taken.append(time.perf_counter() - started)
    print(f"one publication or withdrawal: median {statistics.median(taken) * 1000:.1f} ms, most {max(taken) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
