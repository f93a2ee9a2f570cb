"""The operations app, which registers its system checks when Django starts."""

from django.apps import AppConfig
from django.core import checks

from library.checks import TAG
from operations.checks import DATA_TAG, check_addresses, check_data_folder, check_https
from runtime.database_checks import check_database


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        checks.register(check_data_folder, TAG, DATA_TAG)
        checks.register(check_addresses, TAG)
        checks.register(check_https, TAG)
        checks.register(check_database, checks.Tags.database)
