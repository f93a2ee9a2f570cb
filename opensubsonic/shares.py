"""Shared links; see `listening.shares`. Users see and change their own here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from listening.models import Share
from listening.shares.contents import MOST_TRACKS, track_ids_of
from listening.shares.editing import (
    BadShare,
    NoShare,
    NothingToShare,
    ShareContents,
    SharingOff,
    change_share,
    delete_share,
    make_share,
    shares_of,
)
from listening.shares.links import PAGE, token_of
from listening.shares.rights import may_share
from opensubsonic.call import Body, Call
from opensubsonic.dates import moment
from opensubsonic.errors import Code, Refusal, not_allowed, not_found
from opensubsonic.ids import id_of
from opensubsonic.objects.songs import Song, songs

MOST_SONGS = 10_000
"""Of all shares together, in one answer. Shares after these are listed without their songs."""


def get_shares(call: Call) -> Body:
    return _shown(call, [*shares_of(call.user)])


def create_share(call: Call) -> Body:
    """Of songs, albums and playlists, named by `id`, which may be there several times."""
    _check_may_share(call)
    call.parameters.needed_text("id")
    named = call.parameters.all_named("id", "track", "album", "playlist")
    of_kind = {kind: [each.pk for each in named if each.kind == kind] for kind, _ in named}
    contents = ShareContents(
        of_kind.get("track", ()), of_kind.get("album", ()), of_kind.get("playlist", ())
    )
    with _refusals():
        share = make_share(call.user, contents, _values(call))
    return _shown(call, [share])


def update_share(call: Call) -> Body:
    _check_may_share(call)
    with _refusals():
        change_share(call.user, _share_id(call), _values(call))
    return {}


def remove_share(call: Call) -> Body:
    _check_may_share(call)
    with _refusals():
        delete_share(call.user, _share_id(call))
    return {}


def _values(call: Call) -> dict[str, Any]:
    """What is left out stays as it is. `expires` of 0 stands for no end."""
    values: dict[str, Any] = {}
    if description := call.parameters.text("description"):
        values["description"] = description
    if call.parameters.text("expires"):
        values["expires_at"] = _end(call)
    return values


def _end(call: Call) -> datetime | None:
    if call.parameters.number("expires") == 0:
        return None
    return call.parameters.times("expires")[0]


def _share_id(call: Call) -> int:
    return call.parameters.named("id", "share").pk


def _check_may_share(call: Call) -> None:
    if not may_share(call.user):
        raise not_allowed(str(SharingOff()))


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except NoShare:
        raise not_found("share") from None
    except NothingToShare:
        raise not_found("item") from None
    except BadShare as error:
        raise Refusal(Code.GENERIC, str(error)) from None


def _shown(call: Call, shares: list[Share]) -> Body:
    ids_of = _first_track_ids(shares)
    all_ids = [*dict.fromkeys(pk for ids in ids_of for pk in ids)]
    found = {song["id"]: song for song in songs(call, all_ids)}
    entries = [[found[pk] for pk in map(_song_id, ids) if pk in found] for ids in ids_of]
    rows = [_share(call, *each) for each in zip(shares, entries, strict=True)]
    return {"shares": {"share": rows}}


def _first_track_ids(shares: list[Share]) -> list[list[int]]:
    """Of each share, until they are MOST_SONGS together."""
    found = list[list[int]]()
    left = MOST_SONGS
    for share in shares:
        found.append(track_ids_of(share, min(left, MOST_TRACKS)) if left else [])
        left -= len(found[-1])
    return found


def _song_id(track_id: int) -> str:
    return id_of("track", track_id)


def _share(call: Call, share: Share, entries: list[Song]) -> dict[str, Any]:
    optional = {"expires": share.expires_at, "lastVisited": share.last_visited_at}
    return {
        "id": id_of("share", share.pk),
        "url": f"{call.base_address}/{PAGE}{token_of(share)}",
        **({"description": share.description} if share.description else {}),
        "username": share.user.username,
        "created": moment(share.created_at),
        **{name: moment(at) for name, at in optional.items() if at is not None},
        "visitCount": share.visit_count,
        "entry": entries,
    }
