"""The Django app of accounts. It has no tables, because users are Django's own model."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"
