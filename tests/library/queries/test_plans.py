"""How the databases find lists: by walking the index of the order, without sorting, and by the
indexes of what is filtered by."""

from itertools import product
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.models.albums import Album, AlbumLabel
from library.models.catalogue import Artist, ArtistRole, Track, TrackArtist
from library.models.genres import Genre, Label
from library.queries import lists
from library.queries.albums import AlbumFilter
from library.queries.artists import ArtistFilter, ComposerFilter
from library.queries.filters import RowFilter
from library.queries.lists import RowList
from library.queries.orders import TRACK_ORDERS
from library.queries.tracks import TrackFilter
from tests.databases import IS_POSTGRESQL
from tests.kept_lists import forget_lists
from tests.web.library_rows import add_genres, unsaved_track

pytestmark = pytest.mark.django_db(transaction=True)
TRACKS = 4_000
GROUPS = 400
"""Albums and artists of ten tracks. Half of the tracks match a search, a twentieth a genre."""


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough tracks that PostgreSQL finds an index worth while."""
    monkeypatch.setattr(lists, "_FEW", 100)
    names = [f"{number}" for number in range(GROUPS)]
    albums = Album.objects.bulk_create(
        [Album(key=each, title_key=each, track_count=10, first_year=1950) for each in names]
    )
    artists = Artist.objects.bulk_create([Artist(key=each, sort_key=each) for each in names])
    tracks = Track.objects.bulk_create(
        unsaved_track(
            year=1900 + number % 100,
            duration_s=number,
            genre="Jazz" if number % 20 == 0 else "Rock",
            search_text="often" if number % 2 == 0 else "seldom",
            album=albums[number % GROUPS],
            composer="of a row as wide as most" * 20,
        )
        for number in range(TRACKS)
    )
    TrackArtist.objects.bulk_create(
        TrackArtist(track=track, artist=artist, role=ArtistRole.ARTIST, position=0)
        for track, artist in zip(tracks, artists * (TRACKS // GROUPS), strict=True)
    )
    TrackArtist.objects.bulk_create(
        TrackArtist(track=track, artist=artists[0], role=ArtistRole.COMPOSER, position=0)
        for track in tracks[::40]
    )
    add_genres(tracks)
    label = Label.objects.create(key="ecm", name="ECM")
    AlbumLabel.objects.bulk_create(
        AlbumLabel(album=album, label=label, position=0) for album in albums[:20]
    )
    if IS_POSTGRESQL:
        vacuum()


def vacuum() -> None:
    """Until PostgreSQL knows that every row is visible, so that it may read an index alone. It
    cannot find out while another process, such as its own autovacuum, works on an older state."""
    deadline = monotonic() + 30
    with connection.cursor() as cursor:
        while monotonic() < deadline:
            cursor.execute("VACUUM ANALYZE library_track")
            cursor.execute(
                "SELECT relallvisible FROM pg_class WHERE oid = 'library_track'::regclass"
            )
            if cursor.fetchone()[0]:
                break
            sleep(0.1)
        cursor.execute("ANALYZE")


def plans(wanted: RowFilter, order: str = "title", offset: int = 0) -> tuple[str, str]:
    """How the matches are found, and how those of a page."""
    forget_lists()
    with CaptureQueriesContext(connection) as queries:
        RowList(filter=wanted, order=TRACK_ORDERS[order], state="").page(offset, 100)
    of_rows = (sql for each in queries if "library_word" not in (sql := each["sql"]))
    matches, page = map(plan, of_rows)
    return matches, page


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"{'EXPLAIN' if IS_POSTGRESQL else 'EXPLAIN QUERY PLAN'} {sql}", None)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def is_walked(found: str, order: str) -> bool:
    """Whether the plan walks the index of this order, so that nothing has to be sorted."""
    index = f"track_{order.removeprefix('-')}"
    if IS_POSTGRESQL:
        is_sorted = "Sort" in found or "Seq Scan" in found
        return not is_sorted and f"Index Only Scan using {index}" in found.replace(" Backward", "")
    return f"INDEX {index}" in found and "B-TREE" not in found


def test_each_order_is_walked_in_its_index() -> None:
    for search, order, offset in product(("", "often"), TRACK_ORDERS, (0, 900)):
        _, page = plans(TrackFilter(search=search), order, offset)
        assert is_walked(page, order), f"{search} {order}: {page}"


@pytest.mark.skipif(IS_POSTGRESQL, reason="PostgreSQL may sort these instead")
def test_many_matches_that_no_order_holds_are_walked_as_well() -> None:
    for order in TRACK_ORDERS:
        _, page = plans(TrackFilter(genre="Jazz"), order)
        assert is_walked(page, order), f"{order}: {page}"


def test_an_order_without_its_index_is_found_out() -> None:
    of_index = (
        "SELECT indexdef FROM pg_indexes WHERE indexname = 'track_title'"
        if IS_POSTGRESQL
        else "SELECT sql FROM sqlite_master WHERE name = 'track_title'"
    )
    with connection.cursor() as cursor:
        cursor.execute(of_index)
        definition: Any = cursor.fetchone()
        cursor.execute("DROP INDEX track_title")
        try:
            assert not is_walked(plans(TrackFilter())[1], "title")
        finally:
            cursor.execute(definition[0])


def test_what_matches_is_found_in_an_index() -> None:
    """And a page of few matches is looked up by their ids."""
    album, artist = Album.objects.earliest("pk").pk, Artist.objects.earliest("pk").pk
    searched = "Index Only Scan" if IS_POSTGRESQL else "COVERING INDEX track_search"
    genre, label = Genre.objects.get(name="Jazz").pk, Label.objects.get().pk
    for wanted, index in (
        (TrackFilter(search="often"), searched),
        (TrackFilter(genre="Jazz"), "track_of_genre"),
        (TrackFilter(genre_id=genre), "track_of_genre"),
        (TrackFilter(genre_id=genre, search="often"), "track_of_genre"),
        (TrackFilter(composer_id=artist), "credit_of_artist"),
        (TrackFilter(label_id=label), "track_of_album"),
        (TrackFilter(years=(1950, 1955)), "track_year"),
        (TrackFilter(album_id=album), "track_of_album"),
        (TrackFilter(artist_id=artist), "credit_of_artist"),
    ):
        matches, page = plans(wanted)
        for found in (matches, page):
            # PostgreSQL expects more of a genre whose name alone is known.
            if wanted.genre is None or not IS_POSTGRESQL:
                assert "Seq Scan on library_track " not in found, f"{wanted}: {found}"
        assert index in matches, f"{wanted}: {matches}"
        if wanted.album_id or wanted.artist_id:
            assert ("library_track_pkey" if IS_POSTGRESQL else "INTEGER PRIMARY KEY") in page, page


@pytest.mark.skipif(IS_POSTGRESQL, reason="PostgreSQL may join all albums and tracks instead")
def test_albums_and_artists_in_lists_are_found_in_indexes_of_their_tracks() -> None:
    for wanted, index in (
        (AlbumFilter(artist_id=1), "credit_of_artist"),
        (AlbumFilter(genre_id=1), "track_of_genre"),
        (AlbumFilter(label_id=1), "album_of_label"),
        (ArtistFilter(), "credit_of_artist"),
        (ComposerFilter(), "credit_of_artist"),
    ):
        with CaptureQueriesContext(connection) as queries:
            lists.kept_matches("", wanted)
        found = plan(queries.captured_queries[0]["sql"])
        assert index in found, found
