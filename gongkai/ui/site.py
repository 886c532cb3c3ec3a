"""What a page says of the site it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Site:
    """Names and footer of the site. `footer` may hold host, operator, icp, public_security, telephone, address.

    `emblem` and `theme` name the government's own picture and its sheet with its `colour`; '' for ours.
    `domain` is where the public finds it, as the government says; never what a request's Host header says.
    """

    government: str
    short_name: str
    name: str
    site_code: str
    footer: Mapping[str, str] = field(default_factory=dict)
    domain: str = ""
    emblem: str = ""
    colour: str = ""
    theme: str = ""

    @property
    def origin(self) -> str:
        """What comes before a path in the site's own absolute addresses; '' while no domain is set."""
        return f"https://{self.hostname}" if self.domain else ""

    @property
    def hostname(self) -> str:
        """The domain without scheme and slashes, however it was written in the settings."""
        return self.domain.strip().lower().rpartition("://")[2].partition("/")[0]

    @property
    def place(self) -> str:
        """The place that is governed: 青禾县 for 青禾县人民政府."""
        return self.government.removesuffix("人民政府")

    @classmethod
    def unset(cls) -> Site:
        """While no government is set up, and on the page shown when the database is away."""
        return cls("", "公开", "政府信息公开", "")
