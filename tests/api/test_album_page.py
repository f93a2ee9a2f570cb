"""What `GET albums/{id}` has beside the row of a list, and `albums?album_artist=`."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import ArtistRole
from library.models.genres import Genre, Label
from tests.api.library import credit, get, label, make_album, make_artist, on_album
from tests.web.library_rows import make_track

GROUP = "b1392450-e666-3926-a536-22c65f834433"
# Session, user, the row, artists, genres, labels, formats, ids and rows of editions.
QUERIES = 9


def test_links_of_an_album(api: Client) -> None:
    album = make_album("Joint", "A & B", labels=["Warp", "Rough Trade"])
    label(album, "Warp", "Rough Trade")
    a, b, guest = (make_artist(name) for name in ("A", "B", "Guest"))
    for number in (1, 2):
        track = on_album(album, genres=["Folk", "Rock"], track_number=number)
        for artist in (a, b):
            credit(track, artist, ArtistRole.ALBUM_ARTIST)
        credit(track, guest)
    found = get(api, f"albums/{album.pk}")
    assert found["album_artists"] == [{"id": a.pk, "name": "A"}, {"id": b.pk, "name": "B"}]
    names = [Genre.objects.get(pk=pk).name for pk in found["genre_ids"]]
    assert names == found["genres"] == ["Folk", "Rock"]
    assert [Label.objects.get(pk=pk).name for pk in found["label_ids"]] == found["labels"]


def test_without_an_album_artist_it_is_who_is_on_each_track(api: Client) -> None:
    album = make_album("Plain", "Duo")
    duo, guest = make_artist("Duo"), make_artist("Guest")
    credit(credit(on_album(album), duo), guest)
    credit(on_album(album), duo)
    assert get(api, f"albums/{album.pk}")["album_artists"] == [{"id": duo.pk, "name": "Duo"}]


def test_formats_are_counted(api: Client) -> None:
    album = make_album("Mixed")
    flac = {"codec": "FLAC", "bit_depth": 24, "sample_rate_hz": 96_000}
    on_album(album, bitrate_kbps=320, codec="MP3", sample_rate_hz=44_100)
    on_album(album, bitrate_kbps=2000, **flac)
    on_album(album, bitrate_kbps=3000, **flac)
    on_album(album, bitrate_kbps=9, codec="Opus", missing=True)
    assert get(api, f"albums/{album.pk}")["formats"] == [
        {**flac, "bitrate_kbps": 2500, "track_count": 2},
        {
            "codec": "MP3",
            "bit_depth": 0,
            "sample_rate_hz": 44_100,
            "bitrate_kbps": 320,
            "track_count": 1,
        },
    ]


def test_editions_are_of_one_release_group_or_of_one_name(api: Client) -> None:
    album = make_album("Kid A", "Radiohead", musicbrainz_release_group_id=GROUP)
    twin = make_album("Kid A", "Radiohead", year=2009)
    renamed = make_album("Kid A Mnesia", "Radiohead", musicbrainz_release_group_id=GROUP)
    others = [make_album("Kid A", "Somebody"), make_album("Amnesiac", "Radiohead")]
    others.append(make_album("The Kid A", "Radiohead"))  # sorted alike
    for each in (album, twin, renamed, *others):
        on_album(each)
    make_album("Kid A", "Radiohead")  # without tracks
    found = get(api, f"albums/{album.pk}")["editions"]
    assert {each["id"] for each in found} == {twin.pk, renamed.pk}
    assert [each["id"] for each in get(api, f"albums/{twin.pk}")["editions"]] == [album.pk]
    row = next(each for each in get(api, "albums")["results"] if each["id"] == twin.pk)
    assert row in found


def test_editions_may_be_sorted_in_different_places(api: Client) -> None:
    album = make_album("The Wall", "Pink Floyd")
    twin = make_album("The Wall", "Pink Floyd", title_key="wall, the", artist_key="floyd, pink")
    unsettled = [make_album(title, "Pink Floyd", name_key="") for title in ("Animals", "Meddle")]
    for each in (album, twin, *unsettled):
        on_album(each)
    assert [each["id"] for each in get(api, f"albums/{album.pk}")["editions"]] == [twin.pk]
    assert get(api, f"albums/{unsettled[0].pk}")["editions"] == []


def test_own_albums_of_an_artist(api: Client) -> None:
    own, plain, other = (
        make_album("Own", "Solo"),
        make_album("Plain", "Solo"),
        make_album("Various", "Various Artists"),
    )
    solo = make_artist("Solo")
    credit(credit(on_album(own), solo), solo, ArtistRole.ALBUM_ARTIST)
    credit(on_album(plain), solo)
    credit(on_album(other), solo)
    wanted = get(api, f"albums?album_artist={solo.pk}")["results"]
    assert [each["title"] for each in wanted] == ["Own", "Plain"]
    assert get(api, f"albums?artist={solo.pk}")["count"] == 3


def test_rows_of_tracks_name_work_and_movement(api: Client) -> None:
    album = make_album("Symphonies")
    fields = {"composer": "Mahler", "work": "Symphony No. 1", "movement": "Kräftig bewegt"}
    on_album(album, **fields, movement_number=2)
    (row,) = get(api, "tracks")["results"]
    assert {name: row[name] for name in fields} == fields
    assert row["movement_number"] == 2


def test_rows_of_tracks_tell_albums_of_one_name_apart(api: Client) -> None:
    album = make_album("Kid A", disambiguation="2009")
    on_album(album, title="A")
    make_track(title="B")
    rows = get(api, "tracks?sort=title")["results"]
    assert [row["album_disambiguation"] for row in rows] == ["2009", ""]
    assert get(api, f"tracks/{rows[0]['id']}")["album_disambiguation"] == "2009"


def test_an_album_of_many_tracks_costs_no_more_queries(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    album = make_album("Long", labels=["Warp"])
    label(album, "Warp")
    artist = make_artist("Somebody")
    for _ in range(30):
        credit(on_album(album, genres=["Rock"]), artist, ArtistRole.ALBUM_ARTIST)
    make_album("Long")
    get(api, f"albums/{album.pk}")
    with django_assert_num_queries(QUERIES):
        get(api, f"albums/{album.pk}")
