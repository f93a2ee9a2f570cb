"""The pages: the track list, and the first run."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.core.exceptions import DisallowedHost
from django.core.paginator import EmptyPage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from library.forms import AdministratorForm, TrackListForm
from library.library_state import latest_scan, look_at_folders
from library.models import Track
from library.setup_link import (
    SetupLinkRefused,
    check_token,
    create_administrator,
    has_users,
)
from library.track_listing import columns, list_tracks

PASSWORDS = "django.contrib.auth.backends.ModelBackend"


@require_safe
def player(request: HttpRequest) -> HttpResponse:
    """The tracks, a hundred at a time."""
    form = TrackListForm(request.GET)
    if not form.is_valid():
        return render(request, "400.html", {"problems": form.problems()}, status=400)
    search, sort, number = (form.cleaned_data[name] for name in ("q", "sort", "page"))
    try:
        page = list_tracks(search=search, sort=sort, page=number)
    except EmptyPage:
        detail = f"The list has no page {number}; it may have become shorter."
        return render(request, "404.html", {"detail": detail}, status=404)
    context = {"page": page, "search": search, "sort": sort, "scan": latest_scan()}
    if not page.paginator.count and not search:
        return render(request, "empty_library.html", {**context, **_empty_library()})
    return render(request, "tracks.html", {**context, "columns": columns(sort)})


class Login(LoginView):
    """Before the first run it says where the link to the first-run page is."""

    template_name = "login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(has_users=has_users(), **kwargs)


@login_not_required
@never_cache
@sensitive_post_parameters()
def setup(request: HttpRequest) -> HttpResponse:
    """The first run: creates the administrator, once, for who has the link."""
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
    """Django's handler400, that explains the one case which a person can mend."""
    is_unknown_host = isinstance(exception, DisallowedHost)
    return render(request, "400.html", {"is_unknown_host": is_unknown_host}, status=400)


def _empty_library() -> dict[str, Any]:
    return {"folders": look_at_folders(), "missing_count": Track.objects.missing().count()}
