"""The library app; its system checks are registered when Django starts."""

from django.apps import AppConfig
from django.core import checks

from library.checks import TAG, check_music_folders


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = "Music library"

    def ready(self) -> None:
        checks.register(check_music_folders, TAG)
