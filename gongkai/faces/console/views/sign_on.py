"""Signing in elsewhere: allauth's two steps, and a page in words where the service there does not answer as it should."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from gongkai.faces.console.shown import page

_log = logging.getLogger(__name__)


def _told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def shown(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except (RequestException, OAuth2Error, KeyError) as error:
            _log.warning("sign-on service: %s", type(error).__name__)
            return failed(request)

    return shown


def failed(request: HttpRequest, **_: Any) -> HttpResponse:
    """401: not signed in, whatever it was."""
    return page(request, "sign_on_failed.jinja", {}, status=401)


login = _told(views.login)
callback = _told(views.callback)
