"""The transaction of each change of a playlist.

It locks the playlist's row, so that two changes at the same time are made one after the other, and
raises the marks of everybody who sees the playlist. The marks come first, always in the order of
users, so that two transactions never wait for each other.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext

from listening.changes import Area, change_of_several
from listening.models import Playlist
from listening.playlists.refusals import NoSuchPlaylist, Refused, StaleVersion
from listening.playlists.rights import Right, check, find_playlist, viewers_of

Result = TypeVar("Result")
Work = Callable[[Playlist], Result]

_ATTEMPTS = 5


class _SharedMeanwhile(Exception):
    """Others see the playlist than those whose marks were raised."""


def change_playlist(
    user_id: int,
    playlist_id: int,
    work: Work[Result],
    right: Right = Right.WRITE,
    *,
    version: int | None = None,
    also_shared: bool = False,
) -> Result:
    """Call `work` with the playlist, which is locked, and then save it with a new version.

    `version`: the one that the client knows, if that matters. `also_shared`: the change may share a
    private playlist.

    Raises NoSuchPlaylist, NotAllowed, StaleVersion, and what `work` raises. Nothing is changed
    then.
    """
    for _ in range(_ATTEMPTS):
        seen = find_playlist(user_id, playlist_id, right)
        viewers = {user_id, *viewers_of(seen, also_shared=also_shared)}
        step = partial(_change, seen, user_id, work, right, version)
        try:
            return change_of_several(viewers, lambda _: step(), Area.PLAYLISTS)  # noqa: B023
        except _SharedMeanwhile:
            continue
    raise Refused("busy", gettext("Others keep changing this playlist; try again."))


def _change(
    seen: Playlist, user_id: int, work: Work[Result], right: Right, version: int | None
) -> Result:
    playlist = Playlist.objects.select_for_update().filter(pk=seen.pk).first()
    if playlist is None or playlist.deleted_at is not None:
        raise NoSuchPlaylist
    if playlist.sharing != seen.sharing:
        raise _SharedMeanwhile
    check(playlist, user_id, right)
    if version is not None and version != playlist.version:
        raise StaleVersion(version, playlist.version)
    playlist.version += 1
    playlist.changed_at = timezone.now()
    result = work(playlist)
    playlist.save()
    return result
