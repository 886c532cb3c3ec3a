"""Questions without results, given to organs to see to."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.core.agencies.queries import present_names
from gongkai.core.finding.counting.queries import is_known
from gongkai.core.finding.errands import ANSWERS, Answer, UnfitTask, answer, give, task, tasks
from gongkai.core.scope import may
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.forms.search import AnswerForm, TaskForm
from gongkai.faces.console.views.search_reports import search_page

_LARGEST = 1 << 31


@require_safe
@desk("documents.upload")
def tasks_list(request: Request) -> HttpResponse:
    """What is open and what was done, of one's organs."""
    told = {"open": tasks(request.viewer), "done": tasks(request.viewer, done=True, size=50), "answers": ANSWERS}
    return search_page(request, "search_tasks.jinja", told)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("search.curate")
def add(request: Request) -> HttpResponse:
    """Give a question of many people to an organ."""
    question = (request.POST if request.method == "POST" else request.GET).get("question", "")[:200]
    if not is_known(question):
        raise Http404
    form = TaskForm(request.POST or None, present_names().items(), initial={"question": question})
    if form.is_bound and form.is_valid():
        try:
            give(question, int(form.cleaned_data["agency"]), form.cleaned_data["note"], doing_of(request))
        except UnfitTask as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"“{question}”已交办，会出现在该机构人员的待办里。")
            return redirect("desk-search-tasks")
    return search_page(
        request, "search_task_form.jinja", {"form": form, "question": question}, status=400 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk("documents.upload")
def one(request: Request, number: int) -> HttpResponse:
    """A task, and what was done about it."""
    row = task(number, request.viewer) if number < _LARGEST else None
    if row is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            answer(number, Answer(form.cleaned_data["answer"]), form.cleaned_data["told"], doing_of(request))
        except UnfitTask as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"“{row.question}”已办结：{ANSWERS[form.cleaned_data['answer']]}。")
            return redirect("desk-search-tasks")
    told = {"row": row, "form": form, "answers": ANSWERS, "curates": may(request.viewer, "search.curate")}
    return search_page(request, "search_task.jinja", told, status=400 if form.is_bound else 200)
