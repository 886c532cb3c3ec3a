"""Reading what was handed over in the browser: a job, carried on where it was broken off."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.core.jobs.kinds import Hopeless, job
from gongkai.core.jobs.run import Run
from gongkai.core.scope import reach, viewer_of
from gongkai.core.staff.models import Person
from gongkai.domains.library.actions.uploading import JOB, folder_of
from gongkai.domains.library.models import ImportRun, Upload
from gongkai.domains.library.tasks.importing import Request, import_papers

_LEFT_BEHIND = timedelta(days=7)


@job(JOB, tries=30, pauses=(5.0, 30.0, 120.0))
def import_upload(arguments: dict[str, Any], run: Run) -> dict[str, Any]:
    """Import the files of an upload for the organ that was chosen. Waits its turn while another import is under way.

    What the person may still do is asked again now: a role taken away since stops it.
    """
    upload = Upload.objects.select_related("agency", "run").get(pk=arguments["upload"])
    within = _reach_of(upload)
    folder = folder_of(upload.token)
    if upload.run is not None and upload.run.finished_at is not None:
        shutil.rmtree(folder, ignore_errors=True)
        return _counts(upload.run)
    request = Request((folder,), upload.agency.code, within=within, workers=1)
    report = import_papers(request, run.now(), run.progress, run.now)
    upload.run = ImportRun.objects.filter(request=request.fingerprint).order_by("-id").first()
    upload.save(update_fields=["run"])
    shutil.rmtree(folder, ignore_errors=True)
    return dict(report.counts())


def _reach_of(upload: Upload) -> frozenset[int] | None:
    number = upload.actor.partition(":")[2]
    person = Person.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    organs = reach(viewer_of(person), "documents.upload") if person is not None else frozenset()
    if organs is not None and upload.agency_id not in organs:
        raise Hopeless("上传的人已经不能为这个机构上传文件，没有导入。文件还在，请由有权限的人重新上传。")
    return organs


def _counts(run: ImportRun) -> dict[str, int]:
    outcomes = list(run.items.values_list("outcome", flat=True))
    return {outcome: outcomes.count(outcome) for outcome in set(outcomes)}


def sweep_uploads(at: datetime) -> int:
    """Remove files of uploads that came to nothing a week ago; returns how many folders."""
    root = Path(settings.DATA_FOLDER) / "uploads"
    waiting = set(Upload.objects.filter(run=None).values_list("token", flat=True))
    before = (at - _LEFT_BEHIND).timestamp()
    old = [f for f in root.glob("*") if f.name not in waiting and f.stat().st_mtime < before]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)
