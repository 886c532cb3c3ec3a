"""The people of the console: who there is, what they may do, joining, moving, leaving."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.core.agencies.queries import find_agency, standing
from gongkai.core.doing import Doing
from gongkai.core.ledger.append import Overtaken
from gongkai.core.scope import may
from gongkai.core.sealing import Unreadable, sealed, unsealed
from gongkai.core.staff import actions
from gongkai.core.staff.actions import UnfitPerson
from gongkai.core.staff.locks import locked_until
from gongkai.core.staff.queries import Asked, PersonRow, people, person
from gongkai.core.staff.roles import ABOUT, LABELS
from gongkai.faces.console.conflicts import SeenForm, anew
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.shown import page
from gongkai.ui.pages import pagination

_SIZE = 50
_LARGEST = 1 << 62
_HANDED = "handed"  # in the session: a password that is shown once
_ACTIVE = {"here": True, "gone": False}


def organ_choices(nothing: str) -> list[tuple[str, str]]:
    """The organs of today by code, each set in below what it belongs to."""
    organs = standing(timezone.localdate())
    return [("", nothing), *((o.code, f"{'　' * o.depth}{o.name}") for o in organs)]


class FindForm(forms.Form):
    """Which people."""

    filters = True
    words = forms.CharField(label="姓名或用户名", required=False, max_length=60)
    agency = forms.ChoiceField(label="机构（含下级）", required=False)
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部"), *LABELS.items()])
    active = forms.ChoiceField(label="状态", required=False, choices=[("here", "在岗"), ("gone", "已离开"), ("all", "全部")])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: forms.ChoiceField = self.fields["agency"]  # type: ignore[assignment]
        chosen.choices = organ_choices("全部")


class PersonForm(forms.Form):
    """Name, organ, roles, contact."""

    name = forms.CharField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    agency = forms.ChoiceField(label="机构", required=False, help_text="只有系统管理员可以不选。")
    roles = forms.MultipleChoiceField(
        label="角色",
        choices=[(role, f"{label}：{ABOUT[role]}") for role, label in LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一个角色。"},
    )
    email = forms.EmailField(
        label="邮箱",
        required=False,
        help_text="用来自己重设密码。",
        error_messages={"invalid": "邮箱应写成 name@example.gov.cn 这样。"},
    )
    telephone = forms.CharField(label="电话", required=False, max_length=40)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: forms.ChoiceField = self.fields["agency"]  # type: ignore[assignment]
        chosen.choices = organ_choices("请选择")

    @property
    def organ(self) -> Any:
        """The organ that was chosen, None for none."""
        code = self.cleaned_data["agency"]
        return find_agency(code) if code else None

    @property
    def details(self) -> dict[str, str]:
        """Name, mail, telephone."""
        return {name: self.cleaned_data[name] for name in ("name", "email", "telephone")}


class JoinForm(PersonForm):
    """Somebody new."""

    username = forms.CharField(
        label="用户名",
        max_length=60,
        help_text="登录用，3 到 60 个小写字母、数字、点或横线，如 zhang.wei。以后不能改。",
        error_messages={"required": "请填写用户名。"},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("username",)


class EditForm(PersonForm, SeenForm):
    """Somebody known."""


@require_safe
@desk("staff.manage")
def people_list(request: Request) -> HttpResponse:
    """Everybody, by user name."""
    form = FindForm({"active": "here", **request.GET.dict()})
    said = form.cleaned_data if form.is_valid() else {}
    asked = Asked(said.get("words", ""), said.get("agency", ""), said.get("role", ""), _ACTIVE.get(said.get("active", "here")))
    typed = request.GET.get("page", "1")
    number = max(1, int(typed)) if typed.isdecimal() and len(typed) < 7 else 1
    rows, total = people(asked, start=(number - 1) * _SIZE, size=_SIZE)
    query = {name: value for name, value in said.items() if value}
    pages = pagination(number, max(1, -(-total // _SIZE)), lambda n: "?" + urlencode({**query, "page": n}))
    told = {"form": form, "rows": rows, "total": total, "pages": pages}
    return page(request, "people.jinja", told, status=200 if form.is_valid() else 400)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("staff.manage")
def join(request: Request) -> HttpResponse:
    """Somebody new; the one-time password is on the next page, once."""
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        told = {"username": said["username"], "roles": said["roles"], "agency": form.organ, **form.details}
        try:
            who, password = actions.join(**told, doing=doing_of(request))
        except UnfitPerson as error:
            form.add_error(_blamed(error, form), str(error))
        else:
            hand_over(request, who.pk, password)
            return redirect("desk-person", who.pk)
    status = 400 if form.is_bound else 200
    return page(request, "person_form.jinja", {"form": form, "who": None}, status=status)


@require_safe
@desk("staff.manage")
def one(request: Request, number: int) -> HttpResponse:
    """One person, with what may be done; a password that was just made, once."""
    who = _known(number)
    told = {
        "who": who,
        "handed": _taken_over(request, number),
        "locked": locked_until(who.username, datetime.now(UTC)),
        "acts": [(code, act.label) for code, act in _ACTS.items() if act.open(who)],
        "ledger": f"{reverse('desk-ledger')}?{urlencode({'actor': f'staff:{number}'})}"
        if may(request.viewer, "ledger.read")
        else "",
    }
    return page(request, "person.jinja", told)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("staff.manage")
def edit(request: Request, number: int) -> HttpResponse:
    """Details, organ, roles."""
    who = _known(number)
    standing_now: dict[str, Any] = {"name": who.name, "agency": who.agency_code, "roles": who.role_codes, "email": who.email}
    standing_now |= {"telephone": who.telephone}
    form: forms.Form = EditForm(request.POST or None, initial={**standing_now, "seen": who.sequence})
    status = 400 if form.is_bound else 200
    if isinstance(form, EditForm) and form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            actions.revise(number, form.details, form.organ, said["roles"], doing=doing_of(request), expected=said["seen"])
        except UnfitPerson as error:
            form.add_error(_blamed(error, form), str(error))
        except Overtaken:
            form, status = anew(EditForm, request.POST, standing_now, who.sequence), 409
        else:
            messages.success(request, f"{said['name']}的资料已保存。")
            return redirect("desk-person", number)
    return page(request, "person_form.jinja", {"form": form, "who": who}, status=status)


def _blamed(error: UnfitPerson, form: forms.Form) -> str | None:
    """Which field a refusal is about."""
    about = {"用户名": "username", "机构": "agency", "角色": "roles", "邮箱": "email", "管理员": "roles"}
    return next((field for word, field in about.items() if word in str(error) and field in form.fields), None)


@dataclass(frozen=True, slots=True)
class _Act:
    """Something that is done to somebody after one question."""

    label: str
    question: str
    button: str
    told: str
    do: Callable[[int, Doing], object]
    open: Callable[[PersonRow], bool]
    grave: bool = False


_ACTS: Mapping[str, _Act] = {
    "password": _Act(
        "重发一次性密码",
        "原来的密码马上作废，已有的登录全部退出。新的一次性密码会显示在下一页，只显示一次，请当面或打电话告诉本人。",
        "重发一次性密码",
        "",
        actions.renew_password,
        lambda who: who.active,
    ),
    "unlock": _Act(
        "解锁",
        "本人可以马上再试密码。如果本人没有试过密码，可能有人在猜，请先问清楚。",
        "解锁",
        "已解锁。",
        actions.unlock,
        lambda who: locked_until(who.username, datetime.now(UTC)) is not None,
    ),
    "two-steps": _Act(
        "停用两步验证",
        "手机丢了、换了时用。停用以后只凭密码就能登录，请确认是本人提出的。",
        "停用两步验证",
        "两步验证已停用。",
        actions.drop_two_steps,
        lambda who: who.two_steps,
        grave=True,
    ),
    "leave": _Act(
        "办理离开",
        "马上不能再登录。办过的事和台账都保留，以后可以恢复。",
        "办理离开",
        "已办理离开。",
        actions.leave,
        lambda who: who.active,
        grave=True,
    ),
    "return": _Act(
        "恢复",
        "可以用原来的密码登录。隔得久的，恢复后请重发一次性密码。",
        "恢复",
        "已恢复。",
        actions.come_back,
        lambda who: not who.active,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk("staff.manage")
def act_on(request: Request, number: int, code: str) -> HttpResponse:
    """Ask once, then do it."""
    who, act = _known(number), _ACTS.get(code)
    if act is None:
        raise Http404
    if request.method != "POST":
        return page(request, "person_act.jinja", {"who": who, "act": act, "code": code})
    try:
        done = act.do(number, doing_of(request))
    except (UnfitPerson, Overtaken) as error:
        messages.error(request, str(error))
    else:
        if isinstance(done, str):
            hand_over(request, number, done)
        else:
            messages.success(request, f"{who.name}：{act.told}")
    return redirect("desk-person", number)


def hand_over(request: Request, number: int, password: str) -> None:
    """The next page of this person shows the password."""
    request.session[_HANDED] = sealed(json.dumps([number, password]), _HANDED)


def _taken_over(request: Request, number: int) -> str:
    """A password that waits to be shown for this person; it is shown once."""
    kept = request.session.get(_HANDED)
    if not kept:
        return ""
    try:
        of, password = json.loads(unsealed(kept, _HANDED))
    except Unreadable:
        of, password = number, ""
    if of != number:
        return ""
    del request.session[_HANDED]
    return str(password)


def _known(number: int) -> PersonRow:
    found = person(number) if number < _LARGEST else None
    if found is None:
        raise Http404
    return found
