"""`star`, `unstar` and `setRating`."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from library.models.folders import Folder
from listening.favourites import favourite_ids
from listening.models import Favourite, Rating
from listening.models.targets import KINDS
from listening.ratings import stars_of
from tests.web.library_rows import join_tracks, make_album, make_artist, make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def ids() -> dict[str, int]:
    """A row of each kind."""
    return {
        "track": make_track().pk,
        "album": make_album("An album").pk,
        "artist": make_artist("An artist").pk,
        "folder": Folder.objects.create(root="/music", path="a", name="a").pk,
    }


def everything(ids: dict[str, int]) -> dict[str, Any]:
    """The parameters that name all of it, each by the parameter that fits."""
    return {
        "id": [f"tr-{ids['track']}", f"fo-{ids['folder']}"],
        "albumId": f"al-{ids['album']}",
        "artistId": f"ar-{ids['artist']}",
    }


def starred(listener: User) -> dict[str, list[int]]:
    return {kind: favourite_ids(listener.pk, kind) for kind in KINDS}


def test_everything_is_starred_and_unstarred_together(
    rest: Any, listener: User, ids: dict[str, int]
) -> None:
    rest("star", **everything(ids))
    assert starred(listener) == {kind: [pk] for kind, pk in ids.items()}
    rest("unstar", **everything(ids))
    assert not Favourite.objects.exists()


def test_id_takes_every_kind(rest: Any, listener: User, ids: dict[str, int]) -> None:
    prefixes = {"track": "tr", "album": "al", "artist": "ar", "folder": "fo"}
    rest("star", id=[f"{prefixes[kind]}-{pk}" for kind, pk in ids.items()])
    assert starred(listener) == {kind: [pk] for kind, pk in ids.items()}


def test_a_folder_that_stands_for_an_album_is_starred_as_one(
    rest: Any, listener: User, ids: dict[str, int]
) -> None:
    """airsonic-refix stars whatever it got in a list of albums by `albumId`."""
    rest("star", albumId=f"fo-{ids['folder']}")
    assert favourite_ids(listener.pk, "folder") == [ids["folder"]]
    rest("unstar", albumId=f"fo-{ids['folder']}")
    assert not Favourite.objects.exists()


def test_starring_again_keeps_the_first_date(rest: Any, ids: dict[str, int]) -> None:
    rest("star", id=f"tr-{ids['track']}")
    before = datetime(2020, 1, 1, tzinfo=UTC)
    Favourite.objects.update(favourited_at=before)
    rest("star", id=[f"tr-{ids['track']}"] * 2)
    assert Favourite.objects.get().favourited_at == before


@pytest.mark.parametrize(
    "unknown", ["tr-99999999", "pl-1", "rubbish", "1", "tr-99999999999999999999"]
)
def test_with_something_unknown_nothing_is_changed(
    rest: Any, ids: dict[str, int], unknown: str
) -> None:
    rest("star", albumId=f"al-{ids['album']}")
    for endpoint in ("star", "unstar"):
        error = rest.error(endpoint, **{**everything(ids), "id": [f"tr-{ids['track']}", unknown]})
        assert error["code"] == 70
    assert Favourite.objects.get().album_id == ids["album"]


def test_an_artist_is_no_album(rest: Any, ids: dict[str, int]) -> None:
    assert rest.error("star", albumId=f"ar-{ids['artist']}")["code"] == 70


def test_naming_nothing_is_a_missing_parameter(rest: Any) -> None:
    assert rest.error("star")["code"] == 10
    assert rest.error("unstar", id="")["code"] == 10


def test_unstarring_what_has_no_star_is_fine(rest: Any, ids: dict[str, int]) -> None:
    rest("unstar", id=f"tr-{ids['track']}")


def test_a_joined_track_is_the_one_that_stayed(rest: Any, listener: User) -> None:
    stays, goes = make_track(), make_track()
    join_tracks({goes.pk: stays.pk})
    rest("star", id=f"tr-{goes.pk}")
    rest("setRating", id=f"tr-{goes.pk}", rating=2)
    assert starred(listener)["track"] == [stays.pk]
    assert stars_of(listener.pk, "track", [stays.pk]) == {stays.pk: 2}


@pytest.mark.parametrize("kind", KINDS)
def test_ratings_of_each_kind(rest: Any, listener: User, ids: dict[str, int], kind: str) -> None:
    prefix = {"track": "tr", "album": "al", "artist": "ar", "folder": "fo"}[kind]
    named = f"{prefix}-{ids[kind]}"
    rest("setRating", id=named, rating=5)
    assert stars_of(listener.pk, kind, [ids[kind]]) == {ids[kind]: 5}
    rest("setRating", id=named, rating=0)
    rest("setRating", id=named, rating=0)
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    ("rating", "code"), [("6", 0), ("7", 0), ("-1", 0), ("2.5", 0), ("x", 0), ("", 10)]
)
def test_what_is_no_rating(rest: Any, ids: dict[str, int], rating: str, code: int) -> None:
    assert rest.error("setRating", id=f"tr-{ids['track']}", rating=rating)["code"] == code
    assert not Rating.objects.exists()


def test_rating_something_unknown(rest: Any) -> None:
    assert rest.error("setRating", id="al-12345", rating=3)["code"] == 70
    assert rest.error("setRating", id="al-12345", rating=0)["code"] == 70
    assert rest.error("setRating", rating=3)["code"] == 10
