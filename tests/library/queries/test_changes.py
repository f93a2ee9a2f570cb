"""How the databases find what changed: by indexes of the revision, in their order."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.models.albums import Album
from library.models.catalogue import Artist, ArtistRole, Track, TrackArtist
from library.models.folders import Folder
from library.models.tombstones import Tombstone
from library.queries import changes
from library.queries.changes import START, FindChanges, Place, Span
from tests.databases import IS_POSTGRESQL
from tests.library.queries.test_plans import plan
from tests.web.library_rows import unsaved_track

pytestmark = pytest.mark.django_db(transaction=True)
GROUPS = 400 if IS_POSTGRESQL else 60
TRACKS = GROUPS * 10


@pytest.fixture(autouse=True)
def library() -> None:
    """Ten tracks of each album, artist and folder. Each row has a revision of its own."""
    numbers = range(1, GROUPS + 1)
    folders = Folder.objects.bulk_create(
        Folder(root="/music", path=f"{each}", name=f"{each}", total_track_count=1, revision=each)
        for each in numbers
    )
    albums = Album.objects.bulk_create(
        Album(key=f"{each}", title_key=f"{each}", track_count=10, revision=each) for each in numbers
    )
    artists = Artist.objects.bulk_create(
        Artist(key=f"{each}", sort_key=f"{each}", revision=each) for each in numbers
    )
    tracks = Track.objects.bulk_create(
        unsaved_track(
            album=albums[number % GROUPS],
            folder=folders[number % GROUPS],
            revision=number,
            composer="of a row as wide as most" * 20,
        )
        for number in range(TRACKS)
    )
    TrackArtist.objects.bulk_create(
        TrackArtist(track=track, artist=artist, role=ArtistRole.ARTIST, position=0)
        for track, artist in zip(tracks, artists * (TRACKS // GROUPS), strict=True)
    )
    Tombstone.objects.bulk_create(
        Tombstone(kind="track", row_id=TRACKS + each, revision=each) for each in range(TRACKS)
    )
    if IS_POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def plan_of(find: FindChanges, span: Span, after: Place = START) -> str:
    with CaptureQueriesContext(connection) as queries:
        assert find(span, after, 20)
    return plan(queries.captured_queries[0]["sql"])


@pytest.mark.parametrize("after", [START, (45, 5)])
def test_changes_of_a_revision_are_walked_in_its_index(after: Place) -> None:
    """All kinds on one library, which takes PostgreSQL seconds to make."""
    kinds: list[tuple[FindChanges, str]] = [
        (changes.changed_tracks, "track_revision"),
        (changes.changed_albums, "album_revision"),
        (changes.deleted_rows, "tombstone_revision"),
    ]
    for find, index in kinds:
        found = plan_of(find, Span(since=30, upto=50), after)
        assert index in found, found
        if not IS_POSTGRESQL:  # which sorts the few rows that have one revision
            assert "B-TREE" not in found, found


@pytest.mark.skipif(IS_POSTGRESQL, reason="PostgreSQL may read these few rows whole")
@pytest.mark.parametrize(
    ("find", "indexes"),
    [
        (changes.changed_artists, {"artist_revision", "track_revision", "credit_of_artist"}),
        (changes.changed_folders, {"folder_revision", "track_revision"}),
    ],
)
def test_what_is_computed_from_tracks_is_found_by_what_changed(
    find: FindChanges, indexes: set[str]
) -> None:
    found = plan_of(find, Span(since=TRACKS - 10, upto=TRACKS))
    assert all(index in found for index in indexes), found
    assert "SCAN library" not in found, found
    assert "SCAN U0" not in found, found


def test_each_change_is_found_once_in_portions_of_any_length() -> None:
    for find in changes.CHANGES:
        for since in (None, 0, TRACKS - 50):
            span = Span(since=since, upto=TRACKS)
            whole = find(span, START, 100_000)
            after, portions = START, []
            while found := find(span, after, 37):
                portions += found
                after = found[-1].place
            assert portions == whole
            assert len({each.id for each in whole}) == len(whole)
