"""Albums, artists and their tracks, as a scan would leave them, and what the API says of them."""

from typing import Any
from uuid import uuid4

from django.test import Client

from library.models.albums import Album, AlbumLabel
from library.models.catalogue import Artist, ArtistRole, Track, TrackArtist
from library.models.folding import identity_key, name_key, search_text, sort_key
from library.models.genres import Label
from library.models.searched import first_date
from tests.web.library_rows import count_tracks, make_track

ROOT = "/api/v1/"


def get(client: Client, path: str, **headers: str) -> Any:
    """The body of an answer that has to be 200."""
    response = client.get(ROOT + path, headers=headers)
    assert response.status_code == 200, response.content
    return response.json()


def error(response: Any, status: int, code: str) -> str:
    """The message of an answer that has to be this error, in the one shape."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/json"
    body = response.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() == {"code", "message"}
    assert body["error"]["code"] == code
    return str(body["error"]["message"])


def titles(client: Client, query: str = "") -> list[str]:
    return [row["title"] for row in get(client, f"tracks{query}")["results"]]


def make_album(title: str, artist: str = "Somebody", **fields: Any) -> Album:
    values = {"title_key": sort_key(title), "artist_key": sort_key(artist), **fields}
    values.setdefault("first_year", values.get("year"))
    dates = (values.get("original_date", ""), values.get("release_date", ""))
    values.setdefault("first_date", first_date(values["first_year"], *dates))
    values.setdefault("search_text", search_text([f"{title} {artist}"]))
    values.setdefault("name_key", identity_key(title, artist))
    key = f"settled {uuid4().hex}"
    return Album.objects.create(title=title, album_artist=artist, key=key, **values)


def make_artist(name: str, **fields: Any) -> Artist:
    values = {"sort_key": sort_key(name, fields.get("sort_name", "")), **fields}
    values.setdefault("search_text", search_text([name, fields.get("sort_name", "")]))
    return Artist.objects.create(
        name=name, name_key=name_key(name), key=identity_key(name), **values
    )


def credit(
    track: Track, artist: Artist, role: ArtistRole = ArtistRole.ARTIST, instrument: str = ""
) -> Track:
    position = TrackArtist.objects.filter(track=track, role=role).count()
    TrackArtist.objects.create(
        track=track, artist=artist, role=role, position=position, instrument=instrument
    )
    return track


def on_album(album: Album, **fields: Any) -> Track:
    track = make_track(album=album, album_title=album.title, **fields)
    count_tracks(album)
    return track


def label(album: Album, *names: str) -> None:
    """Put the album on these record labels."""
    for position, name in enumerate(names):
        keys = {"key": identity_key(name), "sort_key": sort_key(name)}
        made, _ = Label.objects.get_or_create(**keys, defaults={"name": name})
        AlbumLabel.objects.create(album=album, label=made, position=position)
