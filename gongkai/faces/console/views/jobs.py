"""Background jobs: where each stands, what went wrong, trying again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongkai.core.doing import Doing
from gongkai.core.jobs import queries
from gongkai.core.jobs.actions import NoSuchJob, NotNow, cancel, try_again
from gongkai.core.staff.queries import names_of
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.shown import page
from gongkai.ui.pages import pagination

_SIZE = 50
_LARGEST = 1 << 62
_ACTS: Mapping[str, tuple[Callable[[int, Doing], None], str]] = {
    "retry": (try_again, "已重新排队，马上再试。"),
    "cancel": (cancel, "已取消。"),
}


@require_safe
@desk("jobs.see")
def jobs_list(request: Request) -> HttpResponse:
    """All jobs, newest first."""
    status = request.GET.get("status", "")
    status = status if status in queries.STATUSES else ""
    typed = request.GET.get("page", "1")
    number = max(1, int(typed)) if typed.isdecimal() and len(typed) < 7 else 1
    rows, total = queries.rows(status=status, offset=(number - 1) * _SIZE, limit=_SIZE)
    pages = pagination(number, max(1, -(-total // _SIZE)), lambda n: "?" + urlencode({"status": status, "page": n}))
    standing = queries.standing(timezone.now())
    told = {"rows": rows, "total": total, "status": status, "statuses": queries.STATUSES, "pages": pages, "standing": standing}
    return page(request, "jobs.jinja", {**told, "who": names_of(r.asked_by for r in rows)})


@require_safe
@desk("jobs.see")
def one_job(request: Request, number: int) -> HttpResponse:
    """One job with all its tries."""
    card = queries.one(number) if number < _LARGEST else None
    if card is None:
        raise Http404
    who = names_of([card.row.asked_by, card.row.decided_by])
    response = page(request, "job.jinja", {"card": card, "row": card.row, "statuses": queries.STATUSES, "who": who})
    if card.row.status == "running":
        response.headers["Refresh"] = "3"
    return response


@require_POST
@desk("jobs.retry")
def act_on(request: Request, number: int, act: str) -> HttpResponse:
    """Try a job again, or cancel it."""
    if act not in _ACTS:
        raise Http404
    do, told = _ACTS[act]
    try:
        do(number, doing_of(request))
    except NoSuchJob as error:
        raise Http404 from error
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told)
    return redirect("desk-job", number)
