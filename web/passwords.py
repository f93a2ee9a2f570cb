"""The page on which users change their own password."""

from contextlib import suppress
from typing import Any

from django.contrib.auth.views import PasswordChangeDoneView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from accounts.api_keys import keys_of
from accounts.app_passwords import app_passwords_of
from accounts.login_limit import check_password
from accounts.login_uses import store_login
from accounts.logins import LoginIsOver, end_other_logins
from web.forms import ChangePasswordForm


class LimitedPasswordChangeForm(ChangePasswordForm):
    """Limits guesses of the old password as the login does."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_old_password(self) -> str:
        name = self.user.get_username()
        return check_password(self.request, name, super().clean_old_password) or ""


class ChangePassword(PasswordChangeView):
    """Changes the logged-in user's password, which ends this user's other sessions. API keys and
    app passwords go on working; both pages say so, and lead to where all of them can be revoked."""

    form_class = LimitedPasswordChangeForm
    template_name = "password.html"
    success_url = reverse_lazy("password_changed")

    def form_valid(self, form: Any) -> HttpResponse:
        """Django gives this session a new key and refuses all others. These are deleted, too."""
        response = super().form_valid(form)
        store_login(self.request, self.request.user)
        with suppress(LoginIsOver):  # another browser has changed the password, too
            end_other_logins(form.user, self.request.session.session_key)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **_kept_logins(self.request))


class PasswordChanged(PasswordChangeDoneView):
    template_name = "password_changed.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **_kept_logins(self.request))


def _kept_logins(request: HttpRequest) -> dict[str, int]:
    """How many logins of programs and apps outlive the change."""
    user: Any = request.user
    apps = app_passwords_of(user).filter(revoked_at=None)
    return {"keys": keys_of(user).count(), "apps": apps.count()}
