"""People's own accounts: their password."""

from django.contrib.auth.views import PasswordChangeDoneView, PasswordChangeView
from django.urls import reverse_lazy

from library.forms import ChangePasswordForm


class ChangePassword(PasswordChangeView):
    """Whoever is logged in changes their own; their sessions elsewhere end with it."""

    form_class = ChangePasswordForm
    template_name = "password.html"
    success_url = reverse_lazy("password_changed")


class PasswordChanged(PasswordChangeDoneView):
    template_name = "password_changed.html"
