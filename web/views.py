"""The views of the pages: the player, the login, the first run, and errors."""

from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django.views.defaults import server_error as fault

from accounts.setup_link import (
    SetupLinkRefused,
    check_token,
    create_administrator,
    has_users,
)
from asgi.database_away import DATABASE_IS_AWAY, add_retry_after
from library.queries.revision import library_revision
from listening.radio_stations import policy_sources, stream_origins
from listening.scrobbling.accounts import tells_now_playing
from listening.shares.rights import may_share
from listening.sound import sound_of
from web.forms import AdministratorForm, LoginForm
from web.player_files import events_worker, page_script, page_styles, preloaded_modules
from web.player_page import service_worker

PASSWORDS = "django.contrib.auth.backends.ModelBackend"


@require_safe
@ensure_csrf_cookie
@never_cache
def player(request: HttpRequest, **_: object) -> HttpResponse:
    """The player's page, the same for all its URLs; its scripts load the content by the API."""
    origins = stream_origins()
    context = {
        "radio_origins": " ".join(origins),
        "styles": page_styles(),
        "modules": preloaded_modules(),
        "script": page_script(),
        "events_worker": events_worker(),
        "favicon": static("web/favicon.svg"),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "library_token": library_revision()[1],
        "scrobbles": tells_now_playing(request.user.pk),
        "shares": may_share(request.user),
        "sound": sound_of(request.user.pk or 0),
    }
    response = render(request, "player.html", context)
    if origins and not settings.DEBUG:
        sources = policy_sources(origins)
        response["Content-Security-Policy"] = build_policy(update={"media-src": sources})
    return response


@require_safe
@never_cache
def player_service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The service worker. It controls only pages below its URL, so it lies beside the player."""
    script = service_worker(reverse("player"))
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


class Login(LoginView):
    """The login page. Before the first run it tells where to find the first-run link."""

    form_class = LoginForm
    template_name = "login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(has_users=has_users(), **kwargs)


@login_not_required
@never_cache
@sensitive_post_parameters()
def setup(request: HttpRequest) -> HttpResponse:
    """The first run: creates the administrator, once. Needs the token of the printed link."""
    if has_users():
        return redirect("login")
    try:
        check_token(request.GET.get("token", ""))
    except SetupLinkRefused as refusal:
        return render(request, "setup_refused.html", {"refusal": refusal}, status=403)
    form = AdministratorForm(request.POST or None)
    if not form.is_valid():
        return render(request, "setup.html", {"form": form})
    user = form.save(commit=False)
    if not create_administrator(user):
        return redirect("login")
    login(request, user, backend=PASSWORDS)
    return redirect("player")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400. Explains an unknown host, the one case that a person can mend."""
    is_unknown_host = isinstance(exception, DisallowedHost)
    return render(request, "400.html", {"is_unknown_host": is_unknown_host}, status=400)


def server_error(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Django's handler500; 503 if the database cannot be used.

    The 503 page is rendered without the request, whose context would query the database.
    """
    if not isinstance(error, DATABASE_IS_AWAY):
        return fault(request)
    page = HttpResponse(render_to_string("503.html"), status=503)
    page["Cache-Control"] = "no-store"
    return add_retry_after(request, page, error)
