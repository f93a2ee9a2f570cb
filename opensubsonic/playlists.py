"""Playlists. The rights are those of `listening.playlists`: administrators have no others."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from accounts.roles import is_administrator
from listening.playlist_updates import (
    NothingFound,
    PlaylistUpdate,
    make_of_tracks,
    present_tracks,
    replace_tracks,
    update,
)
from listening.playlists.editing import delete
from listening.playlists.refusals import Invalid, NoSuchPlaylist, NotAllowed, Refused
from listening.playlists.rows import playlist_page
from opensubsonic.call import Body, Call
from opensubsonic.errors import Code, Refusal, not_allowed, not_found
from opensubsonic.objects.playlists import playlist_with_songs, playlists

MOST_LISTED = 20_000
_NOT_ALLOWED = {"is_smart", "follows_file"}
"""The codes of refusals for playlists whose entries are nobody's to change."""


def get_playlists(call: Call) -> Body:
    """The user's own and those that others share, by name. `username`: those of this user alone."""
    owner = call.parameters.text("username")
    if owner.casefold() == call.user.username.casefold():
        owner = ""
    if owner and not is_administrator(call.user):
        raise not_allowed()
    ids = playlist_page(call.user_id, offset=0, limit=MOST_LISTED, owner=owner).ids
    return {"playlists": {"playlist": playlists(call, ids)}}


def get_playlist(call: Call) -> Body:
    return _shown(call, call.parameters.named("id", "playlist").pk)


def create_playlist(call: Call) -> Body:
    """Makes a playlist or, with `playlistId`, replaces all songs of one."""
    track_ids = _tracks(call, "songId")
    name = call.parameters.text("name").strip()
    with _refusals():
        if call.parameters.text("playlistId"):
            playlist_id = call.parameters.named("playlistId", "playlist").pk
            replace_tracks(call.user_id, playlist_id, track_ids, name or None)
        elif name:
            playlist_id = make_of_tracks(call.user_id, name, track_ids)
        else:
            raise Refusal(Code.MISSING_PARAMETER, "One of name and playlistId is needed.")
    return _shown(call, playlist_id)


def update_playlist(call: Call) -> Body:
    parameters = call.parameters
    playlist_id = parameters.named("playlistId", "playlist").pk
    wanted = PlaylistUpdate(
        name=parameters.text("name").strip() or None,
        description=parameters.text("comment") or None,
        is_public=parameters.boolean("public") if parameters.text("public") else None,
        add=_tracks(call, "songIdToAdd"),
        remove_at=parameters.numbers("songIndexToRemove"),
    )
    with _refusals():
        update(call.user_id, playlist_id, wanted)
    return {}


def delete_playlist(call: Call) -> Body:
    playlist_id = call.parameters.named("id", "playlist").pk
    with _refusals():
        delete(call.user_id, playlist_id)
    return {}


def _shown(call: Call, playlist_id: int) -> Body:
    with _refusals():
        track_ids = present_tracks(call.user_id, playlist_id)
    found = playlist_with_songs(call, playlist_id, track_ids)
    if found is None:
        raise not_found("playlist")
    return {"playlist": found}


def _tracks(call: Call, name: str) -> Sequence[int]:
    """Of ids that are none of ours, those of other kinds are left out, as unknown ones are."""
    given = call.parameters.pks(name, "track")
    found = [pk for pk in given if pk is not None]
    if given and not found:
        raise not_found("song")
    return found


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except NoSuchPlaylist:
        raise not_found("playlist") from None
    except NothingFound:
        raise not_found("song") from None
    except NotAllowed as error:
        raise not_allowed(str(error)) from None
    except Refused as error:
        code = Code.NOT_ALLOWED if error.code in _NOT_ALLOWED else Code.GENERIC
        raise Refusal(code, str(error)) from None
    except Invalid as error:
        raise Refusal(Code.GENERIC, str(error)) from None
