"""Keeping the addresses under which other sites showed our documents."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gongkai.core.writing import writing
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.models import Document, OldAddress, Revision
from gongkai.text.addresses import Address, address_of
from gongkai.text.encodings import decode
from gongkai.text.keys import number_key

LARGEST_LIST = 32 * 1024 * 1024  # bytes
_PAGE = re.compile(r"(?:^|/library/)([0-9]{1,12})/?$")


class UnfitList(Refused):
    """A list of addresses that cannot be read at all."""


@dataclass(slots=True)
class Listed:
    """What became of a list: how many addresses were kept or stood already, and what is wrong with which rows."""

    kept: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def bring_addresses(document: Document, revisions: Iterable[Revision], *, fresh: bool = False) -> list[str]:
    """Bring the addresses that a document's revisions give in line with them; the table's name where that changed it."""
    given = (address_of(revision.metadata.get("source_url") or "") for revision in revisions)
    wanted = {address for address in given if address is not None}
    rows = OldAddress.objects.filter(document=document, origin=OldAddress.Origin.REVISION)
    standing = set() if fresh else {Address(*row) for row in rows.values_list("host", "path")}
    for gone in standing - wanted:
        rows.filter(host=gone.host, path=gone.path).delete()
    OldAddress.objects.bulk_create(_row(document, a, OldAddress.Origin.REVISION) for a in sorted(wanted - standing))
    return [OldAddress.__name__] if standing != wanted else []


def keep_address(document: Document, url: str | None) -> None:
    """Keep the address that a further file of a document carries; nothing happens when there is none."""
    address = address_of(url or "")
    if address is not None:
        OldAddress.objects.get_or_create(host=address.host, path=address.path, document=document, origin=OldAddress.Origin.FILE)


def _row(document: Document, address: Address, origin: OldAddress.Origin) -> OldAddress:
    return OldAddress(host=address.host, path=address.path, document=document, origin=origin)


@writing()
def import_addresses(data: bytes) -> Listed:
    """Take in a list (CSV: old address, then document) and say what became of every row.

    The document is named by its number here, its index number, its document number, or its page's
    address. A row that names another document than before moves the address. Raises UnfitList.
    """
    listed = Listed()
    for line, old, told in _lines(data):
        address, document = address_of(old), _document(told)
        if address is None:
            listed.refused.append((line, f"“{old[:80]}”不是完整的网页地址，要以 http:// 或 https:// 开头，并带上路径"))
        elif isinstance(document, str):
            listed.refused.append((line, document))
        else:
            _keep(listed, address, document)
    return listed


def _keep(listed: Listed, address: Address, document: Document) -> None:
    rows = OldAddress.objects.filter(host=address.host, path=address.path, origin=OldAddress.Origin.LISTED)
    standing = list(rows.values_list("document_id", flat=True))
    if standing == [document.pk]:
        listed.known += 1
        return
    if standing:
        rows.delete()
    _row(document, address, OldAddress.Origin.LISTED).save(force_insert=True)
    listed.kept += 1


def _lines(data: bytes) -> Iterator[tuple[int, str, str]]:
    """Line number, old address and document of every row; a heading and empty rows left out."""
    if len(data) > LARGEST_LIST:
        raise UnfitList(f"清单超过 {LARGEST_LIST >> 20} MB，请分成几份导入。")
    if data.startswith(b"PK\x03\x04") or b"\x00" in data[:4000]:
        raise UnfitList("这不是 CSV 文件。请在表格软件里另存为“CSV（逗号分隔）”后再导入。")
    rows = csv.reader(io.StringIO(decode(data)[0].removeprefix("\ufeff"), newline=""))
    try:
        for row in rows:
            cells = [cell.strip() for cell in row if cell.strip()]
            if not cells or (rows.line_num == 1 and "/" not in cells[0]):
                continue
            yield rows.line_num, cells[0], cells[1] if len(cells) > 1 else ""
    except csv.Error as error:
        raise UnfitList(f"清单第 {rows.line_num} 行读不下去（{error}），没有导入任何内容。") from error


def _document(told: str) -> Document | str:
    """The document that a row names, or what is wrong with the name."""
    if not told:
        return "缺少对应的文件，第二列请写编号、索引号、文号或新地址"
    page, documents = _PAGE.search(told), Document.objects.only("pk")
    found = list(documents.filter(pk=int(page[1]))) if page else []
    found = found or list(documents.filter(index_number=told))
    found = found or list(documents.filter(number_key=number_key(told)).exclude(number_key="")[:2])
    if len(found) == 1:
        return found[0]
    return f"“{told[:80]}”对应几份文件，请改写编号" if found else f"找不到文件“{told[:80]}”"
