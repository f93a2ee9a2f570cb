"""Artists: the `ArtistID3` of the protocol, and the older `Artist`."""

from collections.abc import Iterable, Sequence
from typing import Any

from library.queries.artists import NamedArtist, named_artists
from library.queries.discographies import Discography, discographies
from opensubsonic.call import Call
from opensubsonic.cover_ids import cover_art
from opensubsonic.ids import id_of
from opensubsonic.image_addresses import image_address
from opensubsonic.objects.own import add_average_ratings, opinion_fields

Artist = dict[str, Any]
_NOTHING = Discography()


def artists(call: Call, artist_ids: Sequence[int]) -> list[Artist]:
    """The artists with these ids that have present tracks, in the order of the ids. The number of
    queries is fixed."""
    if not artist_ids:
        return []
    known = discographies().artists
    by_id = {each.id: each for each in named_artists(artist_ids) if each.id in known}
    found = [by_id[pk] for pk in artist_ids if pk in by_id]
    return artists_named(call, ((each, known[each.id]) for each in found))


def artists_named(call: Call, found: Iterable[tuple[NamedArtist, Discography]]) -> list[Artist]:
    """These artists with what is known of their albums."""
    pairs = [*found]
    own = opinion_fields(call.user_id, "artist", [artist.id for artist, _ in pairs])
    nothing, address = Artist(), image_address(call)
    return [_artist(address, *pair, own.get(pair[0].id, nothing)) for pair in pairs]


def old_artists(call: Call, artist_ids: Sequence[int]) -> list[Artist]:
    """The same artists in the older form."""
    found = artists(call, artist_ids)
    means = {pk: Artist() for pk in artist_ids}
    add_average_ratings(means, "artist")
    by_id = {id_of("artist", pk): fields for pk, fields in means.items()}
    return [
        {**{name: each[name] for name in _OLD if name in each}, **by_id[each["id"]]}
        for each in found
    ]


_OLD = ("id", "name", "coverArt", "artistImageUrl", "starred", "userRating")


def _artist(address: str, artist: NamedArtist, known: Discography, own: Artist) -> Artist:
    cover = artist_cover(artist, known)
    return {
        "id": id_of("artist", artist.id),
        "name": artist.name,
        **cover,
        **({"artistImageUrl": address + cover["coverArt"]} if cover and address else {}),
        "albumCount": known.album_count,
        **own,
        "musicBrainzId": artist.musicbrainz_artist_id,
        "sortName": artist.sort_name,
        "roles": known.roles,
    }


def artist_cover(artist: NamedArtist, known: Discography = _NOTHING) -> dict[str, str]:
    """The artist's own picture, else that of the newest album."""
    if artist.cover_id:
        return cover_art("artist", artist.id, artist.cover_id)
    return cover_art("track", known.cover.track_id, known.cover.cover_id) if known.cover else {}
