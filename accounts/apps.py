"""The accounts app. Its users are Django's own, so it has no tables."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"
