"""All addresses."""

from django.urls import include, path

urlpatterns = [path("", include("gongkai.faces.portal.urls"))]

handler404 = "gongkai.faces.portal.views.errors.not_found"
handler400 = "gongkai.faces.portal.views.errors.bad_request"
handler500 = "gongkai.faces.portal.views.errors.server_error"
