"""Jobs of the load. Each says on standard output that it begins; each does once what it is asked, however often it is run."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from gongkai.core.jobs.kinds import job
from gongkai.core.jobs.run import Run
from gongkai.core.ledger.models import Event
from gongkai.domains.library import events
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.actions.publishing import publish_as_already_public
from gongkai.domains.library.tasks.importing import Request, import_papers
from tests.journeys.load import tell

_OFTEN = 10_000  # tries: each kill is one


@job("load.amend", tries=_OFTEN, pauses=(0,))
def amend(arguments: dict[str, Any], run: Run) -> dict[str, Any]:
    """New words in a paper's summary, published where the paper is public."""
    tell(job=arguments["words"], attempt=run.attempt)
    if not happened(run, events.REVISED):
        correct(arguments["document"], {"summary": arguments["words"]}, run.now())
    run.progress(1, 2)
    try:
        if not happened(run, events.PUBLISHED):
            publish_as_already_public(arguments["document"], run.now())
    except Refused as error:
        return {"published": False, "why": type(error).__name__}
    return {"published": True}


def happened(run: Run, kind: str) -> bool:
    """Whether an earlier try got as far as that: nobody else does anything in this job's name."""
    return Event.objects.filter(actor=run.doing.actor, kind=kind).exists()


@job("load.import", tries=_OFTEN, pauses=(0,))
def bring(arguments: dict[str, Any], run: Run) -> dict[str, Any]:
    """A folder of papers."""
    tell(job=arguments["folder"], attempt=run.attempt)
    request = Request((Path(arguments["folder"]),), publish=True, workers=1)
    return dict(import_papers(request, run.doing, run.progress, run.now).counts())


@job("load.wait")
def wait(arguments: dict[str, Any], run: Run) -> dict[str, Any]:
    """Goes on until a file is there, or the worker must stop."""
    tell(job="wait", attempt=run.attempt)
    while not Path(arguments["until"]).exists():
        run.progress(0)
        threading.Event().wait(0.01)
    return {"attempt": run.attempt}
