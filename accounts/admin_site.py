"""The admin site: only administrators may use it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy

from accounts.roles import is_administrator


class AdministratorLoginForm(AdminAuthenticationForm):
    """Refuses users who are not administrators. Django's form accepts everybody who is staff."""

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if not is_administrator(user):
            raise ValidationError(
                self.error_messages["invalid_login"],
                code="invalid_login",
                params={"username": self.username_field.verbose_name},
            )


class AdministratorsSite(AdminSite):
    site_header = "mus"
    site_title = "mus"
    index_title = "Administration"
    site_url = reverse_lazy("player")  # type: ignore[assignment]  # text, made when it is used
    login_form = AdministratorLoginForm

    def has_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    def password_change(  # type: ignore[override]  # any response will do
        self,
        request: HttpRequest,  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """Redirect to the page where all users change their password. Django's own page would check
        the old password without a limit on attempts."""
        return redirect("password")
