"""The API's addresses."""

from django.urls import path, re_path

from gongkai.faces.api import guide
from gongkai.faces.api.version1 import api

urlpatterns = [
    path("", guide.page_about_the_api, name="api"),
    path("v1/openapi.json", guide.openapi, name="api-openapi"),
    path("v1/", api.urls),
    re_path("^v1/.", guide.missing, name="api-missing"),  # so that no other face answers here
]
