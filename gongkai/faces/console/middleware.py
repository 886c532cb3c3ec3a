"""Sessions, forgery protection and accounts: for the console only, so that public pages stay free of cookies and their cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from axes.middleware import AxesMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware

from gongkai.faces.console.address import CONSOLE
from gongkai.faces.console.desk import LARGEST
from gongkai.faces.console.views import refused

Answer = Callable[[HttpRequest], Any]
_LARGEST_FORM = 3 * 1024 * 1024  # bytes: a form without files
if TYPE_CHECKING:
    from django.utils.deprecation import MiddlewareMixin as _Base
else:
    _Base = object


def _here(request: HttpRequest) -> bool:
    return request.path_info.startswith(CONSOLE)


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isdecimal() else 0


class _OnConsole(_Base):
    """Steps aside everywhere else."""

    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if _here(request) else self.get_response(request)


class Sessions(_OnConsole, SessionMiddleware):
    """Django's sessions, on the console."""


class ForgeryProtection(_OnConsole, CsrfViewMiddleware):
    """Django's CSRF protection, on the console."""

    def process_view(  # type: ignore[override]  # Django's is told to give a 403 only
        self, request: HttpRequest, callback: Callable[..., Any], callback_args: Any, callback_kwargs: Any
    ) -> HttpResponse | None:
        """Only forms of the console carry its token; what is larger than the page takes is not read at all, nor kept in part."""
        if not _here(request):
            return None
        if _length(request) > getattr(callback, LARGEST, _LARGEST_FORM):
            return refused.too_large(request)
        if request.method == "POST":
            try:
                _ = request.POST  # large files are kept on disk as they come
            except OSError as error:
                if not isinstance(error, UnreadablePostError):  # that is: whoever sent it has gone
                    return refused.no_room(request, error)
        return super().process_view(request, callback, callback_args, callback_kwargs)


class SignedIn(_OnConsole, AuthenticationMiddleware):
    """Who is signed in, on the console."""

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Pages say themselves whom they let in (`desk`)."""
        del request
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What is not there is told in the console's own frame."""
        return refused.not_here(request) if isinstance(exception, Http404) and _here(request) else None


class Messages(_OnConsole, MessageMiddleware):
    """What the last action said, on the console."""


class LockOut(_OnConsole, AxesMiddleware):
    """Axes's, on the console."""

    get_response: Answer


class Unkept:
    """No page of the console is kept by any cache."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        response = self._get_response(request)
        if _here(request):
            response.headers["Cache-Control"] = "no-store"
        return response
