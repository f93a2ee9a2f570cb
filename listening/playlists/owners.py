"""Tells everybody who sees a playlist when its owner goes, comes back or gets another name.
Playlists that follow files are handed over to another owner then: `hand_over_or_delete` in the
model does so where the owner is deleted."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.db.models.signals import pre_delete, pre_save

from accounts.roles import first_administrator
from events import announce_marks
from events.marks import raise_marks
from listening.changes import Area, change_of_several
from listening.models import Playlist, Sharing, SourceState

FOLLOWING = (SourceState.FOLLOWS, SourceState.GONE)
"""A playlist that does not follow its file any more is its owner's alone."""
_SHOWN = ("is_active", "username")
"""The fields of a user on which it depends what others see of the user's playlists."""


def register() -> None:
    """Called when Django starts."""
    pre_save.connect(_before_save, sender=User, dispatch_uid="playlists of users who change")
    pre_delete.connect(_before_delete, sender=User, dispatch_uid="playlists of users who go")


def _before_save(instance: User, update_fields: frozenset[str] | None = None, **_: Any) -> None:
    if update_fields is not None and update_fields.isdisjoint(_SHOWN):
        return
    before = User.objects.filter(pk=instance.pk).values_list(*_SHOWN).first()
    if before is None or before == tuple(getattr(instance, name) for name in _SHOWN):
        return
    # Whoever was not active was not told what others changed.
    viewers = _others(instance) if _shares_any(instance) else set()
    _tell({*viewers, instance.pk})


def _before_delete(instance: User, **_: Any) -> None:
    followed = Playlist.objects.filter(user=instance, source_state__in=FOLLOWING)
    if followed.update(version=F("version") + 1) or _shares_any(instance):
        _tell(_others(instance))


def hand_over() -> None:
    """Give playlists that follow files, and whose owner is not active any more, to the first
    administrator: nobody else would see them."""
    followed = Playlist.objects.filter(source_state__in=FOLLOWING, user__is_active=False)
    heir = first_administrator()
    if heir is None or not followed.exists():
        return
    active = User.objects.filter(is_active=True).values_list("pk", flat=True)
    new = {"user_id": heir, "folder": None, "version": F("version") + 1}
    change_of_several({*active}, lambda _: followed.update(**new), Area.PLAYLISTS)


def _shares_any(user: User) -> bool:
    shared = Playlist.objects.filter(user=user, deleted_at=None)
    return shared.exclude(sharing=Sharing.PRIVATE).exists()


def _others(user: User) -> set[int]:
    active = User.objects.filter(is_active=True).exclude(pk=user.pk)
    return {*active.values_list("pk", flat=True)}


def _tell(user_ids: set[int]) -> None:
    with transaction.atomic():
        raise_marks(user_ids, Area.PLAYLISTS)
        transaction.on_commit(announce_marks)
