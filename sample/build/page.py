"""A paper as an HTML page for printing (PDF by WeasyPrint or Chromium) in the form of GB/T 9704."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from sample.build.manuscript import Piece

STYLE = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm; @bottom-center { content: "— " counter(page) " —"; font-size: 14pt; } }
body { font: 16pt/29pt "Noto Serif CJK SC", serif; margin: 0; }
p { margin: 0; text-indent: 2em; text-align: justify; }
.red_head { color: #c00000; font-size: 34pt; line-height: 60pt; text-align: center; text-indent: 0; }
.number { text-align: center; text-indent: 0; border-bottom: 2pt solid #c00000; padding: 12pt 0 6pt; margin-bottom: 24pt; }
.title, .attachment_title { font-size: 22pt; line-height: 34pt; text-align: center; text-indent: 0; }
.attachment_title { break-before: page; margin-bottom: 16pt; }
.chapter { text-align: center; text-indent: 0; font-weight: bold; }
.addressees, .registration, .copies_to, .printed { text-indent: 0; }
.addressees { margin-top: 16pt; }
.signature, .date { text-align: right; text-indent: 0; }
table { border-collapse: collapse; width: 100%; font-size: 11pt; line-height: 16pt; margin: 8pt 0; }
td { border: 0.5pt solid #000; padding: 2pt 4pt; }
"""


def to_html(pieces: Iterable[Piece], title: str = "") -> str:
    """A complete page."""
    body = "\n".join(_piece(piece) for piece in pieces)
    return f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style><body>{body}</body></html>'


def _piece(piece: Piece) -> str:
    if piece.role == "table":
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in piece.rows)
        return f"<table>{rows}</table>"
    return f'<p class="{piece.role}">{escape(piece.text)}</p>'


def to_pdf(pieces: Iterable[Piece], title: str) -> bytes:
    """The page as PDF, by WeasyPrint."""
    from weasyprint import HTML  # heavy, and only needed for one of the formats

    data = HTML(string=to_html(pieces, title)).write_pdf(pdf_identifier=b"qinghe")
    assert data is not None
    return bytes(data)
