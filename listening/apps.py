"""The listening app; it registers its followers of the catalogue when Django starts."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from library import followers

FOLLOWERS = ("listening.followers.CurrentTrackFollower",)
"""By name: they use models, which can be imported only once all apps are loaded."""


class ListeningConfig(AppConfig):
    name = "listening"
    verbose_name = "Listening"

    def ready(self) -> None:
        for name in FOLLOWERS:
            followers.register(import_string(name)())
