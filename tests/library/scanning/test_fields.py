"""What is stored of a file's genres, credits and release beside the track's own columns."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from library.files.walk import FoundFile
from library.models.albums import Album, AlbumLabel
from library.models.catalogue import Artist, Track, TrackArtist, TrackGenre
from library.models.genres import Genre, Label
from library.models.revision import NextRevision
from library.queries.groupings import genres, labels
from library.scanning.presence import mark_missing, restore
from library.scanning.store import prepare, store_tracks
from library.scanning.track_rows import Change, TrackWrite
from library.tags import Contributor, ReadFile, TrackTags
from tests.library.scanning.conftest import settle
from tests.web.library_rows import join_tracks

pytestmark = pytest.mark.django_db(transaction=True)
_minutes = count()


def found(path: str) -> FoundFile:
    return FoundFile("/music", path, 1, 1, 0, 0, "", "")


def tags(title: str = "T", **fields: Any) -> TrackTags:
    fields.setdefault("genre", next(iter(fields.get("genres", ())), ""))
    return TrackTags(title, **fields)


def store(*read: TrackTags, known: Sequence[int] = ()) -> int | None:
    """Store these files, `1.flac` and so on, as new tracks or as those in `known`, and work out
    their albums. Returns the revision that the tracks raised. Each call is a minute after the one
    before."""
    writes = [
        TrackWrite(
            Change.UPDATED if known else Change.ADDED,
            known[number] if known else None,
            found(f"{each.title}.flac"),
            ReadFile(each, mtime_ns=1, size_bytes=1),
            each,
        )
        for number, each in enumerate(read)
    ]
    batch = prepare(writes, timezone.now() + timedelta(minutes=next(_minutes)))
    revision = NextRevision()
    with transaction.atomic():
        store_tracks(batch, revision)
    settle()
    return revision.raised


def genres_of(title: str) -> list[str]:
    rows = TrackGenre.objects.filter(track__title=title).order_by("position")
    return list(rows.values_list("genre__name", flat=True))


def credits_of(title: str) -> list[tuple[str, str, str]]:
    rows = TrackArtist.objects.filter(track__title=title).order_by("role", "position")
    return list(rows.values_list("role", "artist__name", "instrument"))


def test_genres_keep_their_order_and_are_one_whatever_their_case() -> None:
    store(tags("a", genres=("Jazz", "Soul", "jazz")), tags("b", genres=("JAZZ",)), tags("c"))
    assert genres_of("a") == ["Jazz", "Soul"]
    assert genres_of("b") == ["Jazz"]
    assert genres_of("c") == []
    assert Genre.objects.count() == 2
    assert Track.objects.get(title="a").genre == "Jazz"


def test_genres_are_replaced_when_a_file_is_read_again() -> None:
    store(tags("a", genres=("Jazz", "Soul")), tags("b", genres=("Soul",)))
    a = Track.objects.get(title="a")
    assert store(tags("a", genres=("Funk", "Soul")), known=[a.pk])
    assert (genres_of("a"), genres_of("b")) == (["Funk", "Soul"], ["Soul"])


def test_every_role_is_stored_with_instruments() -> None:
    store(
        tags(
            "a",
            artists=("Miles Davis",),
            composers=("Wayne Shorter",),
            composer_sort_names=("Shorter, Wayne",),
            contributors=(
                Contributor("performer", "Herbie Hancock", "piano"),
                Contributor("producer", "Teo Macero"),
                Contributor("performer", "Herbie Hancock", "organ"),
                Contributor("performer", "Herbie Hancock", "piano"),
                Contributor("performer", "Ron Carter", "bass"),
            ),
        )
    )
    assert credits_of("a") == [
        ("artist", "Miles Davis", ""),
        ("composer", "Wayne Shorter", ""),
        ("performer", "Herbie Hancock", "piano"),
        ("performer", "Herbie Hancock", "organ"),
        ("performer", "Ron Carter", "bass"),
        ("producer", "Teo Macero", ""),
    ]
    shorter = Artist.objects.get(name="Wayne Shorter")
    assert (shorter.sort_name, shorter.sort_key) == ("Shorter, Wayne", "shorter wayne")


@pytest.mark.parametrize(
    "change",
    [
        {"genres": ("Soul", "Jazz")},
        {"contributors": (Contributor("performer", "B", "organ"),)},
        {"contributors": (Contributor("arranger", "B"),)},
        {"labels": ("Blue Note",)},
        {"bpm": 120.5},
        {"comment": "é"},
        {"moods": ("calm",)},
    ],
)
def test_a_track_that_is_shown_as_before_keeps_its_revision(change: dict[str, Any]) -> None:
    fields: dict[str, Any] = {
        "album": "é",
        "genres": ("Jazz", "Soul é"),
        "labels": ("ECM é",),
        "release_types": ("album", "live"),
        "contributors": (Contributor("performer", "B", "piano"),),
        "disc_subtitle": "é",
        "disc_number": 12,
    }
    store(tags("a", **fields))
    known = [Track.objects.get().pk]
    assert store(tags("a", **fields), known=known) is None
    assert store(tags("a", **{**fields, **change}), known=known)


def test_an_album_has_the_fields_of_its_tracks() -> None:
    shared = {
        "album": "Ten Days",
        "album_sort": "10 Days",
        "album_artist": "The Band",
        "album_artist_sort": "Band, The",
        "musicbrainz_release_group_id": "11111111-2222-4333-8444-555555555555",
        "release_types": ("album", "live"),
    }
    store(
        tags("1", track_number=1, disc_number=1, genres=("Pop",), year=2001, **shared),
        tags(
            "2",
            disc_number=2,
            disc_subtitle="Encore",
            genres=("Rock", "pop"),
            labels=("ECM", "ecm", "Blue Note"),
            catalogue_number="ECM 1064",
            edition="Deluxe",
            original_date="1975-03",
            release_date="2001-05-01",
            year=2001,
            duration_s=2.5,
            **shared,
        ),
        tags("3", disc_number=2, genres=("Rock", "Pop"), original_date="1975", **shared),
    )
    album = Album.objects.get()
    assert (album.title_sort, album.title_key) == ("10 Days", "10 days")
    assert (album.album_artist_sort, album.artist_key) == ("Band, The", "band the")
    assert (album.year, album.first_year, album.first_date) == (2001, 1975, "1975-03")
    assert (album.original_date, album.release_date) == ("1975-03", "2001-05-01")
    assert album.release_types == ["album", "live"]
    assert (album.edition, album.catalogue_number) == ("Deluxe", "ECM 1064")
    assert album.labels == ["ECM", "Blue Note"]
    assert album.genres == ["Pop", "Rock"]
    assert album.disc_titles == {"2": "Encore"}
    assert album.musicbrainz_release_group_id == shared["musicbrainz_release_group_id"]
    assert [row.label.name for row in album.album_labels.all()] == ["ECM", "Blue Note"]


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ({}, ""),
        ({"year": 999}, "0999"),
        ({"year": 2001, "release_date": "2001-05-06"}, "2001-05-06"),
        ({"year": 2001, "original_date": "1975", "release_date": "2001-05-06"}, "1975"),
    ],
)
def test_an_album_is_sorted_by_the_date_of_its_first_release(
    fields: dict[str, Any], date: str
) -> None:
    store(tags("1", album="A", album_artist="B", **fields))
    assert Album.objects.get().first_date == date


def test_a_genre_that_comes_back_is_the_same_one() -> None:
    store(tags("1", genres=("Jazz",)))
    known, jazz = [Track.objects.get().pk], Genre.objects.get()
    store(tags("1", genres=("Rock",)), known=known)
    assert [group.name for group in genres()] == ["Rock"]
    store(tags("1", genres=("jazz",)), known=known)
    assert [(group.id, group.name) for group in genres()] == [(jazz.pk, "Jazz")]


def test_genres_and_labels_are_listed_as_most_albums_spell_them() -> None:
    old = {"genres": ("rock",), "labels": ("blue note",)}
    store(*(tags(title, album=title, **old) for title in "123"))
    known = [*Track.objects.order_by("title").values_list("pk", flat=True)]
    mended = {"genres": ("Rock",), "labels": ("Blue Note",)}
    store(tags("1", album="1", **mended), known=known[:1])
    assert [group.name for kind in (genres, labels) for group in kind()] == ["rock", "blue note"]
    store(tags("2", album="2", **mended), known=known[1:2])
    assert [group.name for kind in (genres, labels) for group in kind()] == ["Rock", "Blue Note"]


def test_an_album_that_is_retagged_is_not_added_again() -> None:
    store(tags("1", album="Wrong", album_artist="B"))
    track = Track.objects.get()
    store(tags("2", album="Newer", album_artist="B"))
    store(tags("1", album="Right", album_artist="B"), known=[track.pk])
    in_order = Album.objects.listed().order_by("first_added_at")
    assert [album.title for album in in_order] == ["Right", "Newer"]
    assert in_order[0].first_added_at == track.added_at


def test_an_album_follows_its_labels() -> None:
    store(tags("1", album="A", album_artist="B", labels=("ECM",)))
    known = [Track.objects.get().pk]
    store(tags("1", album="A", album_artist="B", labels=("ecm",)), known=known)
    assert Label.objects.count() == 1
    store(tags("1", album="A", album_artist="B", labels=("Blue Note",)), known=known)
    assert [row.label.name for row in AlbumLabel.objects.all()] == ["Blue Note"]
    store(tags("1", album="A", album_artist="B"), known=known)
    assert not AlbumLabel.objects.exists()


def test_a_label_written_in_two_ways_counts_an_album_once() -> None:
    store(tags("1", album="A", album_artist="B", labels=("Caf\u00e9", "Cafe\u0301", "ECM")))
    assert [row.label.name for row in AlbumLabel.objects.all()] == ["Caf\u00e9", "ECM"]
    assert [(each.name, each.track_count, each.album_count) for each in labels()] == [
        ("Caf\u00e9", 1, 1),
        ("ECM", 1, 1),
    ]


def totals() -> tuple[int, float, Any]:
    return Album.objects.values_list("track_count", "duration_s", "first_added_at").get(title="A")


def test_the_totals_of_an_album_are_those_of_its_present_tracks() -> None:
    """Whatever happens to a track."""
    of_album: dict[str, Any] = {"album": "A", "album_artist": "B"}
    store(tags("1", duration_s=1.5, **of_album))
    store(tags("2", duration_s=2, **of_album))
    one, two = (Track.objects.get(title=title) for title in "12")
    assert totals() == (2, 3.5, one.added_at)
    store(tags("2", duration_s=4, **of_album), known=[two.pk])
    assert totals() == (2, 5.5, one.added_at)

    mark_missing([one.pk], timezone.now(), NextRevision())
    assert totals() == (1, 4, two.added_at)
    mark_missing([two.pk], timezone.now(), NextRevision())
    assert totals() == (0, 0, None)
    assert not Album.objects.listed().filter(title="A").exists()
    restore({one.pk: found("1.flac")}, timezone.now(), NextRevision())
    assert totals() == (1, 1.5, one.added_at)

    store(tags("2", duration_s=4, **of_album), known=[two.pk])
    assert totals() == (2, 5.5, one.added_at)
    store(tags("2", album="Else"), known=[two.pk])
    assert totals() == (1, 1.5, one.added_at)
    store(tags("2", duration_s=4, **of_album), known=[two.pk])
    join_tracks({one.pk: two.pk})
    assert totals() == (1, 4, two.added_at)


def test_an_album_whose_tracks_all_are_missing_gets_a_new_revision() -> None:
    store(tags("1", album="A", album_artist="B", genres=("Jazz",)))
    revision = NextRevision()
    mark_missing([Track.objects.get().pk], timezone.now(), revision)
    album = Album.objects.get()
    assert (album.track_count, album.revision) == (0, revision.raised)
    assert album.title == "A"


def test_lists_are_sorted_by_the_sort_forms() -> None:
    store(
        tags(
            "The Zoo",
            title_sort="Zoo, The",
            artist="The Band",
            artist_sort="Band, The",
            album="The Box",
            album_sort="Box, The",
        )
    )
    track = Track.objects.get()
    assert (track.title_key, track.artist_key, track.album_key) == (
        "zoo the",
        "band the",
        "box the",
    )


@pytest.mark.parametrize(
    "search",
    ["tchaikovsky", "чайковский", "романтика", "1877", "1998", "swan lake chamber", "lebedinoje"],
)
def test_a_search_finds_composer_genre_year_and_sort_forms(search: str) -> None:
    store(
        tags(
            "Swan Lake",
            title_sort="Lebedinoje",
            composer="Чайковский",
            composer_sort="Tchaikovsky",
            genres=("Chamber", "Романтика"),
            original_date="1877-03-04",
            year=1998,
        ),
        tags("Else"),
    )
    assert [track.title for track in Track.objects.search(search)] == ["Swan Lake"]


def test_a_search_finds_albums_by_title_artist_genre_and_year() -> None:
    store(
        tags("1", album="Öl", album_sort="Oil", album_artist="B", genres=("Jazz",), year=1999),
        tags("2", album="Else", album_artist="B"),
    )
    for search in ("ol", "oil", "jazz", "1999 b"):
        assert [album.title for album in Album.objects.search(search)] == ["Öl"], search
