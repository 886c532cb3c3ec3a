"""Somebody at the console over HTTP: takes papers down and puts them back, and presses again where no answer came."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import httpx

PAPERS = range(61, 67)  # nobody else of the load touches these
_NOT_DONE = "没有办理"


class Clerk:
    """`said(reason)` is told of every act that the page called done; `answered(status)` of every answer, 0 for none."""

    def __init__(
        self, url: str, seed: str, username: str, password: str, answered: Callable[[int], None], said: Callable[[str], None]
    ) -> None:
        self._client = httpx.Client(base_url=url, timeout=30, follow_redirects=True, headers={"Origin": url})
        self._chance = random.Random(f"{seed}-clerk")
        self._who, self._answered, self._said = (username, password), answered, said
        self._count = 0

    def work(self, over: Callable[[], bool]) -> None:
        """Go on until it is over. Raises AssertionError where the page's forms are not what they were."""
        with self._client:
            while not over():
                self._act(self._chance.choice(PAPERS))

    def _act(self, number: int) -> None:
        for act in ("withdraw", "restore"):  # one of them is open; the other leads back to the paper
            path = f"/console/documents/{number}/{act}/"
            page = self._ask("GET", path)
            if page is not None and page.url.path.endswith("/login/"):
                self._sign_in(page)
            elif page is not None and page.url.path == path:
                self._press(path, page)

    def _press(self, path: str, page: httpx.Response) -> None:
        self._count += 1
        reason = f"desk-{self._count}"
        form = {"csrfmiddlewaretoken": _hidden(page, "csrfmiddlewaretoken"), "seen": _hidden(page, "seen"), "reason": reason}
        answer = self._ask("POST", path, form) or self._ask("POST", path, form)
        if answer is not None and answer.url.path != path and _NOT_DONE not in answer.text:
            self._said(reason)

    def _sign_in(self, page: httpx.Response) -> None:
        login, password = self._who
        form = {"csrfmiddlewaretoken": _hidden(page, "csrfmiddlewaretoken"), "login": login, "password": password}
        self._ask("POST", page.url.path, form)

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> httpx.Response | None:
        try:
            answer = self._client.request(method, path, data=form)
        except httpx.TransportError:
            self._answered(0)
            return None
        self._answered(answer.status_code)
        return answer


def _hidden(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    assert found, (page.url, page.status_code, name)
    return found[1]
