"""The URLs of the API.

Each view of django-ninja is wrapped to add what django-ninja lacks: a JSON body for 405, HEAD, and
`Cache-Control`. The wrapper also turns off Django's redirect to the login page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from api.application import api
from asgi.json_responses import error_response
from asgi.protection import DISALLOWED_HOST

View = Callable[..., HttpResponse]


def _finished(view: View) -> View:
    """Wrap a view of django-ninja, which checks login and CSRF token itself (`api.sessions`)."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
        method = request.method
        if method == "HEAD":
            request.method = "GET"  # the server leaves the body out (RFC 9110, section 9.3.2)
        response = view(request, **arguments)
        request.method = method
        if response.status_code == 405:  # noqa: PLR2004
            response = _method_not_allowed(request, response["Allow"])
        response.setdefault("Cache-Control", "no-store")
        return response

    return answer


def _method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    message = f"{request.method} is not possible here, only {allowed}."
    response = error_response(405, "method_not_allowed", message)
    response["Allow"] = allowed
    return response


@_finished
def nothing_here(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The response for every other path below /api/."""
    document = f"{settings.BASE_PATH}api/v1/openapi.json"
    return error_response(404, "not_found", f"There is nothing here; see {document}.")


def bad_request(_: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400 for paths below /api/."""
    message = "The request is not valid."
    if isinstance(exception, DisallowedHost):
        message = DISALLOWED_HOST
    return error_response(400, "bad_request", message)


def _operation_urls() -> list[URLPattern]:
    """One URL pattern for each path.

    django-ninja gives one for each operation; those of the same path have the same view.
    """
    found: dict[str, URLPattern] = {}
    # `api.urls` would add a page that needs no login.
    for router in api._get_bound_routers():  # noqa: SLF001
        for each in router.urls_paths(router.prefix):
            route = str(each.pattern)
            found.setdefault(route, path(route, _finished(each.callback), name=each.name))
    return list(found.values())


operation_urls = _operation_urls()

urlpatterns = [
    path("api/v1/", include((operation_urls, "api"))),
    re_path("^api(?:/|$)", nothing_here),
]
