"""What the admin does to albums by hand: join several, part tracks from theirs, and undo both."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from events import announce_from_thread
from library.models.albums import Album
from library.models.catalogue import Track
from library.models.scan import ScanTrigger
from library.scanning.by_hand import (
    MOST_ALBUMS,
    MOST_TRACKS,
    CannotJoin,
    join_albums,
    leave_to_rules,
    part_tracks,
)
from library.scanning.settle_now import settle_now

logger = logging.getLogger(__name__)


def join_selected(admin: "ModelAdmin[Any]", request: HttpRequest, albums: QuerySet[Album]) -> None:
    ids = _ids(albums)
    done = f"{len(ids):,} albums are one now."
    _do(admin, request, lambda: join_albums(ids), done, f"joined the albums {ids}")


def part_selected(admin: "ModelAdmin[Any]", request: HttpRequest, tracks: QuerySet[Track]) -> None:
    ids = list(tracks.order_by("pk").values_list("pk", flat=True)[: MOST_TRACKS + 1])
    is_one = len(ids) == 1
    done = f"{len(ids):,} {'track is' if is_one else 'tracks are'} an album of "
    done += f"{'its' if is_one else 'their'} own now."
    _do(admin, request, lambda: part_tracks(ids), done, f"parted {len(ids)} tracks")


def leave_selected(admin: "ModelAdmin[Any]", request: HttpRequest, albums: QuerySet[Album]) -> None:
    ids = _ids(albums)
    done, logged = "The rules decide again.", f"left the albums {ids} to the rules"
    _do(admin, request, lambda: leave_to_rules(ids), done, logged)


def _ids(albums: QuerySet[Album]) -> list[int]:
    return list(albums.order_by("pk").values_list("pk", flat=True)[: MOST_ALBUMS + 1])


def _do(
    admin: "ModelAdmin[Any]",
    request: HttpRequest,
    change: Callable[[], set[int]],
    done: str,
    logged: str,
) -> None:
    """Make the change, work the albums out anew, and say what happened."""
    try:
        folder_ids = change()
    except CannotJoin as refusal:
        admin.message_user(request, str(refusal), messages.ERROR)
        return
    logger.info("%s %s.", request.user.get_username(), logged)
    report = settle_now(folder_ids, ScanTrigger.ADMIN)
    if report is None:
        text = "A scan or purge runs at present; these albums are worked out when a scan ends."
        admin.message_user(request, text, messages.WARNING)
        return
    if report.event_id is not None:
        announce_from_thread(report.event_id)
    admin.message_user(request, done, messages.SUCCESS)
