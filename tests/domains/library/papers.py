"""Small papers made for tests, and a government to hold them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gongkai.core.agencies.actions import establish
from gongkai.core.agencies.queries import find_agency
from gongkai.domains.library.actions.content import Content, content_of
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.filing import file_document
from gongkai.domains.library.actions.publishing import already_public
from gongkai.domains.library.models import Document
from gongkai.text.read import read_bytes

TODAY = date(2026, 11, 20)
COUNTY = {
    "government": {"name": "青禾县人民政府", "short_name": "青禾", "site_name": "青禾县人民政府网站"},
    "organs": [
        {"code": "A", "kind": "government", "names": [{"name": "青禾县人民政府"}]},
        {"code": "B", "kind": "department", "parent": "A", "names": [{"name": "青禾县财政局"}]},
    ],
}


def county() -> None:
    """A government with two organs."""
    establish(COUNTY)


def notice(
    number: int,
    name: str = "某某管理办法",
    *,
    year: int = 2020,
    month: int = 5,
    closing: str = "本办法自印发之日起施行。",
    body: str = "为规范管理，制定本办法。",
) -> str:
    """A notice of the finance bureau that prints a measure."""
    return (
        f"青财〔{year}〕{number}号\n青禾县财政局关于印发《青禾县{name}》的通知\n各乡镇人民政府，县政府各部门：\n"
        f"现将《青禾县{name}》印发给你们，请认真执行。\n青禾县财政局\n{year}年{month}月1日\n（此件公开发布）\n"
        f"青禾县{name}\n第一条 {body}\n第二条 {closing}\n"
    )


def content(text: str, name: str = "a.txt") -> Content:
    """What a revision made of this text says."""
    return content_of(read_bytes(text.encode(), name), {}, TODAY)


def filed(text: str, doing: Doing, *, public: bool = True) -> Document:
    """A document made of this text, published unless told otherwise."""
    said = content(text)
    approval = already_public(said.digest, doing) if public else None
    document = file_document(said, None, find_agency("青禾县财政局"), doing, approval)
    return Document.objects.get(pk=document.pk)


def fresh(document: Document) -> Document:
    """The document as it stands in the database."""
    return Document.objects.get(pk=document.pk)


def write(folder: Path, papers: dict[str, str | bytes]) -> Path:
    """Files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in papers.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder
