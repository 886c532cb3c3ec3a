"""What a page says of the site it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Site:
    """Names and footer of the site. `footer` may hold host, operator, icp, public_security, telephone, address."""

    government: str
    short_name: str
    name: str
    site_code: str
    footer: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The place that is governed: 青禾县 for 青禾县人民政府."""
        return self.government.removesuffix("人民政府")

    @classmethod
    def unset(cls) -> Site:
        """While no government is set up, and on the page shown when the database is away."""
        return cls("", "公开", "政府信息公开", "")
