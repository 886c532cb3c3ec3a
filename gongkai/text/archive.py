"""Opening zip-based documents (DOCX, OFD) without being harmed by them."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from lxml import etree

from gongkai.text.errors import Bomb, Damaged, Encrypted

MAX_MEMBERS = 5_000
MAX_MEMBER = 64 * 1024 * 1024
MAX_TOTAL = 512 * 1024 * 1024
MAX_RATIO = 400  # official XML packs about 10 to 40 times


class Archive:
    """A zip file of which only bounded, well-named members are read.

    Raises Bomb, Damaged or Encrypted; never writes to disk.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Damaged("压缩结构不完整") from error
        self._check(len(data))

    def _check(self, packed: int) -> None:
        members = self._zip.infolist()
        total = sum(m.file_size for m in members)
        if len(members) > MAX_MEMBERS or total > MAX_TOTAL:
            raise Bomb(f"内含 {len(members)} 个文件，解压后 {total // 1048576} MB")
        if total > 16 * 1048576 and total > packed * MAX_RATIO:
            raise Bomb(f"压缩比达到 {total // max(packed, 1)} 倍")
        for member in members:
            if member.filename.startswith(("/", "\\")) or ".." in member.filename.replace("\\", "/").split("/"):
                raise Bomb(f"越界路径 {member.filename[:60]}")

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def names(self) -> list[str]:
        """All member names."""
        return self._zip.namelist()

    def read(self, name: str) -> bytes:
        """One member's bytes, at most `MAX_MEMBER`."""
        try:
            with self._zip.open(name) as stream:
                data = stream.read(MAX_MEMBER + 1)
        except KeyError as error:
            raise Damaged(f"缺少 {name}") from error
        except RuntimeError as error:
            raise Encrypted from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise Damaged(f"{name} 读不出来") from error
        if len(data) > MAX_MEMBER:
            raise Bomb(f"{name} 解压后过大")
        return data

    def xml(self, name: str) -> etree._Element:
        """One member parsed as XML: no entities, no network, no DTD."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        try:
            return etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise Damaged(f"{name} 的内容不完整") from error
