"""A check that there is an administrator. It queries the database, so only the start of the server
runs it, not every command."""

from django.contrib.auth.models import User
from django.core import checks
from django.core.checks import CheckMessage

from accounts.roles import Role, of_role


def check_administrators() -> list[CheckMessage]:
    """A warning if there are users, but no active administrator. Without any users there is none,
    because the server then prints a link for creating the administrator."""
    active = of_role(User.objects.filter(is_active=True), Role.ADMINISTRATOR)
    if active.exists() or not User.objects.exists():
        return []
    return [
        checks.Warning(
            "No user is an administrator: nobody can manage users or start a scan.",
            hint="Run manage.py createsuperuser, log in as that administrator, and give others the "
            "role in the admin under Users. A user with only one of Django's flags for staff and "
            "superusers is a listener, unlike in older versions of mus.",
            id="library.W005",
        )
    ]
