"""Which picture a track, album, artist or folder has, in how many queries."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from library.media.cover_rows import FINDERS
from library.media.tracks import TrackUnavailable
from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from library.models.tombstones import Tombstone
from library.queries.folders import folder_rows
from tests.web.library_rows import make_album, make_artist, make_track

pytestmark = pytest.mark.django_db

OWN, OTHER = "a" * 32, "b" * 32


def make_folder(path: str = "Album", **fields: str) -> Folder:
    return Folder.objects.create(root="/music", path=path, name=path, **fields)


def covered(cover_id: str, **fields: object) -> Track:
    return make_track(has_cover=True, cover_id=cover_id, **fields)


MAKERS: dict[str, Callable[[], Track | Album | Artist | Folder]] = {
    "tracks": make_track,
    "albums": lambda: make_album("Album"),
    "artists": lambda: make_artist("Somebody"),
    "folders": make_folder,
}


def test_a_track_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    track = covered(OWN, path="Album/1.flac", album_title="Album", artist="Somebody")
    with django_assert_num_queries(1):
        source = FINDERS["tracks"](track.pk)
    assert (source.cover_id, source.folder, source.file_name) == (OWN, "Album", "")
    assert source.audio is not None
    assert source.audio.path == "Album/1.flac"
    assert source.album == ("Album", "Somebody")


def test_an_album_has_the_cover_of_its_track(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    track, album = covered(OWN), make_album("Album")
    album.cover_track_id = track.pk
    album.save()
    with django_assert_num_queries(2):
        source = FINDERS["albums"](album.pk)
    assert source == FINDERS["tracks"](track.pk)


def test_an_artist_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    artist, folder = make_artist("Somebody"), make_folder("Somebody")
    artist.cover_id, artist.cover_folder, artist.cover_file_name = OWN, folder, "artist.jpg"
    artist.save()
    with django_assert_num_queries(1):
        source = FINDERS["artists"](artist.pk)
    assert (source.root, source.folder, source.file_name) == ("/music", "Somebody", "artist.jpg")
    assert source.album is None
    folder.delete()
    with pytest.raises(TrackUnavailable, match="This artist has no cover"):
        FINDERS["artists"](artist.pk)


@pytest.mark.parametrize(
    ("own", "of_tracks", "shown"),
    [
        (OWN, [OTHER, OWN], OWN),
        (OWN, [OTHER], OTHER),
        (OWN, [], OWN),
        ("", [OTHER, OWN], OTHER),
    ],
)
def test_a_folder_has_the_cover_that_lists_name(
    own: str,
    of_tracks: list[str],
    shown: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    folder = make_folder(cover_id=own, cover_file_name="cover.jpg" if own else "")
    for cover_id in of_tracks:
        covered(cover_id, folder=folder)
    make_track(folder=folder)
    with django_assert_max_num_queries(4):
        assert FINDERS["folders"](folder.pk).cover_id == shown
    listed = folder_rows([folder.pk])[0]["cover_id"]
    assert listed in {shown, ""}  # a list shows only what a track shows


@pytest.mark.parametrize("kind", FINDERS)
def test_without_row_or_cover_it_says_so(kind: str) -> None:
    name = kind.removesuffix("s")
    with pytest.raises(TrackUnavailable, match=f"There is no {name} of this id.") as missing:
        FINDERS[kind](700)
    assert missing.value.code == f"{name}_not_found"
    made = MAKERS[kind]()
    Tombstone.objects.bury(type(made), [700], 1, {700: made.pk})
    with pytest.raises(TrackUnavailable, match=f"This {name} has no cover.") as bare:
        FINDERS[kind](700)
    assert bare.value.code == "cover_not_found"
