"""Whether anybody can administer. The check asks the database, so only a server's start runs it."""

from django.contrib.auth.models import User
from django.core import checks
from django.core.checks import CheckMessage

from accounts.roles import Role, of_role


def check_administrators() -> list[CheckMessage]:
    """Without any users, the server prints a link that creates the administrator."""
    active = of_role(User.objects.filter(is_active=True), Role.ADMINISTRATOR)
    if active.exists() or not User.objects.exists():
        return []
    return [
        checks.Warning(
            "No user is an administrator: nobody can manage users or begin a scan.",
            hint="Run manage.py createsuperuser, log in as that administrator, and give others the "
            "role in the admin under Users. A user with only one of Django's flags for staff and "
            "superusers is a listener, other than in older versions of mus.",
            id="library.W005",
        )
    ]
