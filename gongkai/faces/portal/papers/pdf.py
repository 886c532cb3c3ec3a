"""A PDF from the print view. Only the child process comes here: WeasyPrint costs memory and a second to load."""

from __future__ import annotations

from typing import Any

from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher


class _NothingOutside(URLFetcher):  # type: ignore[misc]
    """Pages may use what they carry (data:), and fetch nothing from disk or network."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",))


def made(job: dict[str, Any]) -> bytes:
    """The PDF of `job["html"]`, dressed in `job["css"]`; a tagged file that screen readers can follow."""
    page = HTML(string=job["html"], url_fetcher=_NothingOutside(), base_url=None)
    written: bytes = page.write_pdf(stylesheets=[CSS(string=job["css"])], pdf_tags=True)
    return written
