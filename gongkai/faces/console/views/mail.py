"""The mail server, and a letter to see whether it works."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.core.agencies import events
from gongkai.core.agencies.queries import site
from gongkai.core.ledger.append import Overtaken
from gongkai.core.ledger.queries import length_of
from gongkai.core.mail.actions import Message, ServerData, UnfitMail, forget_server, set_server
from gongkai.core.mail.sending import SECURITIES, MailTrouble, mail_server, send
from gongkai.core.staff.queries import person
from gongkai.faces.console.conflicts import SeenForm, anew
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.views.settings import settings_page

_FIELDS = ("server", "port", "security", "user", "sender")


class MailForm(SeenForm):
    """Through which server."""

    server = forms.CharField(
        label="发信服务器",
        max_length=200,
        help_text="如 smtp.example.gov.cn。",
        error_messages={"required": "请填写发信服务器。"},
    )
    security = forms.ChoiceField(label="加密方式", choices=SECURITIES)
    port = forms.IntegerField(
        label="端口",
        min_value=1,
        max_value=65535,
        error_messages={"required": "请填写端口。", "invalid": "端口是一个数，如 465。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    user = forms.CharField(label="登录名", max_length=200, required=False, help_text="服务器不要登录的可以不填。")
    password = forms.CharField(
        label="密码或授权码",
        max_length=200,
        required=False,
        strip=False,
        help_text="保存后谁也看不到。不改密码就空着。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    sender = forms.EmailField(
        label="发件地址",
        help_text="一般和登录的邮箱相同。",
        error_messages={"required": "请填写发件地址。", "invalid": "发件地址应是邮箱，如 gongkai@example.gov.cn。"},
    )

    def data_said(self) -> ServerData:
        """What was said; call it on a valid form. No user, no password."""
        said = self.cleaned_data
        password = said["password"] if said["password"] or not said["user"] else None
        return ServerData(said["server"], said["port"], said["security"], said["sender"], said["user"], password)


class TestForm(forms.Form):
    """Where to send a letter to."""

    to = forms.EmailField(
        label="发一封测试邮件到",
        error_messages={"required": "请填写收件地址。", "invalid": "收件地址应是邮箱，如 name@example.gov.cn。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk("settings.change")
def mail(request: Request) -> HttpResponse:
    """The server as it is set."""
    found, seen = mail_server(), length_of(events.GOVERNMENT, events.MAIL)
    standing = {name: getattr(found, name) for name in _FIELDS} if found else {"security": "tls", "port": 465}
    form: forms.Form = MailForm(request.POST or None, initial={**standing, "seen": seen})
    status = 400 if form.is_bound else 200
    if isinstance(form, MailForm) and form.is_bound and form.is_valid():
        try:
            set_server(form.data_said(), doing_of(request), form.cleaned_data["seen"])
        except UnfitMail as error:
            form.add_error(error.field, str(error))
        except Overtaken:
            form, status = anew(MailForm, request.POST, standing, seen), 409
        else:
            messages.success(request, "邮件设置已保存。请发一封测试邮件，看看能不能收到。")
            return redirect("desk-mail")
    return settings_page(request, "mail.jinja", _told(request, form), status=status)


@require_POST
@desk("settings.change")
def test(request: Request) -> HttpResponse:
    """Send a letter now and say what came of it."""
    form = TestForm(request.POST)
    if not form.is_valid():
        return settings_page(request, "mail.jinja", {**_told(request, None), "test_form": form}, status=400)
    to = form.cleaned_data["to"]
    text = f"这是{site().name}工作台发出的测试邮件。收到它，说明邮件设置没有问题。\n"
    try:
        send(Message(to, f"{site().name}：测试邮件", text))
    except MailTrouble as error:
        if mail_server() is None:
            messages.error(request, str(error))
            return redirect("desk-mail")
        form.add_error("to", str(error))
        return settings_page(request, "mail.jinja", {**_told(request, None), "test_form": form}, status=400)
    messages.success(request, f"服务器已收下给 {to} 的测试邮件。几分钟内没有收到的，看看垃圾邮件，或者核对发件地址。")
    return redirect("desk-mail")


@require_POST
@desk("settings.change")
def forget(request: Request) -> HttpResponse:
    """No mail any more."""
    forget_server(doing_of(request))
    messages.success(request, "邮件设置已清除，本站不再发邮件。")
    return redirect("desk-mail")


def _told(request: Request, form: forms.Form | None) -> dict[str, Any]:
    found = mail_server()
    if form is None:
        initial = {name: getattr(found, name) for name in _FIELDS} if found else {}
        form = MailForm(initial={**initial, "seen": length_of(events.GOVERNMENT, events.MAIL)})
    own = person(request.viewer.person)
    told = {"form": form, "found": found, "has_password": bool(found and found.password)}
    return {**told, "test_form": TestForm(initial={"to": own.email if own else ""})}
