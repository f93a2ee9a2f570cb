"""The root URL configuration, and the handlers for errors outside of all views."""

import sys

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from api import urls as api_urls
from api.errors import answer_fault
from web import views

handler400 = "musproject.urls.bad_request"
handler500 = "musproject.urls.server_error"

urlpatterns = [
    path("", include("api.urls")),  # first, since most requests are for the API
    path("admin/", admin.site.urls),
    path("", include("web.urls")),
    path("", include("operations.urls")),
]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: an error of the API, or a page."""
    answer = api_urls.bad_request if _is_for_api(request) else views.bad_request
    return answer(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: an error of the API, or a page."""
    error = sys.exc_info()[1]  # Django calls this while handling the error, but does not pass it
    if error is not None and _is_for_api(request):
        return answer_fault(request, error)
    return views.server_error(request, error)


def _is_for_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")
