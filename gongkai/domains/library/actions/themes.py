"""Featured themes (特色主题) of a government."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongkai.core.freshness.touching import touch
from gongkai.core.writing import writing
from gongkai.domains.library.models import Theme


@writing()
def set_themes(rows: Sequence[dict[str, Any]]) -> None:
    """Bring the list of themes in line with rows of `slug`, `name` and `words`, in their order."""
    for order, row in enumerate(rows):
        Theme.objects.update_or_create(
            slug=row["slug"], defaults={"name": row["name"], "words": row.get("words") or [], "order": order}
        )
    touch("library", "themes")
