"""The web app. Its static files are the player's scripts and styles."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "web"
    verbose_name = "Pages"
