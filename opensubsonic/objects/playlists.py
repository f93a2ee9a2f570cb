"""Playlists, with and without their songs."""

from collections.abc import Sequence
from typing import Any

from library.media.collages import collage_id
from library.queries.revision import library_revision
from listening.playlists.present import PresentPlaylist, present_playlists
from opensubsonic.call import Call
from opensubsonic.cover_ids import cover_art
from opensubsonic.dates import moment
from opensubsonic.ids import id_of
from opensubsonic.objects.songs import duration, songs


def playlists(call: Call, playlist_ids: Sequence[int]) -> list[dict[str, Any]]:
    """In their order. Those that are gone are left out."""
    state = library_revision()[1]
    return [_playlist(each) for each in present_playlists(call.user_id, playlist_ids, state)]


def playlist_with_songs(
    call: Call, playlist_id: int, track_ids: Sequence[int]
) -> dict[str, Any] | None:
    """The playlist with these tracks; None if it is gone."""
    found = playlists(call, [playlist_id])
    if not found:
        return None
    entries = songs(call, track_ids)
    return {**found[0], "songCount": len(entries), "entry": entries}


def _playlist(row: PresentPlaylist) -> dict[str, Any]:
    return {
        "id": id_of("playlist", row.pk),
        "name": row.name,
        **({"comment": row.description} if row.description else {}),
        "owner": row.owner,
        "public": row.is_public,
        # Left out where it is false, which is what clients take for granted: those that are older
        # than the field, as knuckles 1.2, refuse all playlists for its sake.
        **({"readonly": True} if row.is_readonly else {}),
        "songCount": row.count,
        "duration": duration(row.duration_s),
        "created": moment(row.created_at),
        "changed": moment(row.changed_at),
        **cover_art("playlist", row.pk, collage_id(row.cover_ids)),
    }
