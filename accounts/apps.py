"""The Django app of accounts. It has no tables, because users are Django's own model."""

from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save

from asgi.kept_logins import forget_logins

CHANGE_LOGINS = ("auth.User", "auth.Group", "auth.Permission", "sessions.Session")
"""Models that decide who is logged in, and what that user may do."""


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        for model in CHANGE_LOGINS:
            for signal in (post_save, post_delete):
                signal.connect(forget_logins, sender=model)
        m2m_changed.connect(forget_logins)
