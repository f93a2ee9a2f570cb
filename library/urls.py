"""The library's pages, its API and the health check."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path

from library import views
from library.accounts import ChangePassword, PasswordChanged
from library.api.errors import answer_fault
from library.api.urls import api_urls, nothing_here
from library.api.urls import bad_request as api_bad_request
from operations.health import health
from operations.metrics.endpoint import metrics

urlpatterns = [
    path("", views.player, name="player"),
    # Places of the player; its router (`player/router.js`) knows the same ones.
    re_path(r"^(?:tracks|scans|(?:albums|artists)(?:/[0-9]+)?)/?$", views.player),
    path("service-worker.js", views.player_service_worker),
    path("login/", views.Login.as_view(), name="login"),
    # Open to all: whose session has run out is logged out already, and need not log in for it.
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("password/", ChangePassword.as_view(), name="password"),
    path("password/changed/", PasswordChanged.as_view(), name="password_changed"),
    path("setup/", views.setup, name="setup"),
    path("healthz", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include((api_urls, "api"))),
    re_path("^api(?:/|$)", nothing_here),
]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: an error of the API, or a page."""
    return (api_bad_request if _is_for_api(request) else views.bad_request)(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: an error of the API, or a page."""
    error = sys.exc_info()[1]  # it is called while that is handled, and not told
    if error is not None and _is_for_api(request):
        return answer_fault(request, error)
    return views.server_error(request, error)


def _is_for_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
