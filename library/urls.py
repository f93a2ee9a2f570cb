"""The library's pages."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from library import views

urlpatterns = [
    path("", views.player, name="player"),
    path("login/", views.Login.as_view(), name="login"),
    # Open to all: whose session has run out is logged out already, and need not log in for it.
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("setup/", views.setup, name="setup"),
]
