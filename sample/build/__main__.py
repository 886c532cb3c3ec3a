"""Write every sample file anew. Run after a manuscript changes; needs requirements/test.txt."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from sample.build.manuscript import Manuscript, manuscripts
from sample.build.ofd import to_ofd
from sample.build.page import to_pdf
from sample.build.plain import to_markdown, to_text
from sample.build.portal import to_portal_html
from sample.build.word import to_docx

FILES = Path(__file__).parents[1] / "files"
ORGANS = Path(__file__).parents[1] / "organs.yaml"


def produce(paper: Manuscript, government: dict[str, str]) -> bytes:
    """The file of one manuscript, in the format it is delivered in."""
    deliver = paper.data["deliver"]
    pieces = list(paper.pieces())
    if deliver == "docx":
        return to_docx(pieces)
    if deliver == "pdf":
        return to_pdf(pieces, "")
    if deliver == "ofd":
        return to_ofd(pieces, paper.title)
    if deliver == "html":
        return to_portal_html(paper, government).encode()
    if deliver == "md":
        return to_markdown(pieces, paper.title).encode()
    return to_text(pieces).encode("gb18030" if deliver == "txt-gb18030" else "utf-8")


def main() -> None:
    """Build all."""
    government = yaml.safe_load(ORGANS.read_text(encoding="utf-8"))["government"]
    shutil.rmtree(FILES, ignore_errors=True)
    papers = manuscripts()
    for paper in papers:
        target = FILES / paper.target
        target.parent.mkdir(parents=True, exist_ok=True)
        assert not target.exists(), f"{paper.slug}: {target} is taken by another paper"
        target.write_bytes(produce(paper, government))
    print(f"{len(papers)} files in {FILES}")


main()
