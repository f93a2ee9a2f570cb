"""Operators, phrases and excluded words, in the search of everything and in the lists' own."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from library.models.albums import Album
from library.models.catalogue import ArtistRole, Track
from library.models.folding import search_text
from library.models.searched import searched_text
from library.models.words import Word
from listening.favourites import change_favourites
from listening.models import Playlist
from listening.plays import NewPlay, store_plays
from listening.ratings import change_ratings
from tests.api.library import credit, error, get, label, make_album, make_artist, on_album
from tests.web.library_rows import make_track

NAMED = ("AC-DC", "blink-182", "2:54", "-Ø")
"""Names of artists that look like operators and excluded words."""


@pytest.fixture(autouse=True)
def library(db: None) -> dict[str, Track]:
    """By their titles: four tracks of two artists on two albums, and one of each of NAMED."""
    miles, bill = make_artist("Miles Davis"), make_artist("Bill Evans")
    composer = make_artist("Johnny Mercer")
    made = {}
    for title, artist, album, year, genre in (
        ("So What", miles, "Kind of Blue", 1959, "Modal Jazz"),
        ("Blue in Green", miles, "Kind of Blue", 1959, "Modal Jazz"),
        ("Autumn Leaves", bill, "Portrait in Jazz", 1960, "Cool Jazz"),
        ("Live and Learn", bill, "Portrait in Jazz", 1960, ""),
    ):
        text = searched_text((title, artist.name, album), [genre], (year,))
        track = on_album(
            album_of(album, artist.name, year),
            title=title,
            artist=artist.name,
            year=year,
            genre=genre,
            search_text=text,
        )
        made[title] = credit(track, artist)
    credit(made["Autumn Leaves"], composer, ArtistRole.COMPOSER)
    for name in NAMED:
        made[name] = credit(
            make_track(title="Song", artist=name, search_text=search_text(["Song", name])),
            make_artist(name),
        )
    return made


def album_of(title: str, artist: str, year: int) -> Album:
    found = Album.objects.filter(title=title).first()
    if found is None:
        text = search_text([title, artist])
        found = make_album(title, artist, year=year, search_text=text)
        label(found, "Blue Note" if artist == "Miles Davis" else "Riverside")
    return found


def searched(api: Client, text: str) -> dict[str, Any]:
    body: dict[str, Any] = get(api, f"search?q={quote(text)}&limit=50")
    return body


def named(rows: Sequence[dict[str, Any]]) -> list[str]:
    return sorted(row.get("title") or row["name"] for row in rows)


def found(api: Client, text: str) -> dict[str, list[str]]:
    """The names of what is found, by kinds; kinds without any are left out. The lists find the
    same."""
    body = searched(api, text)
    for kind in ("tracks", "albums", "artists", "composers"):
        of_list = get(api, f"{kind}?q={quote(text)}")
        assert of_list["count"] == body[kind]["count"], kind
        assert named(of_list["results"]) == named(body[kind]["results"]), kind
    kinds = ("artists", "albums", "tracks", "composers", "genres", "labels", "playlists")
    return {kind: rows for kind in kinds if (rows := named(body[kind]["results"]))}


KIND_OF_BLUE = ["Blue in Green", "So What"]
PORTRAIT = ["Autumn Leaves", "Live and Learn"]
OF_MILES = {"artists": ["Miles Davis"], "albums": ["Kind of Blue"], "tracks": KIND_OF_BLUE}
OF_BILL = {
    "artists": ["Bill Evans"],
    "albums": ["Portrait in Jazz"],
    "tracks": PORTRAIT,
    "composers": ["Johnny Mercer"],
}


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ('artist:"miles davis"', OF_MILES),
        ("artist:MILES year:1950-59", OF_MILES),
        ("year:1960-69", OF_BILL),
        ("year:60", OF_BILL),
        ("-year:-1959 -year:2000- jazz", {"albums": ["Portrait in Jazz"], "tracks": PORTRAIT}),
        ("genre:modal", OF_MILES | {"genres": ["Modal Jazz"]}),
        ("label:riverside", OF_BILL | {"labels": ["Riverside"]}),
        ("missing:genre year:1960", OF_BILL | {"tracks": ["Live and Learn"], "composers": []}),
        ('album:"kind of blue" title:what', OF_MILES | {"tracks": ["So What"]}),
        ("composer:mercer", OF_BILL | {"tracks": ["Autumn Leaves"]}),
        ("blue -green", {"albums": ["Kind of Blue"], "tracks": ["So What"]}),
        ("autumn -live", {"tracks": ["Autumn Leaves"]}),  # whole words: "Leaves" stays
        ('"in green"', {"tracks": ["Blue in Green"]}),
        ('"green in"', {}),
        ('"kind of bl', {"albums": ["Kind of Blue"], "tracks": KIND_OF_BLUE}),
        ('"kind of bl"', {}),
        ("blue year:1960", {}),
    ],
)
def test_operators_narrow_each_kind(api: Client, text: str, results: dict[str, Any]) -> None:
    wanted = {kind: names for kind, names in results.items() if names}
    assert found(api, text) == wanted
    assert searched(api, text)["notes"] == []


@pytest.mark.parametrize("name", NAMED)
def test_names_that_look_like_operators_are_found(api: Client, name: str) -> None:
    results = found(api, name)
    assert name in results["artists"]
    assert searched(api, name)["best"]["kind"] == "artist"


def test_an_artist_by_its_operator_is_the_best_match(api: Client) -> None:
    body = searched(api, "artist:miles")
    assert body["best"] == {"kind": "artist", "id": body["artists"]["results"][0]["id"]}
    assert searched(api, "year:1959")["best"] is None


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("mood:blue", ("unknown_operator", "mood:blue", "mood")),
        ("blue rating:often", ("bad_value", "rating:often", "rating")),
        ("blue genre:", ("unfinished", "genre:", "genre")),
        ("-blue", ("only_excluded", "-blue", "")),
    ],
)
def test_what_is_not_understood_is_said_and_is_no_error(
    api: Client, text: str, note: tuple[str, str, str]
) -> None:
    (said,) = searched(api, text)["notes"]
    assert (said["code"], said["text"], said["operator"]) == note


def test_misspelled_words_are_corrected_beside_operators(api: Client) -> None:
    for word in ("autumn", "leaves", "jazz", "bill", "evans"):
        Word.objects.create(text=word, backwards=word[::-1])
    body = searched(api, "autmun year:1960")
    assert body["corrected_q"] == "autumn year:1960"
    assert named(body["tracks"]["results"]) == ["Autumn Leaves"]


def test_own_things_are_those_of_who_asks(
    api: Client, listener: User, library: dict[str, Track]
) -> None:
    what, autumn = library["So What"], library["Autumn Leaves"]
    etag = api.get("/api/v1/search?q=fav")["ETag"]
    assert found(api, "fav") == {}
    change_favourites(listener.pk, {"track": [what.pk], "album": [autumn.album_id or 0]}, {})
    assert api.get("/api/v1/search?q=fav", headers={"If-None-Match": etag}).status_code == 200
    assert found(api, "fav") == {"tracks": ["So What"], "albums": ["Portrait in Jazz"]}
    change_ratings(listener.pk, {"track": {autumn.pk: 4}}, {})
    assert found(api, "rating:4-5") == {"tracks": ["Autumn Leaves"]}
    assert "Autumn Leaves" not in found(api, "-rating:4- year:1960")["tracks"]
    play = NewPlay(track_id=what.pk, started_at=timezone.now() - timedelta(minutes=5))
    store_plays(listener.pk, [play])
    assert found(api, "played:yes")["tracks"] == ["So What"]
    assert found(api, "played:today") == OF_MILES | {"tracks": ["So What"]}
    assert "So What" not in found(api, "artist:miles played:never")["tracks"]
    Track.objects.filter(pk=autumn.pk).update(added_at=timezone.now() - timedelta(days=400))
    assert "Autumn Leaves" not in found(api, "added:1y year:1960")["tracks"]


def test_playlists_are_found_by_words_and_phrases(api: Client, listener: User) -> None:
    for name in ("Blue Nights", "Nights Blue"):
        keys = {"name_key": name.lower(), "search_text": search_text([name])}
        Playlist.objects.create(user=listener, name=name, **keys)
    assert found(api, '"blue nights"') == {"playlists": ["Blue Nights"]}
    assert found(api, "nights -genre:pop") == {}


def test_a_search_is_the_rules_of_a_smart_playlist(api: Client) -> None:
    for text in (
        *(
            "blue",
            "blue -green",
            '"in green"',
            'artist:"miles davis" year:1950-59',
            "missing:genre",
        ),
        *("genre:jazz -artist:miles", "mood:blue", "-Ø"),
    ):
        body = get(api, f"search/rules?q={quote(text)}")
        made = api.post(
            "/api/v1/playlists/preview", {"rules": body["rules"], "limit": 50}, "application/json"
        )
        assert made.status_code == 200, made.content
        listed = get(api, f"tracks?q={quote(text)}")["results"]
        assert named(made.json()["results"]) == named(listed), text
    assert get(api, "search/rules?q=%20")["rules"] is None
    assert get(api, "search/rules?q=genre:")["notes"][0]["code"] == "unfinished"
    error(api.get("/api/v1/search/rules?q=%00"), 422, "invalid")


@pytest.mark.parametrize(
    ("genre", "typed"),
    [
        ("Hip Hop", ("hip-hop", '"hip hop"', "hiphop", "HIP-H", "hop")),
        ("Hip-Hop", ('"hip hop"', "hiphop", "hip‐hop")),  # noqa: RUF001
        ("HipHop", ("hip-hop", '"Hip Hop"')),
        ("R&B", ("r&b", "rnb", '"r and b"', '"R & B"', "r'n'b")),
        ("Drum & Bass", ("drum&bass", '"drum and bass"', '"drum n bass"', "drumnbass", "bass")),
        ("Lo-Fi", ("lofi", '"lo fi"', "lo-fi")),
        ("Música Popular", ("musica", '"musica popular"')),
        ("Rock/Pop", ("rock/pop", '"rock pop"', "pop")),
    ],
)
def test_punctuation_and_spaces_in_genres_do_not_matter(
    api: Client, genre: str, typed: Sequence[str]
) -> None:
    make_track(title="Mine", genre=genre)
    make_track(title="Other", genre="Jazz Kabarett")
    for text in typed:
        assert named(get(api, f"tracks?q={quote(f'genre:{text}')}")["results"]) == ["Mine"], text
        others = get(api, f"tracks?q={quote(f'title:mine -genre:{text}')}")
        assert others["count"] == 0, text
    assert get(api, "tracks?q=genre:ska")["count"] == 0


def test_queries_do_not_grow_with_what_is_found(
    api: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    get(api, "search?q=jazz+year:1960")
    with django_assert_max_num_queries(17):
        get(api, "search?q=jazz+year:1960+genre:jazz")
