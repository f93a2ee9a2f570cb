"""Django's admin with mus's own site, which only administrators may enter."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "accounts.admin_site.AdministratorsSite"
