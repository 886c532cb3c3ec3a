"""Visitors who come by an address of an older portal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, is_valid_path, reverse

from gongkai.domains.library.queries.addresses import moved_to
from gongkai.domains.library.queries.replaced import successor_of
from gongkai.faces.portal.shown import page
from gongkai.text.addresses import address_at


def moved(request: HttpRequest, exception: Exception | None) -> HttpResponse | None:
    """Where an unknown address leads: on to the document, to word that it was withdrawn, or nowhere (None).

    Only addresses that this site itself does not know are looked up, and what they lead to it does
    know: no address can lead to itself, however it was given.
    """
    if request.method not in ("GET", "HEAD") or not isinstance(exception, Resolver404) or is_valid_path(f"{request.path_info}/"):
        return None
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace").decode("utf-8", "replace")
    address = address_at(request.get_host(), request.path, query)
    found = moved_to(address) if address else None
    if found is None:
        return None
    if found.public:
        answer = HttpResponsePermanentRedirect(reverse("document", args=[found.number]))
        answer.headers["Cache-Control"] = "no-cache"  # a paper may be withdrawn: nobody is to lead on from memory
        return answer
    tags, successor = [f"document:{found.number}"], successor_of(found.number)
    if successor is not None:
        tags.append(f"document:{successor.number}")
        return page(request, "replaced.jinja", {"successor": successor}, tags=tags, status=410)
    return page(request, "gone.jinja", {}, tags=tags, status=410)
