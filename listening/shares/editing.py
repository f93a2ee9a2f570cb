"""Making, changing, deleting and restoring shares. Administrators may see and change those of
others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.roles import is_administrator
from library.models.albums import Album
from library.models.catalogue import Track
from library.queries.tombstones import living_ids
from listening.changes import Area, change
from listening.kinds import until_rows_stay
from listening.models import Share, ShareItem
from listening.playlists.rights import visible_to
from listening.shares.links import new_share
from listening.shares.rights import may_share

MOST_SHARES = 500
"""Of one user, without the deleted ones."""
MOST_ITEMS = 1_000
MOST_PLAYLISTS = 50
"""Of one share. Each is looked up by itself when the link is opened."""
ITEMS_SHOWN = 3
"""Of each share, in lists."""
LONGEST_DESCRIPTION = 500
MOST_VISITS = 1_000_000
_FIELDS = frozenset({"description", "expires_at", "visit_limit", "allows_download"})


class SharingOff(Exception):
    """The user may not share. The text is a sentence for people."""

    def __init__(self) -> None:
        super().__init__(gettext("An administrator has not allowed you to share music by links."))


class NoShare(LookupError):
    """There is no share of this id, or the user does not see it."""


class BadShare(ValueError):
    """A value makes no sense. The text says which, for people."""


class NothingToShare(LookupError):
    """Something that was to be shared is not there. The text says what, for people."""


@dataclass(frozen=True)
class ShareContents:
    """What a new share is to hold, in the order of these fields."""

    track_ids: Sequence[int] = ()
    album_ids: Sequence[int] = ()
    playlist_ids: Sequence[int] = ()


def shares_of(user: Any, *, of_all: bool = False) -> QuerySet[Share]:
    """The user's shares, the newest first; `of_all`: also those of others, for an administrator.
    Each has its first items as `first_items`, and their number as `item_count`."""
    rows = Share.objects.filter(deleted_at=None)
    if not (of_all and is_administrator(user)):
        rows = rows.filter(user=user)
    items = ShareItem.objects.select_related("track", "album", "playlist__user", "lost").order_by(
        "pk"
    )
    first = Prefetch("items", items[:ITEMS_SHOWN], to_attr="first_items")
    counted = rows.annotate(item_count=Count("items"))
    return counted.select_related("user").prefetch_related(first).order_by("-pk")


def find_share(user: Any, share_id: int) -> Share:
    """One of `shares_of`. Raises NoShare."""
    share = shares_of(user, of_all=True).filter(pk=share_id).first()
    if share is None:
        raise NoShare
    return share


def make_share(user: User, contents: ShareContents, values: Mapping[str, Any]) -> Share:
    """`values`: fields of `_FIELDS`. Raises SharingOff, BadShare and NothingToShare."""
    if not may_share(user):
        raise SharingOff
    return until_rows_stay(partial(_make, user, contents, values))


def _make(user: User, contents: ShareContents, values: Mapping[str, Any]) -> Share:
    """Raises IntegrityError if the library deletes one of the rows before the change is over."""
    share = new_share(user.pk)
    _set_fields(share, values)
    items = _items(user.pk, contents)

    def work(_: object) -> Share:
        if Share.objects.filter(user=user, deleted_at=None).count() >= MOST_SHARES:
            raise BadShare(
                gettext("You have %(limit)d links, which is the limit: delete one first.")
                % {"limit": MOST_SHARES}
            )
        share.save(force_insert=True)
        for item in items:
            item.share = share
        ShareItem.objects.bulk_create(items)
        return share

    return change(user.pk, work, Area.SHARES)


def change_share(user: Any, share_id: int, values: Mapping[str, Any]) -> Share:
    """Raises NoShare and BadShare."""
    share = find_share(user, share_id)
    _set_fields(share, values)
    share.changed_at = timezone.now()
    names = [*values, "changed_at"]
    change(share.user_id, lambda _: share.save(update_fields=names), Area.SHARES)
    return share


def delete_share(user: Any, share_id: int) -> None:
    """Its link opens nothing from now on. Raises NoShare."""
    _set_deleted(find_share(user, share_id), timezone.now())


def restore_share(user: Any, share_id: int) -> None:
    """Undo `delete_share`. Raises NoShare."""
    rows = Share.objects.exclude(deleted_at=None).filter(pk=share_id)
    share = (rows if is_administrator(user) else rows.filter(user=user)).first()
    if share is None:
        raise NoShare
    _set_deleted(share, None)


def _set_deleted(share: Share, at: datetime | None) -> None:
    rows = Share.objects.filter(pk=share.pk)
    change(share.user_id, lambda _: rows.update(deleted_at=at), Area.SHARES)


def _set_fields(share: Share, values: Mapping[str, Any]) -> None:
    """Raises BadShare."""
    assert values.keys() <= _FIELDS, values  # noqa: S101
    if len(values.get("description", "")) > LONGEST_DESCRIPTION:
        raise BadShare(
            gettext("A description has at most %(most)d characters.")
            % {"most": LONGEST_DESCRIPTION}
        )
    limit = values.get("visit_limit")
    if limit is not None and not 0 < limit <= MOST_VISITS:
        raise BadShare(
            gettext("A limit of visits is a number from 1 to %(most)s.")
            % {"most": intcomma(MOST_VISITS)}
        )
    for name, value in values.items():
        setattr(share, name, value.strip() if name == "description" else value)


def _items(user_id: int, contents: ShareContents) -> list[ShareItem]:
    tracks = _living(Track, contents.track_ids, gettext("There is no track %(id)s."))
    albums = _living(Album, contents.album_ids, gettext("There is no album %(id)s."))
    playlists = [*dict.fromkeys(contents.playlist_ids)]
    if len(playlists) > MOST_PLAYLISTS:
        raise BadShare(
            gettext("A link holds at most %(most)d playlists.") % {"most": MOST_PLAYLISTS}
        )
    seen = {*visible_to(user_id).filter(pk__in=playlists).values_list("pk", flat=True)}
    _check_all_there(playlists, seen, gettext("There is no playlist %(id)s."))
    items = [
        *(ShareItem(track_id=pk) for pk in tracks),
        *(ShareItem(album_id=pk) for pk in albums),
        *(ShareItem(playlist_id=pk) for pk in playlists),
    ]
    if not items:
        raise BadShare(gettext("A link needs at least one track, album or playlist."))
    if len(items) > MOST_ITEMS:
        raise BadShare(
            gettext("A link holds at most %(most)s tracks, albums and playlists.")
            % {"most": intcomma(MOST_ITEMS)}
        )
    return items


def _living(model: type[Track] | type[Album], given: Sequence[int], refusal: str) -> list[int]:
    """The ids that are there; of those that were joined with others, the others."""
    ids = [*dict.fromkeys(given)][: MOST_ITEMS + 1]
    there = {*model.objects.filter(pk__in=ids).values_list("pk", flat=True)}
    living = living_ids(model, [pk for pk in ids if pk not in there])
    _check_all_there(ids, there | living.keys(), refusal)
    return [*dict.fromkeys(living.get(pk, pk) for pk in ids)]


def _check_all_there(ids: Sequence[int], there: set[int], refusal: str) -> None:
    gone = next((pk for pk in ids if pk not in there), None)
    if gone is not None:
        raise NothingToShare(refusal % {"id": gone})
