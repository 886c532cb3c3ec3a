"""Version 1 of the API: its routers, put together."""

from __future__ import annotations

from ninja import NinjaAPI
from ninja.errors import ValidationError

from gongkai.faces.api import directory, documents
from gongkai.faces.api.strict import explain

api = NinjaAPI(
    title="政府信息公开接口",
    version="1",
    urls_namespace="v1",
    openapi_url=None,
    docs_url=None,
    description="",
)
api.add_router("", directory.router)
api.add_router("/documents", documents.router)
api.add_exception_handler(ValidationError, explain)
