"""`GET statistics`: what was heard, by the clock of a time zone."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from library.models.albums import Album
from library.models.catalogue import Artist, ArtistRole, Track, TrackArtist
from library.models.folding import identity_key
from listening import statistics
from listening.models import LostItem, Play
from tests.api.library import error, get
from tests.web.library_rows import make_track

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOTHING = {"plays": 0, "seconds": 0.0}
VIENNA = "tz=Europe/Vienna"


def heard(user: User, at: datetime, track: Track | LostItem, heard_s: float | None = 60.0) -> None:
    of = {"lost": track} if isinstance(track, LostItem) else {"track": track}
    Play.objects.create(user=user, started_at=at, heard_s=heard_s, **of)


def vienna(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Vienna"))


def make_album(title: str, artist: str, *roles: str, **fields: Any) -> tuple[Track, Album, Artist]:
    """A track on an album of its own, which credits its artist in these roles."""
    singer, _ = Artist.objects.get_or_create(name=artist, defaults={"key": identity_key(artist)})
    album = Album.objects.create(
        title=title,
        album_artist=artist,
        key=title,
        name_key=identity_key(title, artist),
        track_count=1,
    )
    track = make_track(title=title, artist=artist, album=album, **fields)
    for role in roles or (ArtistRole.ARTIST, ArtistRole.ALBUM_ARTIST):
        TrackArtist.objects.create(track=track, artist=singer, role=role, position=0)
    return track, album, singer


def test_nothing_was_heard(api: Client) -> None:
    assert get(api, "statistics") == {
        **NOTHING,
        "counts": {"tracks": 0, "albums": 0, "artists": 0, "genres": 0},
        "tracks": [],
        "albums": [],
        "artists": [],
        "genres": [],
        "spans": [],
        "hours": [NOTHING] * 24,
        "unit": "day",
        "since": None,
    }
    march = get(api, "statistics?from=2026-03-01&until=2026-04-01")
    assert [each["plays"] for each in march["spans"]] == [0] * 31


def test_what_was_heard_most_comes_first(api: Client, listener: User) -> None:
    one, album, singer = make_album("One", "Ada", genres=["Jazz", "Blues"], duration_s=100)
    two, _, composer = make_album("Two", "Bea", ArtistRole.COMPOSER, genre="Jazz")
    for second in range(3):
        heard(listener, NOON.replace(second=second), one, None if second else 40.0)
    heard(listener, NOON, two, 500.0)
    heard(User.objects.create_user("mia"), NOON, two)
    found = get(api, "statistics")
    assert (found["plays"], found["seconds"]) == (4, 740.0)
    assert found["counts"] == {"tracks": 2, "albums": 2, "artists": 1, "genres": 2}
    assert [(each["track"]["id"], each["plays"]) for each in found["tracks"]] == [
        (one.pk, 3),
        (two.pk, 1),
    ]
    assert found["since"] == "2026-03-01"
    assert found["tracks"][0]["seconds"] == 240.0  # 40 s, and twice the whole track
    assert found["albums"][0]["id"] == album.pk
    assert found["albums"][0]["artist"] == "Ada"
    (artist,) = found["artists"]  # who is in two roles counts once; a composer is no artist
    assert (artist["id"], artist["name"], artist["plays"]) == (singer.pk, "Ada", 3)
    assert [(each["name"], each["plays"]) for each in found["genres"]] == [
        ("Jazz", 4),
        ("Blues", 3),
    ]
    assert len(get(api, "statistics?limit=1")["tracks"]) == 1
    assert composer.pk != singer.pk


def test_hours_and_days_are_those_of_the_zone(api: Client, listener: User) -> None:
    track = make_track()
    heard(listener, vienna("2026-03-28 23:59:59"), track)
    heard(listener, vienna("2026-03-29"), track)
    heard(listener, datetime(2026, 3, 29, 0, 59, tzinfo=UTC), track)  # 01:59; the next hour is 3
    heard(listener, datetime(2026, 3, 29, 1, 0, tzinfo=UTC), track)
    heard(listener, vienna("2026-03-29 23:59:59"), track)  # after 23 hours
    heard(listener, vienna("2026-03-30"), track)
    day = get(api, f"statistics?from=2026-03-29&until=2026-03-30&{VIENNA}")
    assert [hour for hour, each in enumerate(day["hours"]) if each["plays"]] == [0, 1, 3, 23]
    assert (day["plays"], day["unit"], len(day["spans"])) == (4, "day", 1)
    spans = get(api, f"statistics?{VIENNA}")["spans"]
    assert [(each["from"][-2:], each["plays"]) for each in spans] == [
        ("28", 1),
        ("29", 4),
        ("30", 1),
    ]
    assert get(api, "statistics?from=2026-03-29&until=2026-03-30")["plays"] == 4  # others, by UTC


def test_an_hour_that_comes_twice_counts_both(api: Client, listener: User) -> None:
    for hour in (0, 1):  # 02:30 in summer time, and again an hour later
        heard(listener, datetime(2026, 10, 25, hour, 30, tzinfo=UTC), make_track())
    day = get(api, f"statistics?from=2026-10-25&until=2026-10-26&{VIENNA}")
    assert day["hours"][2] == {"plays": 2, "seconds": 120.0}


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        *(("Asia/Kathmandu", 17), ("Asia/Kolkata", 17), ("Australia/Lord_Howe", 22)),
        *(("Etc/GMT+3", 8), ("Etc/Unknown", 11)),
    ],
)
def test_zones_that_are_no_whole_hours_off_or_that_a_browser_does_not_know(
    api: Client, listener: User, zone: str, hour: int
) -> None:
    heard(listener, NOON.replace(hour=11, minute=45), make_track())
    hours = get(api, f"statistics?tz={zone.replace('+', '%2B')}")["hours"]
    assert [at for at, each in enumerate(hours) if each["plays"]] == [hour]


def test_a_midnight_that_does_not_exist_begins_the_day(api: Client, listener: User) -> None:
    """In Santiago, 8 September 2024 begins at 01:00."""
    heard(listener, datetime(2024, 9, 8, 3, 59, 59, tzinfo=UTC), make_track())
    heard(listener, datetime(2024, 9, 8, 4, 0, 0, tzinfo=UTC), make_track())
    day = get(api, "statistics?from=2024-09-08&until=2024-09-09&tz=America/Santiago")
    assert day["plays"] == 1
    assert day["hours"][1]["plays"] == 1


@pytest.mark.parametrize(
    ("first", "until", "unit", "number"),
    [
        ("2024-01-01", "2024-03-03", "day", 62),
        ("2024-01-01", "2024-03-04", "month", 3),
        ("2024-01-01", "2025-01-01", "month", 12),
        ("2024-01-15", "2026-12-16", "month", 36),
        ("2024-01-15", "2027-01-02", "year", 4),
        ("1900-01-01", "9998-01-01", "year", 8098),
    ],
)
def test_long_periods_are_shown_by_month_or_year(
    api: Client, first: str, until: str, unit: str, number: int
) -> None:
    found = get(api, f"statistics?from={first}&until={until}")
    assert (found["unit"], len(found["spans"])) == (unit, number)
    assert found["spans"][0]["from"] <= first


def test_lost_tracks_count_by_their_names(api: Client, listener: User) -> None:
    track, album, singer = make_album("One", "Ada")
    heard(listener, NOON, track)
    known = LostItem.objects.create(title="Gone", artist="ADA", album="one", duration_s=90)
    unknown = LostItem.objects.create(title="Else", artist="Bea", album="Two")
    for second in range(3):
        heard(listener, NOON.replace(second=second), known, None)
    heard(listener, NOON, unknown, None)
    found = get(api, "statistics")
    assert found["tracks"][0]["lost"]["title"] == "Gone"
    assert found["tracks"][0]["is_missing"]
    names = [(each["id"], each["name"], each["plays"]) for each in found["artists"]]
    assert names == [(singer.pk, "Ada", 4), (None, "Bea", 1)]
    names = [(each["id"], each["name"], each["plays"]) for each in found["albums"]]
    assert names == [(album.pk, "One", 4), (None, "Two", 1)]
    assert found["seconds"] == 330.0


def test_a_lost_track_that_is_gone_since_is_left_out(api: Client, listener: User) -> None:
    """Statistics are kept for a while; a lost track may be found again or be purged meanwhile."""
    lost = LostItem.objects.create(title="Gone", artist="Ada", album="One")
    heard(listener, NOON, lost)
    assert len(get(api, f"statistics?{VIENNA}")["tracks"]) == 1
    Play.objects.all().delete()
    lost.delete()
    found = get(api, f"statistics?{VIENNA}")
    assert all(row["track"] or row["lost"] for row in found["tracks"])


def test_what_is_missing_keeps_its_name_and_has_no_page(api: Client, listener: User) -> None:
    track, album, _ = make_album("One", "Ada", genre="Jazz", missing=True)
    Album.objects.filter(pk=album.pk).update(track_count=0)
    heard(listener, NOON, track)
    found = get(api, "statistics")
    for kind, name in (("albums", "One"), ("artists", "Ada"), ("genres", "Jazz")):
        assert [(each["id"], each["name"]) for each in found[kind]] == [(None, name)]


@pytest.mark.parametrize(("many", "counted"), [(2, 2), (1, 1)])
def test_a_new_play_counts_at_once_unless_there_are_very_many(
    api: Client, listener: User, monkeypatch: pytest.MonkeyPatch, many: int, counted: int
) -> None:
    monkeypatch.setattr(statistics, "MANY_PLAYS", many)
    track = make_track()
    heard(listener, NOON.replace(day=2), track)
    get(api, "statistics")
    told = {"plays": [{"track_id": track.pk, "started_at": NOON.isoformat(), "heard_s": 400}]}
    api.post("/api/v1/plays", told, content_type="application/json")
    assert get(api, "statistics")["plays"] == counted


def test_the_number_of_queries_does_not_grow(api: Client, listener: User) -> None:
    numbers = set()
    for count in (2, 30):
        for _ in range(count):
            track, *_ = make_album(f"T{Track.objects.count()}", f"A{Track.objects.count()}")
            heard(listener, NOON, track)
            name = f"L{LostItem.objects.count()}"
            lost = LostItem.objects.create(title=name, artist=name, album=name)
            heard(listener, NOON, lost)
        statistics.kept_statistics.forget()
        with CaptureQueriesContext(connection) as queries:
            get(api, "statistics?limit=100")
        numbers.add(len(queries))
    assert len(numbers) == 1
    assert max(numbers) < 25


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("tz=Middle/Earth", "tz: should be a time zone such as Europe/Vienna"),
        ("tz=../etc/passwd", "tz: should be a time zone"),
        ("tz=", "tz: should be a time zone"),
        ("from=2026-13-01", "from: "),
        ("from=1800-01-01", "from: should be between"),
        ("from=2026-03-01&until=2026-03-01", "from: should be before until"),
        ("limit=101", "limit"),
        ("form=2026-03-01", "form"),
    ],
)
def test_what_cannot_be_is_refused(api: Client, query: str, complaint: str) -> None:
    assert complaint in error(api.get(f"/api/v1/statistics?{query}"), 422, "invalid")
