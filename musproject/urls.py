"""Which app answers which path."""

from django.contrib import admin
from django.urls import include, path

handler400 = "library.urls.bad_request"
handler500 = "library.urls.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("library.urls")),
]
