"""The endpoint by which a client keeps a copy of the library up to date."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from ninja import Query, Router, Schema
from ninja.decorators import decorate_view
from pydantic import Field

from api.albums import AlbumRow
from api.answers import answer_of_state, codes
from api.artists import ArtistRow
from api.errors import ApiError, invalid
from api.folders import FolderRow
from api.playlist_folders import PlaylistFolderRow
from api.playlists import PlaylistRow
from api.sessions import user_of
from api.track_schemas import TrackRow
from api.tracks import rows_of_present
from api.values import Parameters, one_of
from events.marks import change_number
from library.models.tombstones import TombstoneKind
from library.queries.albums import album_rows
from library.queries.artists import artist_rows
from library.queries.folders import folder_rows
from listening.own_changes import OwnSpan
from listening.sync import TOKEN, Cursor, SyncExpired, SyncPage, first_page, next_page

router = Router(tags=["sync"])

MAX_SYNCED = 2_000
_SALT = "mus.sync"
_OWN_PARTS = (
    *("favourites", "ratings", "play_counts", "bookmarks", "playlists", "playlist_folders"),
    "removed",
)
_KINDS = tuple(TombstoneKind.values)
_ROWS: dict[str, Callable[[list[int]], list[dict[str, Any]]]] = {
    "folder": folder_rows,
    "artist": artist_rows,
    "album": album_rows,
    "track": rows_of_present,
}


class SyncParameters(Parameters):
    since: str | None = Field(
        None,
        pattern=TOKEN,
        description="The `token` of the last sync. Without it: everything.",
    )
    cursor: str | None = Field(
        None,
        max_length=400,
        description="The `cursor` of the page before. Cannot be combined with `since`.",
    )
    own: bool = Field(
        default=True,
        description="Whether the logged-in user's own things are fetched, too. Use the same value "
        "in all syncs of a copy. Pages with a `cursor` have that of the first one.",
    )
    limit: int = Field(
        MAX_SYNCED, ge=1, le=MAX_SYNCED, description="The largest number of rows of all kinds."
    )


class RemovedRow(Schema):
    """A row that lists do not show any more."""

    kind: one_of(_KINDS)  # type: ignore[valid-type]
    id: int
    replaced_by: int | None = Field(
        description="The id of the row that it was joined with: what belongs to `id` belongs to "
        "that one now. null if it is gone, or only missing and may come back."
    )


class OwnFavourite(Schema):
    kind: one_of(_KINDS)  # type: ignore[valid-type]
    id: int
    favourited_at: datetime


class OwnRating(Schema):
    kind: one_of(_KINDS)  # type: ignore[valid-type]
    id: int
    stars: int
    rated_at: datetime


class OwnPlayCount(Schema):
    track_id: int
    count: int
    last_played_at: datetime | None


class OwnBookmark(Schema):
    track_id: int
    position_s: float
    comment: str
    is_by_hand: bool
    created_at: datetime
    changed_at: datetime


class OwnRemoved(Schema):
    """A thing that the user does not have any more."""

    what: str = Field(description="`favourite`, `rating` or `bookmark`.")
    kind: str = Field(description="Of what it was: `track`, `album`, `artist` or `folder`.")
    item_id: int = Field(description="The id of that row.")


class OwnPart(Schema):
    """What belongs to the logged-in user. What belongs to rows that the library does not have is
    left out: it comes when the library has them."""

    number: int = Field(description="The user's change number.")
    is_whole: bool = Field(
        description="This sync fetches everything of the user: forget each favourite, rating, play "
        "count and bookmark that none of its pages has."
    )
    playlists_are_whole: bool = Field(
        description="This sync fetches all playlists that the user sees, and all folders of them: "
        "forget each that none of its pages has. Otherwise none of them has changed."
    )
    favourites: list[OwnFavourite]
    ratings: list[OwnRating]
    play_counts: list[OwnPlayCount]
    bookmarks: list[OwnBookmark]
    playlists: list[PlaylistRow] = Field(
        description="Without the entries: fetch those of a playlist if its `version` is another "
        "one than that of the entries you have."
    )
    playlist_folders: list[PlaylistFolderRow]
    removed: list[OwnRemoved] = Field(
        description="To be removed after the rows of this page were stored."
    )


class SyncAnswer(Schema):
    token: str = Field(description="The `since` of the next sync.")
    is_whole: bool = Field(
        description="This sync fetches everything: forget each row that none of its pages has."
    )
    cursor: str | None = Field(description="Of the next page; null on the last one.")
    folders: list[FolderRow]
    artists: list[ArtistRow]
    albums: list[AlbumRow]
    tracks: list[TrackRow]
    removed: list[RemovedRow]
    own: OwnPart | None = Field(description="null with `own=false`.")


@router.get("sync", response=codes({200: SyncAnswer, 304: None}, 422), summary="Sync a copy")
@decorate_view(gzip_page)
def sync(request: HttpRequest, parameters: Query[SyncParameters]) -> HttpResponse:
    """What changed since the last sync, for a client that keeps a copy of the library and of the
    user's own things. Rows are as the lists of tracks, albums, artists and folders have them.

    1. Ask without parameters, later with `since`, the `token` of the last sync.
    2. Store each row in place of the one of its kind and id, and remove the rows of `removed`.
       Where `replaced_by` is a number, give what you keep for the row to that one. A row may come
       on several pages, and may name rows of a later page or of the next sync.
    3. As long as there is a `cursor`, ask for the next page with it. If it is refused (422), begin
       again with step 1 and the `since` of before.
    4. After the last page, if `is_whole` was true, forget all rows that came on none of its pages;
       likewise what belongs to the user, as `own` says.
       Then keep the `token`, which is the same on all pages. What changed after the first page
       comes with the next sync.
    """
    user = user_of(request).pk
    if parameters.cursor is not None and parameters.since is not None:
        raise invalid("cursor cannot be combined with since.")
    start = None if parameters.cursor is None else _unsigned(parameters.cursor, user)

    def body(_: int, __: str) -> dict[str, Any]:
        if start is None:
            owner = user if parameters.own else None
            return _body(first_page(parameters.since, parameters.limit, owner), user)
        try:
            return _body(next_page(start, parameters.limit), user)
        except SyncExpired:
            raise _expired() from None

    word = f"own of {user} at {change_number(user)}" if parameters.own else ""
    return answer_of_state(request, body, word)


def _body(page: SyncPage, user: int) -> dict[str, Any]:
    return {
        "token": page.token,
        "is_whole": page.is_whole,
        "cursor": None if page.next is None else _signed(page.next, user),
        **{f"{kind}s": [] for kind in _ROWS},
        **{f"{kind}s": rows(ids) for kind, rows in _ROWS.items() if (ids := page.listed(kind))},
        "removed": [
            {"kind": each.kind, "id": each.id, "replaced_by": each.replaced_by}
            for each in page.removed()
        ],
        "own": None if page.own is None else _own(page, page.own),
    }


def _own(page: SyncPage, span: OwnSpan) -> dict[str, Any]:
    return {
        "number": span.upto,
        "is_whole": span.since is None,
        "playlists_are_whole": span.has_playlists,
        **{part: page.own_rows(part) for part in _OWN_PARTS},
    }


def _signed(cursor: Cursor, user: int) -> str:
    """The cursor as a text that only this user can use, and that nobody can change."""
    own = cursor.own and [cursor.own.since, cursor.own.upto, cursor.own.has_playlists]
    epoch, since, upto, _, section, place = cursor
    return signing.dumps([epoch, since, upto, own, section, place], salt=f"{_SALT}.{user}")


def _unsigned(text: str, user: int) -> Cursor:
    try:
        epoch, since, upto, own, section, place = signing.loads(text, salt=f"{_SALT}.{user}")
    except (signing.BadSignature, ValueError):
        raise invalid(
            "cursor is none that this server gave you; begin again without a cursor."
        ) from None
    first, second = place
    return Cursor(epoch, since, upto, own and OwnSpan(user, *own), section, (first, second))


def _expired() -> ApiError:
    message = "The library was restored since the first page; begin again without a cursor."
    return ApiError(422, "cursor_expired", message)
