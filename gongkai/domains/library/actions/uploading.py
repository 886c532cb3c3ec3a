"""Taking files from a browser: kept whole in the data folder, then read by a job."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction

from gongkai.core.doing import Doing
from gongkai.core.jobs.actions import ask
from gongkai.core.scope import Viewer, require
from gongkai.domains.library.models import Upload

MOST_FILES = 200
LARGEST_FILE = 100 * 1024 * 1024  # bytes
JOB = "import_upload"
TOKEN = re.compile(r"[0-9a-f]{32}")
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")
_LONGEST_NAME = 120  # characters; 3 bytes each, as file systems count


class UnfitUpload(Exception):
    """Files that cannot be taken; `str()` says which and what to do."""


class Arriving(Protocol):
    """A file on its way in, as Django hands it over."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class Handover:
    """What a person hands over: the form's token, the organ (primary key) that will hold the papers, the files."""

    token: str
    agency: int
    files: list[Arriving]


def folder_of(token: str) -> Path:
    """Where the files of an upload wait."""
    return Path(settings.DATA_FOLDER) / "uploads" / token


def upload(handed: Handover, viewer: Viewer, doing: Doing) -> Upload:
    """Keep the files and ask for their import. The same token again gives the same upload, nothing twice.

    Raises UnfitUpload, OutOfScope (the organ is not in the person's reach), OSError (the disk is full; nothing is left behind).
    """
    require(viewer, "documents.upload", handed.agency)
    _fit(handed)
    standing = Upload.objects.filter(token=handed.token).first()
    if standing is not None:
        return _own(standing, doing)
    names = _keep(handed)
    with transaction.atomic():
        told = {"actor": doing.actor, "agency_id": handed.agency, "uploaded_at": doing.at, "names": names}
        made, new = Upload.objects.get_or_create(token=handed.token, defaults=told)
        if new:
            title = f"导入上传的文件（{len(names)} 份）"
            made.job = ask(JOB, {"upload": made.pk}, key=handed.token, title=title, doing=doing)
            made.save(update_fields=["job"])
    return _own(made, doing)


def _own(made: Upload, doing: Doing) -> Upload:
    if made.actor != doing.actor:
        raise UnfitUpload("这张表单已经被别人用过。请重新打开上传页再试。")
    return made


def _fit(handed: Handover) -> None:
    if not TOKEN.fullmatch(handed.token):
        raise UnfitUpload("这张表单不完整。请重新打开上传页再试。")
    if not handed.files:
        raise UnfitUpload("还没有选择文件。")
    if len(handed.files) > MOST_FILES:
        raise UnfitUpload(
            f"一次最多上传 {MOST_FILES} 份文件，您选了 {len(handed.files)} 份。请分几次上传，或用 gongkai import 导入文件夹。"
        )
    for file in handed.files:
        if (file.size or 0) > LARGEST_FILE:
            raise UnfitUpload(
                f"“{file.name}”有 {(file.size or 0) // 1_048_576} MB，超过 100 MB，没有上传。请把正文与大附件分开。"
            )
        if not file.size:
            raise UnfitUpload(f"“{file.name}”是空文件，没有上传。请检查原文件。")


def _keep(handed: Handover) -> list[str]:
    """Write the files below a folder that gets its name only when it is whole; their names as people gave them."""
    final = folder_of(handed.token)
    coming = final.with_name(f"{handed.token}.{os.getpid()}.coming")
    names = [_NOT_IN_NAMES.sub("_", file.name or "")[-_LONGEST_NAME:].strip(" .") or "未命名" for file in handed.files]
    try:
        for number, (name, file) in enumerate(zip(names, handed.files, strict=True), 1):
            place = coming / f"{number:03}"
            place.mkdir(parents=True)
            with (place / name).open("wb") as kept:
                for chunk in file.chunks():
                    kept.write(chunk)
        if not final.exists():
            coming.rename(final)
    finally:
        shutil.rmtree(coming, ignore_errors=True)
    return names
