"""Browsing by tags: artists, albums, songs and genres."""

from typing import Any

from django.conf import settings

from library.models.catalogue import OWN_ROLES
from library.queries.artists import named_artists
from library.queries.discographies import (
    Discographies,
    Discography,
    discographies,
    in_release_order,
    numbers_in,
)
from library.queries.groupings import genres, kept_groups
from library.queries.revision import last_change_at, library_revision
from library.queries.track_summaries import ids_on_album, ids_on_no_album
from opensubsonic.call import Body, Call
from opensubsonic.dates import ms_since_1970
from opensubsonic.errors import not_found
from opensubsonic.letters import ignored_articles, index_of
from opensubsonic.living import named_or_bare, one_object
from opensubsonic.music_folders import wanted_root
from opensubsonic.objects.albums import albums, albums_of_folders, numbered_albums
from opensubsonic.objects.artists import artists, artists_named
from opensubsonic.objects.genres import genre
from opensubsonic.objects.songs import songs


def get_artists(call: Call) -> Body:
    known = _known_in(call)
    rows = [row for row in named_artists(None) if _is_listed(known.artists.get(row.id))]
    rows.sort(key=lambda row: (row.sort_key, row.id))
    made = artists_named(call, ((row, known.artists[row.id]) for row in rows))
    index = index_of(zip((row.sort_key for row in rows), made, strict=True))
    return {
        "artists": {
            "ignoredArticles": ignored_articles(),
            "lastModified": last_modified(),
            "index": index,
        }
    }


def _known_in(call: Call) -> Discographies:
    root = wanted_root(call)
    known = discographies()
    return known if root is None else known.limited_to(numbers_in(root))


def _is_listed(known: Discography | None) -> bool:
    if known is None:
        return False
    lists_all = settings.SUBSONIC_ALL_ARTISTS and any(role in known.roles for role in OWN_ROLES)
    return bool(known.own) or lists_all


def last_modified() -> int:
    """When the library last changed, in milliseconds since 1970; 0 before its first scan."""
    at = last_change_at()
    return ms_since_1970(at) if at else 0


def get_artist(call: Call) -> Body:
    named = named_or_bare(call, "id", "artist")
    pk, artist = one_object(call, named, artists)
    return {"artist": {**artist, "album": albums_of_artist(call, pk)}}


def albums_of_artist(call: Call, artist_id: int) -> list[dict[str, Any]]:
    """The artist's own albums, then those that the artist plays on, each by year and title."""
    known = discographies().artists.get(artist_id, Discography())
    in_order = [*in_release_order(known.own), *in_release_order(known.others)]
    return numbered_albums(call, in_order)


def get_album(call: Call) -> Body:
    """Files on no album are on one of their folder, whose id is the folder's."""
    named = named_or_bare(call, "id", "album", "folder")
    if named.kind == "folder":
        pk, album = one_object(call, named, albums_of_folders)
        return {"album": {**album, "song": songs(call, ids_on_no_album(pk))}}
    pk, album = one_object(call, named, albums)
    return {"album": {**album, "song": songs(call, ids_on_album(pk))}}


def get_song(call: Call) -> Body:
    _, song = one_object(call, named_or_bare(call, "id", "track"), songs)
    return {"song": song}


def get_genres(call: Call) -> Body:  # noqa: ARG001
    kept = kept_groups(library_revision()[1], genres)
    return {"genres": {"genre": [genre(each) for each in kept.by_id.values()]}}


def get_videos(call: Call) -> Body:  # noqa: ARG001
    return {"videos": {"video": []}}


def get_no_video(call: Call) -> Body:
    """There are no videos, so none has captions or anything to tell."""
    call.parameters.needed_text("id")
    raise not_found("video")
