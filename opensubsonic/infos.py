"""What there is to tell of artists and albums beside their songs.

mus asks no other service, so there are pictures, MusicBrainz ids and related artists. All six texts
are always there, because some clients insist on them.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from library.albums.artist_names import names_nobody
from library.queries.artists import artist_names
from library.queries.discographies import Discography, discographies
from opensubsonic.call import Body, Call
from opensubsonic.ids import named_by
from opensubsonic.image_addresses import image_address
from opensubsonic.living import MakeObjects, Objects, one_object
from opensubsonic.objects.albums import albums, albums_of_folders
from opensubsonic.objects.artists import artists, old_artists
from opensubsonic.objects.folders import folder_child
from opensubsonic.objects.songs import songs

_IMAGES = {"smallImageUrl": 160, "mediumImageUrl": 320, "largeImageUrl": 1200}
_DEFAULT_SIMILAR, _MOST_SIMILAR = 20, 500


def get_artist_info(call: Call) -> Body:
    return {"artistInfo": _artist_info(call, old_artists)}


def get_artist_info2(call: Call) -> Body:
    return {"artistInfo2": _artist_info(call, artists)}


def get_album_info(call: Call) -> Body:
    """Of both forms the answer has this name."""
    named = call.parameters.named("id", "album", "track", "folder")
    if named.kind == "track":
        named = named_by(one_object(call, named, songs)[1].get("albumId", "")) or named
    _, of = one_object(call, named, _MAKERS[named.kind])
    musicbrainz_id = of.get("musicBrainzId", "") if named.kind == "album" else ""
    return {"albumInfo": {"notes": "", **_shared(call, of, musicbrainz_id)}}


def _artist_info(call: Call, make: MakeObjects) -> dict[str, Any]:
    named = call.parameters.named("id", "artist", "album", "track", "folder")
    number = call.parameters.count("count", _DEFAULT_SIMILAR, _MOST_SIMILAR)
    pk, of = one_object(call, named, _MAKERS[named.kind])
    if named.kind == "artist":
        artist_id: int | None = pk
    else:
        artist = named_by(of.get("artistId", ""))
        artist_id = artist.pk if artist else None
        of = next(iter(artists(call, [artist.pk] if artist else [])), of)
    musicbrainz_id = of.get("musicBrainzId", "") if artist_id else ""
    similar = [] if artist_id is None else related_artists(artist_id)[:number]
    return {
        "biography": "",
        **_shared(call, of, musicbrainz_id),
        "similarArtist": make(call, similar),
    }


def _folders(call: Call, ids: Sequence[int]) -> Objects:
    """A folder as the album of its files, else as what it is."""
    return albums_of_folders(call, ids) or folder_child(call, ids)


_MAKERS: dict[str, MakeObjects] = {
    "artist": artists,
    "album": albums,
    "track": songs,
    "folder": _folders,
}


def _shared(call: Call, of: dict[str, Any], musicbrainz_id: str) -> dict[str, str]:
    cover, address = of.get("coverArt"), image_address(call)
    images = {
        name: f"{address}{cover}&size={size}" if cover and address else ""
        for name, size in _IMAGES.items()
    }
    return {"musicBrainzId": musicbrainz_id, "lastFmUrl": "", **images}


def related_artists(artist_id: int) -> list[int]:
    """The artists who are on the same albums, those on most first."""
    known = discographies()
    own = known.artists.get(artist_id, Discography())
    counts = Counter(
        credit.artist_id
        for number in (*own.own, *own.others)
        for credit in known.albums[number].credits
        if credit.artist_id != artist_id
    )
    somebody = [pk for pk, name in artist_names(counts).items() if not names_nobody(name)]
    return sorted(somebody, key=lambda pk: (-counts[pk], pk))
