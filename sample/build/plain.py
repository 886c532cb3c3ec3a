"""Plain text and Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from sample.build.manuscript import Piece


def to_text(pieces: Iterable[Piece]) -> str:
    """Text as a clerk saves it from a word processor."""
    lines: list[str] = []
    for piece in pieces:
        if piece.role == "table":
            lines += ["\t".join(row) for row in piece.rows]
        elif piece.role in (
            "title",
            "number",
            "red_head",
            "attachment_title",
            "addressees",
            "signature",
            "date",
            "copies_to",
            "printed",
            "registration",
        ):
            lines.append(piece.text)
        else:
            lines.append(f"　　{piece.text}")
    return "\r\n".join(lines) + "\r\n"


def to_markdown(pieces: Iterable[Piece], title: str) -> str:
    """Markdown as an editor exports it; the title is the first heading."""
    lines: list[str] = []
    for piece in pieces:
        if piece.role == "title":
            if f"# {title}" not in lines:
                lines += [f"# {title}", ""]
            continue
        if piece.role == "table":
            head, *rest = piece.rows
            lines += [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rest)]
        elif piece.role in ("attachment_title", "heading1", "chapter"):
            lines.append(f"## {piece.text}")
        else:
            lines.append(piece.text)
        lines.append("")
    return "\n".join(lines)
