"""The URLs of the pages."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from web import views
from web.passwords import ChangePassword, PasswordChanged

urlpatterns = [
    path("", views.player, name="player"),
    # Views inside the player; `static/web/player/router.js` has the same list.
    re_path(
        r"^(?:search|tracks|scans|(?:albums|artists|genres|composers|labels|years)(?:/[0-9]+)?)/?$",
        views.player,
    ),
    path("service-worker.js", views.player_service_worker),
    path("login/", views.Login.as_view(), name="login"),
    # Needs no login: a user whose session has expired should not have to log in to log out.
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("password/", ChangePassword.as_view(), name="password"),
    path("password/changed/", PasswordChanged.as_view(), name="password_changed"),
    path("setup/", views.setup, name="setup"),
]
