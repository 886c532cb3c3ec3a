"""What a file really is, by its first bytes; its name only decides between kinds of plain text."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePath

from gongkai.text.errors import Damaged, EmptyFile, Encrypted, UnknownFormat
from gongkai.text.model import Format

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|div|table)\b", re.I)
_MARKDOWN = {".md", ".markdown"}
_PLAIN = {".txt", ".text", ".md", ".markdown", ".htm", ".html", ".shtml", ".mht", ""}


def sniff(data: bytes, name: str = "") -> Format:
    """The format of `data`.

    Raises EmptyFile, Damaged, Encrypted (a password-protected Office file) or UnknownFormat.
    """
    if not data.strip(b"\x00 \t\r\n\x0c\xef\xbb\xbf\xff\xfe"):
        raise EmptyFile
    if (found := _by_magic(data)) is not None:
        return found
    suffix = PurePath(name).suffix.lower()
    if suffix in {".pdf", ".ofd", ".docx"}:
        raise Damaged(f"扩展名是 {suffix}，内容却不是")
    if _binary(data) and suffix not in _PLAIN:
        raise UnknownFormat(suffix.lstrip(".") or "无扩展名")
    if _HTML.search(data[:4096]) and suffix not in _MARKDOWN | {".txt"}:
        return "html"
    if suffix in _MARKDOWN:
        return "md"
    return "html" if suffix in {".htm", ".html", ".shtml"} else "txt"


def _by_magic(data: bytes) -> Format | None:
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data)
    if data.startswith(_OLE):
        if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e" in data:
            raise Encrypted
        return "doc"
    if data.startswith(b"{\\rtf"):
        return "doc"
    return "image" if data.startswith(_IMAGES) else None


def _zipped(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Damaged("压缩结构不完整") from error
    if "OFD.xml" in names:
        return "ofd"
    if any(n.startswith("word/") for n in names):
        return "docx"
    if any(n.startswith(("content.xml", "xl/", "ppt/")) for n in names):
        raise UnknownFormat("表格、演示文稿或 ODT")
    raise UnknownFormat("压缩包，请先解压")


def _binary(data: bytes) -> bool:
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return head.count(0) > len(head) * 0.3 or sum(b < 9 for b in head) > len(head) * 0.1
