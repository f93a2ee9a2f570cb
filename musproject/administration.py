"""Django's admin, open to administrators alone."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "library.admin_site.AdministratorsSite"
