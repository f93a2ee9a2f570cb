"""The Django app of accounts. Users are Django's own model; API keys, app passwords and the list of
logins have tables here."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import m2m_changed, post_delete, post_save

from asgi.kept_logins import forget_logins

CHANGE_LOGINS = (
    *("auth.User", "auth.Group", "auth.Permission"),
    *("sessions.Session", "accounts.ApiKey"),
)
"""Models that decide who is logged in, and what that user may do."""
CHANGE_APP_LOGINS = ("auth.User", "accounts.AppPassword")
CHANGES_MODULE = "accounts.app_password_changes"
LOGIN_USES_MODULE = "accounts.login_uses"
"""By name: both use models, which can be imported only once all apps are loaded."""


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        for model in CHANGE_LOGINS:
            for signal in (post_save, post_delete):
                signal.connect(forget_logins, sender=model)
        m2m_changed.connect(forget_logins)
        note_change = import_module(CHANGES_MODULE).note_change
        for model in CHANGE_APP_LOGINS:
            for signal in (post_save, post_delete):
                signal.connect(note_change, sender=model)
        login_uses = import_module(LOGIN_USES_MODULE)
        user_logged_in.connect(login_uses.store_login)
        post_delete.connect(login_uses.forget_login, sender="sessions.Session")
