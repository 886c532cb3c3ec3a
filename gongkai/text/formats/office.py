"""DOC, WPS and RTF through LibreOffice, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from gongkai.text.errors import Damaged, NeedsOffice

TIMEOUT_SECONDS = 120


def to_docx(data: bytes) -> bytes:
    """The same document as DOCX.

    Runs with a profile of its own, so that several conversions may go on at once.
    Raises NeedsOffice where LibreOffice is missing, Damaged where it cannot open the file.
    """
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise NeedsOffice
    with tempfile.TemporaryDirectory(prefix="gongkai-office-") as folder:
        source = Path(folder, "paper.doc")
        source.write_bytes(data)
        command = [
            office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(source),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise Damaged("LibreOffice 两分钟内没有转换完") from error
        target = Path(folder, "paper.docx")
        if not target.exists():
            raise Damaged("LibreOffice 打不开")
        return target.read_bytes()
