"""People's own accounts: their password."""

from django.contrib.auth.views import PasswordChangeDoneView, PasswordChangeView
from django.urls import reverse_lazy


class ChangePassword(PasswordChangeView):
    """Whoever is logged in changes their own; their sessions elsewhere end with it."""

    template_name = "password.html"
    success_url = reverse_lazy("password_changed")


class PasswordChanged(PasswordChangeDoneView):
    template_name = "password_changed.html"
