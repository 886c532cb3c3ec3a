"""Documents of the organs for which a person may do something."""

from __future__ import annotations

from gongkai.core.agencies.queries import present_names
from gongkai.core.scope import Viewer, reach
from gongkai.domains.library.models import Document, DocumentQuerySet

LARGEST = 1 << 62  # no database counts further


def organs_within(viewer: Viewer, verb: str) -> frozenset[int] | None:
    """As `scope.reach`; None also for whoever reaches every organ by name: a list of all organs only slows a query down."""
    organs = reach(viewer, verb)
    return None if organs is None or organs >= present_names().keys() else organs


def within(viewer: Viewer, verb: str) -> DocumentQuerySet:
    """The documents of those organs."""
    organs = organs_within(viewer, verb)
    return Document.objects.all() if organs is None else Document.objects.filter(agency__in=organs)
