"""A column as a file of columns would give it: only what it says. Pure."""

from __future__ import annotations

from typing import Any

from gongkai.domains.catalogue.events import ORGAN_KINDS, ColumnData


def written(data: ColumnData) -> dict[str, Any]:
    """The keys of a column that say something, in the order of the file format."""
    out: dict[str, Any] = {key: data[key] for key in ("slug", "name", "entry", "order")}
    out |= {key: data[key] for key in ("group", "source", "about", "elsewhere") if data[key]}
    if data["organ_kinds"] != list(ORGAN_KINDS):
        out["organ_kinds"] = data["organ_kinds"]
    selection = [{key: value for key, value in s.items() if value} for s in data["selection"]]
    if selection:
        out["selection"] = selection[0] if len(selection) == 1 else selection
    out |= {key: data[key] for key in ("text", "texts") if data[key]}
    return out
