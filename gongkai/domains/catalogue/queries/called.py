"""What the codes of a selection are called."""

from __future__ import annotations

from collections.abc import Mapping

from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import present_names
from gongkai.domains.library.models import Kind, Theme


def names_of_codes() -> Mapping[str, Mapping[str, str]]:
    """For each key of a selection that holds codes (`kinds`, `themes`, `organs`), their names."""
    names = present_names()
    return {
        "kinds": {str(value): str(label) for value, label in Kind.choices},
        "themes": dict(Theme.objects.values_list("slug", "name")),
        "organs": {code: names.get(pk, code) for pk, code in Agency.objects.values_list("pk", "code")},
    }
