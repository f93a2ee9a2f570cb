"""The library app; its system checks are registered when Django starts."""

from django.apps import AppConfig
from django.core import checks

from library.checks import (
    DATA_TAG,
    TAG,
    check_addresses,
    check_data_folder,
    check_https,
    check_music_folders,
)
from runtime.database_checks import check_database


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = "Music library"

    def ready(self) -> None:
        checks.register(check_music_folders, TAG)
        checks.register(check_data_folder, TAG, DATA_TAG)
        checks.register(check_addresses, TAG)
        checks.register(check_https, TAG)
        checks.register(check_database, checks.Tags.database)
