"""What the page of one album shows beside its row: links, what it is stored as, other editions."""

from typing import Any

from django.db.models import Avg, Count, Q

from library.models.albums import Album, AlbumLabel
from library.models.catalogue import OWN_ROLES, ArtistRole, Track, TrackArtist
from library.models.folding import identity_key
from library.models.genres import Genre
from library.queries.albums import album_rows

MOST_EDITIONS = 100
_FORMAT = ("codec", "bit_depth", "sample_rate_hz")


def album_details(row: dict[str, Any]) -> dict[str, Any]:
    """`row`: the album as `album_rows` has it."""
    return {
        "album_artists": _album_artists(row),
        "genre_ids": _genre_ids(row),
        "label_ids": _label_ids(row),
        "formats": _formats(row["id"]),
        "editions": album_rows(_edition_ids(row)),
    }


def _album_artists(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The artists that the album's tracks name as album artist; if none does, those who are the
    artist of all of them."""
    credits_ = TrackArtist.objects.filter(
        track__album=row["id"], track__missing_since=None, role__in=OWN_ROLES
    )
    named = credits_.order_by().values("role", "artist_id", "artist__name")
    counted = list(named.annotate(tracks=Count("pk"), place=Avg("position")))
    found = [each for each in counted if each["role"] == ArtistRole.ALBUM_ARTIST] or [
        each for each in counted if each["tracks"] == row["track_count"]
    ]
    found.sort(key=lambda each: (-each["tracks"], each["place"], each["artist_id"]))
    return [{"id": each["artist_id"], "name": each["artist__name"]} for each in found]


def _genre_ids(row: dict[str, Any]) -> list[int | None]:
    """The id of each of the album's genres, in their order."""
    keys = [identity_key(name) for name in row["genres"]]
    ids = dict(Genre.objects.filter(key__in=keys).values_list("key", "id"))
    return [ids.get(key) for key in keys]


def _label_ids(row: dict[str, Any]) -> list[int | None]:
    """The id of each of the album's labels, in their order."""
    ids = dict(AlbumLabel.objects.filter(album=row["id"]).values_list("position", "label_id"))
    return [ids.get(position) for position in range(len(row["labels"]))]


def _formats(album_id: int) -> list[dict[str, Any]]:
    """What its tracks are stored as, those of most tracks first."""
    tracks = Track.objects.present().filter(album=album_id).values(*_FORMAT)
    counted = tracks.annotate(track_count=Count("pk"), bitrate_kbps=Avg("bitrate_kbps"))
    rows = counted.order_by("-track_count", *_FORMAT)
    return [{**row, "bitrate_kbps": round(row["bitrate_kbps"] or 0)} for row in rows]


def _edition_ids(row: dict[str, Any]) -> list[int]:
    """Other albums of the same release group, or of the same name."""
    own = Album.objects.filter(pk=row["id"])
    same = Q(name_key__in=own.exclude(name_key="").values("name_key"))
    if group := row["musicbrainz_release_group_id"]:
        same |= Q(musicbrainz_release_group_id=group)
    others = Album.objects.listed().filter(same).exclude(pk=row["id"])
    ids = others.order_by("release_date", "year", "pk").values_list("pk", flat=True)
    return list(ids[:MOST_EDITIONS])
