"""The public site's addresses."""

from django.urls import path

from gongkai.faces.portal.views import home, library, organs

urlpatterns = [
    path("", home.home, name="home"),
    path("library/", library.listing_page, name="library"),
    path("library/<int:number>/", library.document, name="document"),
    path("library/<int:number>/original/", library.original, name="original"),
    path("library/<int:number>/files/<str:sha256>/", library.original, name="document-file"),
    path("organs/", organs.index, name="organs"),
    path("organs/<str:code>/", organs.organ, name="organ"),
]
