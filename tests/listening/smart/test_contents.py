"""What smart playlists hold: each rule and order on rows in the database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from library.models.catalogue import ArtistRole, Track
from library.queries.revision import library_revision
from listening.favourites import change_favourites
from listening.models import Playlist, PlaylistEntry
from listening.plays import NewPlay, store_plays
from listening.ratings import change_ratings
from listening.smart.contents import SmartContents, _order
from listening.smart.rules import parse_rules
from tests.api.library import credit, label, make_album, make_artist, on_album
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def ada() -> User:
    return User.objects.create(username="ada")


@pytest.fixture
def library() -> dict[str, Track]:
    """Five tracks, by their titles."""
    post = make_album("Post", "Björk", year=1995)
    label(post, "One Little Indian")
    army = on_album(post, title="Army of Me", artist="Björk", genre="Electronic", year=1995)
    hyper = on_album(post, title="Hyperballad", artist="Björk", genre="Electronic", year=1995)
    wall = make_track(
        title="The Wall",
        artist="Pink Floyd",
        genre="Rock",
        year=1979,
        comment="Best of ÄLL",
        grouping="Straße (Кино)",
        bpm=90,
    )
    old = make_track(title="Old", artist="Nobody", added_at=NOW - timedelta(days=400))
    missing = make_track(title="Gone", artist="Björk", genre="Electronic", missing=True)
    bjork, floyd = make_artist("Björk"), make_artist("Pink Floyd")
    for track in (army, hyper, missing):
        credit(track, bjork)
    credit(wall, floyd)
    credit(hyper, floyd, ArtistRole.COMPOSER)
    return {each.title: each for each in (army, hyper, wall, old, missing)}


def held(user: User, group: dict[str, Any], **rest: Any) -> list[str]:
    rules = parse_rules({**group, **rest})
    contents = SmartContents(rules, user.pk, library_revision()[1])
    ids = contents.ids()
    assert contents.count == len(ids)
    assert [pk for at in range(len(ids)) for pk in contents.page(at, 1).ids] == ids
    titles = dict(Track.objects.values_list("pk", "title"))
    return [titles[pk] for pk in ids]


def rule(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


ALL = ["Army of Me", "Hyperballad", "Old", "The Wall"]
POST = ["Army of Me", "Hyperballad"]


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (rule("title", "is", "hyperballad"), ["Hyperballad"]),
        (rule("title", "is", "the wall"), ["The Wall"]),
        (rule("title", "starts_with", "The"), ["The Wall"]),
        (rule("title", "not_contains", "a"), ["Old"]),
        (rule("artist", "is", "bjork"), POST),
        (rule("artist", "is_not", "Björk"), ["Old", "The Wall"]),
        (rule("artist", "contains", "floyd"), ["The Wall"]),
        (rule("artist", "is_missing", value=True), ["Old"]),
        (rule("composer", "ends_with", "FLOYD"), ["Hyperballad"]),
        (rule("album", "is", "POST"), POST),
        (rule("genre", "is", "electronic"), POST),
        (rule("genre", "is_missing", value=True), ["Old"]),
        (rule("genre", "is_not", "Rock"), ["Army of Me", "Hyperballad", "Old"]),
        (rule("label", "contains", "little"), POST),
        (rule("label", "is_missing", value=True), ["Old", "The Wall"]),
        (rule("year", "in_range", [1970, 1980]), ["The Wall"]),
        (rule("year", "less_than", 1990), ["The Wall"]),
        (rule("year", "is_missing", value=True), ["Old"]),
        (rule("year", "is_not", 1995), ["Old", "The Wall"]),
        (rule("bpm", "greater_than", 89.5), ["The Wall"]),
        (rule("comment", "contains", "best"), ["The Wall"]),
        (rule("comment", "contains", "äll"), ["The Wall"]),
        (rule("comment", "contains", "a\N{COMBINING DIAERESIS}ll"), ["The Wall"]),
        (rule("comment", "ends_with", "äl"), []),
        (rule("comment", "is", "best of äll"), ["The Wall"]),
        (rule("grouping", "ends_with", "(КИНО)"), ["The Wall"]),
        (rule("grouping", "starts_with", "кино"), []),
        (rule("grouping", "starts_with", "STRAßE"), ["The Wall"]),
        (rule("grouping", "not_contains", "кино"), ["Army of Me", "Hyperballad", "Old"]),
        (rule("comment", "is_missing", value=False), ["The Wall"]),
        (rule("added_at", "in_last", 30), ["Army of Me", "Hyperballad", "The Wall"]),
        (rule("added_at", "not_in_last", 30), ["Old"]),
        (rule("added_at", "before", NOW.date().isoformat()), ["Old"]),
        (rule("added_at", "after", "9999-12-31"), []),
        (rule("search", "matches", "björk army"), ["Army of Me"]),
        (rule("search", "not_matches", "bjork"), ["Old", "The Wall"]),
        (rule("rating", "is", 0), ALL),
        (rule("play_count", "less_than", 1), ALL),
        (rule("favourite", "is", value=False), ALL),
        (rule("playlist", "not_in", 1), ALL),
    ],
)
def test_rules(ada: User, library: dict[str, Track], wanted: dict[str, Any], titles: Any) -> None:
    assert held(ada, {"all": [wanted]}, sort=["title"]) == titles


def test_groups(ada: User, library: dict[str, Track]) -> None:
    by_floyd = rule("artist", "is", "Pink Floyd")
    electronic = rule("genre", "is", "Electronic")
    hyper = rule("title", "contains", "hyper")
    assert held(ada, {"any": [by_floyd, hyper]}, sort=["title"]) == ["Hyperballad", "The Wall"]
    nested = {"all": [electronic, {"any": [by_floyd, hyper]}]}
    assert held(ada, nested) == ["Hyperballad"]


class TestOwnThings:
    def test_favourites_ratings_and_plays_are_those_of_the_owner(
        self, ada: User, library: dict[str, Track]
    ) -> None:
        eve = User.objects.create(username="eve")
        army, wall = library["Army of Me"], library["The Wall"]
        change_favourites(ada.pk, {"track": [army.pk], "album": [army.album_id or 0]}, {})
        change_ratings(ada.pk, {"track": {wall.pk: 5, army.pk: 2}}, {})
        at = datetime(2026, 11, 1, tzinfo=UTC)
        store_plays(
            ada.pk,
            [
                *(
                    NewPlay(track_id=wall.pk, started_at=at + timedelta(hours=each))
                    for each in (0, 1)
                )
            ],
        )
        cases = [
            (rule("favourite", "is", value=True), ["Army of Me"]),
            (rule("album_favourite", "is", value=True), POST),
            (rule("rating", "greater_than", 2), ["The Wall"]),
            (rule("rating", "in_range", [0, 2]), ["Army of Me", "Hyperballad", "Old"]),
            (rule("rating", "is_missing", value=False), ["Army of Me", "The Wall"]),
            (rule("play_count", "is", 2), ["The Wall"]),
            (rule("last_played_at", "in_range", ["2026-11-01", "2026-11-01"]), ["The Wall"]),
            (
                rule("last_played_at", "is_missing", value=True),
                ["Army of Me", "Hyperballad", "Old"],
            ),
        ]
        assert [held(ada, {"all": [each]}, sort=["title"]) for each, _ in cases] == [
            titles for _, titles in cases
        ]
        assert held(eve, {"all": [rule("favourite", "is", value=True)]}) == []
        everything = {"all": [rule("title", "is_not", "x")]}
        by_plays = held(ada, everything, sort=["-play_count", "title"])
        assert by_plays == ["The Wall", "Army of Me", "Hyperballad", "Old"]
        assert held(ada, everything, sort=["-rating"])[:2] == ["The Wall", "Army of Me"]

    def test_what_changes_is_there_at_once(self, ada: User, library: dict[str, Track]) -> None:
        loved = {"all": [rule("favourite", "is", value=True)]}
        assert held(ada, loved) == []
        change_favourites(ada.pk, {"track": [library["Old"].pk]}, {})
        assert held(ada, loved) == ["Old"]
        change_favourites(ada.pk, {}, {"track": [library["Old"].pk]})
        assert held(ada, loved) == []

    def test_playlists_of_others_only_if_they_are_shared(
        self, ada: User, library: dict[str, Track]
    ) -> None:
        eve = User.objects.create(username="eve")
        playlist = Playlist.objects.create(user=eve, name="Hers")
        PlaylistEntry.objects.create(playlist=playlist, track=library["Old"], place=1)
        wanted = {"all": [rule("playlist", "in", playlist.pk)]}
        assert (held(eve, wanted), held(ada, wanted)) == (["Old"], [])

    def test_shared_playlists_only_of_users_who_are_active(
        self, ada: User, library: dict[str, Track]
    ) -> None:
        eve = User.objects.create(username="eve")
        playlist = Playlist.objects.create(user=eve, name="Hers", sharing="read")
        PlaylistEntry.objects.create(playlist=playlist, track=library["Old"], place=1)
        wanted = {"all": [rule("playlist", "in", playlist.pk)]}
        assert held(ada, wanted) == ["Old"]
        eve.is_active = False
        eve.save()
        assert held(ada, wanted) == []


class TestLimits:
    def test_of_tracks_and_minutes(self, ada: User) -> None:
        for number in range(5):
            make_track(title=f"Song {number}", duration_s=90)
        songs = {"all": [rule("title", "starts_with", "song")]}
        assert held(ada, songs, sort=["-title"], limit=2) == ["Song 4", "Song 3"]
        minutes = held(ada, songs, sort=["title"], limit_minutes=5)
        assert minutes == ["Song 0", "Song 1", "Song 2"]
        assert len(held(ada, songs, limit_minutes=1)) == 1
        assert len(held(ada, songs, limit=2, limit_minutes=60)) == 2

    def test_a_random_order_of_another_day_has_another_state(self) -> None:
        """Or clients would keep the order of the day before."""
        states = {_order(("random",), 1, NOW + timedelta(days=day)).state for day in range(3)}
        assert len(states) == 3

    def test_a_random_order_stays_from_page_to_page(self, ada: User) -> None:
        for number in range(30):
            make_track(title=f"Song {number:02}")
        found = held(ada, {"all": [rule("title", "contains", "song")]}, sort=["random"])
        assert (len(set(found)), found == sorted(found)) == (30, False)
