"""Pages of a PDF as pictures, for those who check what was read against the original."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pypdfium2 as pdfium

_LOCK = threading.Lock()  # PDFium is not thread-safe
_WIDTH = 1_000  # pixels
_MOST_PIXELS = 4_000_000


class NoSuchPage(LookupError):
    """The file has no such page, or none that can be drawn."""


def page_count(path: str | Path) -> int:
    """How many pages a PDF has; 0 where it cannot be opened."""
    with _LOCK:
        try:
            document = pdfium.PdfDocument(path)
        except (pdfium.PdfiumError, OSError):
            return 0
        try:
            return len(document)
        finally:
            document.close()


def page_picture(path: str | Path, number: int) -> bytes:
    """Page `number`, counted from 1, as PNG about a thousand pixels wide. Raises NoSuchPage."""
    with _LOCK:
        try:
            document = pdfium.PdfDocument(path)
        except (pdfium.PdfiumError, OSError) as error:
            raise NoSuchPage(f"{path}") from error
        try:
            if not 1 <= number <= len(document):
                raise NoSuchPage(f"{path}: {number}")
            return _drawn(document[number - 1])
        except pdfium.PdfiumError as error:
            raise NoSuchPage(f"{path}: {number}") from error
        finally:
            document.close()


def _drawn(page: pdfium.PdfPage) -> bytes:
    width, height = page.get_size()
    scale = min(_WIDTH / max(width, 1), (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    kept = io.BytesIO()
    page.render(scale=scale, grayscale=False).to_pil().convert("P", colors=64).save(kept, "PNG", optimize=False)
    return kept.getvalue()
