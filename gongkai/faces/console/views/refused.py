"""Pages for whoever may not go on: signed out, locked out, out of scope, a form that is no longer good."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gongkai.core.scope import OutOfScope
from gongkai.faces.console.shown import page


def signed_out(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; what was sent in the meantime is not lost silently: the page says how to send it again."""
    if request.method in ("GET", "HEAD"):
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    return page(request, "signed_out.jinja", {"login": reverse("account_login")}, status=401)


def out_of_scope(request: HttpRequest, error: OutOfScope) -> HttpResponse:
    """403: the person's roles do not reach this."""
    return page(request, "refused.jinja", {"why": str(error)}, status=403)


def closed(request: HttpRequest, why: str) -> HttpResponse:
    """403: not this person, or not this person alone; `why` says who may."""
    return page(request, "refused.jinja", {"why": why}, status=403)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token is not the session's, mostly since somebody signed in anew in another tab."""
    del reason
    return page(request, "stale_form.jinja", {}, status=403)


def locked_out(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """429: too many wrong passwords for one user name."""
    return page(request, "locked_out.jinja", {}, status=429)


def too_often(request: HttpRequest, *_: Any) -> HttpResponse:
    """429: the same again and again."""
    told = {"title": "操作太频繁", "why": "请过几分钟再试。"}
    return page(request, "stopped.jinja", told, status=429)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: nothing of it was read."""
    why = "发送的内容超过了这个页面能收的大小，没有收下，也没有改动任何东西。请换小一些的文件再试。"
    return page(request, "stopped.jinja", {"title": "文件太大", "why": why}, status=413)


def no_room(request: HttpRequest, error: OSError) -> HttpResponse:
    """413: the disk is full, or cannot be written for another reason."""
    told = {"title": "服务器没能保存文件", "why": without_room(error)}
    return page(request, "stopped.jinja", told, status=413)


def without_room(error: OSError) -> str:
    """What to say of files that could not be kept."""
    return f"服务器没能保存文件（{error.strerror}），一份也没有收下。请联系系统管理员检查磁盘，稍后再试。"


def not_here(request: HttpRequest) -> HttpResponse:
    """404: nothing of the kind, or nothing this person may see."""
    why = "网址可能写错了，内容可能已经删去，或者属于您的角色看不到的机构。"
    return page(request, "stopped.jinja", {"title": "找不到这个页面", "why": why}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: what Django or allauth refuses by itself."""
    del exception
    return page(request, "stopped.jinja", {"title": "不能办理", "why": "这一步现在不能办理。请回到上一页重新开始。"}, status=403)


def unknown(request: HttpRequest) -> HttpResponse:
    """403: signed in elsewhere, but no such person here."""
    return page(request, "unknown_person.jinja", {}, status=403)
