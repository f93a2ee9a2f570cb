"""Finds users by their names."""

from django.contrib.auth.models import User


def find_by_name(name: str) -> User | None:
    """The active user of this name; if there is none, the one whose name differs in case alone."""
    active = User.objects.filter(is_active=True)
    found = active.filter(username=name).first()
    alike = [found] if found else list(active.filter(username__iexact=name)[:2])
    return alike[0] if len(alike) == 1 else None
