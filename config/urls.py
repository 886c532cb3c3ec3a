"""All addresses."""

from django.urls import include, path

urlpatterns = [
    path("console/", include("gongkai.faces.console.urls")),
    path("api/", include("gongkai.faces.api.urls")),
    path("", include("gongkai.faces.portal.urls")),
]

handler403 = "gongkai.faces.console.views.refused.forbidden"
handler429 = "gongkai.faces.console.views.refused.too_often"  # allauth asks for it
handler404 = "gongkai.faces.portal.views.errors.not_found"
handler400 = "gongkai.faces.portal.views.errors.bad_request"
handler500 = "gongkai.faces.portal.views.errors.server_error"
