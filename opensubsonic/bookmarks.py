"""Where users left long songs."""

from listening.bookmarks import (
    LONGEST_COMMENT,
    Position,
    bookmarks_of,
    remove_bookmark_at,
    set_bookmark_at,
)
from listening.kinds import NoSuchTrack
from listening.models import Bookmark
from opensubsonic.call import Body, Call
from opensubsonic.dates import moment
from opensubsonic.errors import not_found
from opensubsonic.ids import id_of
from opensubsonic.objects.songs import Song, songs


def get_bookmarks(call: Call) -> Body:
    """Those in songs that are there, the last changed first."""
    by_track = {each.track_id: each for each in bookmarks_of(call.user_id) if each.track_id}
    by_song = {id_of("track", pk): each for pk, each in by_track.items()}
    found = [_bookmark(call, by_song[song["id"]], song) for song in songs(call, [*by_track])]
    return {"bookmarks": {"bookmark": found}}


def create_bookmark(call: Call) -> Body:
    """A bookmark that is there already moves, and keeps its comment if none is given."""
    track_id = call.parameters.named("id", "track").pk
    call.parameters.needed_text("position")
    position_ms = call.parameters.number("position") or 0
    comment = call.parameters.text("comment")[:LONGEST_COMMENT] or None
    try:
        set_bookmark_at(
            call.user_id, track_id, Position(position_s=position_ms / 1000, comment=comment)
        )
    except NoSuchTrack:
        raise not_found("song") from None
    return {}


def delete_bookmark(call: Call) -> Body:
    try:
        remove_bookmark_at(call.user_id, call.parameters.named("id", "track").pk)
    except NoSuchTrack:
        raise not_found("song") from None
    return {}


def _bookmark(call: Call, bookmark: Bookmark, song: Song) -> Body:
    return {
        "position": round(bookmark.position_s * 1000),
        "username": call.user.username,
        "comment": bookmark.comment,
        "created": moment(bookmark.created_at),
        "changed": moment(bookmark.changed_at),
        "entry": song,
    }
