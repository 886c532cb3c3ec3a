"""The two addresses of the exchange: the provider and the schema of our format."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.core.agencies.queries import site
from gongkai.core.freshness.marks import tagged
from gongkai.domains.library.queries.exchange import SCHEMA
from gongkai.faces.portal.oai.answers import Provider, answer, identifier, refusal
from gongkai.faces.portal.oai.formats import Addresses
from gongkai.faces.portal.oai.protocol import Refused, asked

_TYPE = "text/xml; charset=utf-8"


@csrf_exempt  # it only reads
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest) -> HttpResponse:
    """OAI-PMH. Never kept in a cache: every answer tells its own time, and clients harvest by it."""
    now = timezone.now()
    given = dict((request.POST if request.method == "POST" else request.GET).lists())
    here = _here(request)
    try:
        said = answer(here, asked(given), now)
    except Refused as error:
        said = refusal(here.base, error, now)
    return HttpResponse(said, content_type=_TYPE, headers={"Cache-Control": "no-store"})


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The XSD of the format `gongkai`; it changes only with the software."""
    del request
    return tagged(HttpResponse(SCHEMA.read_bytes(), content_type=_TYPE), ())


def _here(request: HttpRequest) -> Provider:
    """Files are told at the host that was asked, which the caller can reach; pages where the public reads them."""
    found = site()
    public = found.origin or request.build_absolute_uri("/").rstrip("/")
    where = Addresses(
        page=lambda number: f"{public}{reverse('document', args=[number])}",
        file=lambda number, sha256: request.build_absolute_uri(reverse("document-file", args=[number, sha256])),
        identifier=partial(identifier, found),
        schema=request.build_absolute_uri(reverse("oai-schema")),
    )
    return Provider(request.build_absolute_uri(reverse("oai")), found, where, settings.EXCHANGE_BATCH)
