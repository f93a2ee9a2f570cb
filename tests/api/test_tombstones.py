"""Ids of rows that were joined with others go on being answered."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from library.media.cover_rows import FINDERS
from library.media.tracks import TrackUnavailable, find_track
from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.revision import Revision
from library.models.tombstones import KEPT, Tombstone
from library.queries.tombstones import living_id, living_ids
from library.scanning import purge_missing
from tests.api.library import credit, error, get, make_album, make_artist, on_album
from tests.web.library_rows import join_tracks, make_track

pytestmark = pytest.mark.django_db


def join(goes: Track, stays: Track) -> int:
    """Returns the id that goes, which the row forgets."""
    gone = goes.pk
    join_tracks({gone: stays.pk})
    return int(gone)


def bury(model: type[Album] | type[Artist], gone: int, stays: int) -> None:
    model.objects.filter(pk=gone).delete()
    Tombstone.objects.bury(model, [gone], Revision.objects.raised(), {gone: stays})


def test_a_track_is_found_by_the_id_of_one_that_was_joined_with_it(api: Client) -> None:
    first, second, third = (make_track() for _ in range(3))
    a = join(first, second)
    b = join(second, third)  # a chain
    for gone in (a, b):
        assert get(api, f"tracks/{gone}")["id"] == third.pk
        assert find_track(gone).path == third.path
    body = get(api, f"tracks?ids={a},{third.pk},{b}")
    assert [row["id"] for row in body["results"]] == [third.pk] * 3
    assert Tombstone.objects.get(row_id=a).revision < Tombstone.objects.get(row_id=b).revision
    assert Tombstone.objects.get(row_id=b).revision == Revision.objects.get().number


def test_a_cover_is_found_by_the_id_of_one_that_was_joined_with_it() -> None:
    stays = make_track(has_cover=True, cover_id="abc", cover_file_name="cover.jpg")
    gone = join(make_track(), stays)
    assert FINDERS["tracks"](gone).what == f"track {stays.pk}"


def test_albums_and_artists_too_and_filters_by_them(api: Client) -> None:
    album, artist = make_album("Album", "Artist"), make_artist("Artist")
    track = on_album(album, title="Track")
    credit(track, artist)
    bury(Album, 700, album.pk)
    bury(Artist, 800, artist.pk)
    assert get(api, "albums/700")["id"] == album.pk
    assert get(api, "artists/800")["id"] == artist.pk
    assert [row["id"] for row in get(api, "albums?artist=800")["results"]] == [album.pk]
    for filters in ("album=700", "artist=800", "album=700&artist=800"):
        assert [row["id"] for row in get(api, f"tracks?{filters}")["results"]] == [track.pk]
        assert get(api, f"tracks/ids?{filters}")["ids"] == [track.pk]


def test_what_was_purged_is_not_found(api: Client) -> None:
    gone, stays = make_track(missing=True), make_track()
    before = join(make_track(), gone)
    purge_missing()
    for pk in (gone.pk, before):
        error(api.get(f"/api/v1/tracks/{pk}"), 404, "not_found")
        with pytest.raises(TrackUnavailable):
            find_track(pk)
    stone = Tombstone.objects.get(row_id=gone.pk)
    assert (stone.kind, stone.replaced_by) == ("track", None)
    assert stone.revision <= Revision.objects.get().number
    assert get(api, f"tracks?ids={before},{stays.pk}")["count"] == 1


def test_a_row_that_is_there_costs_no_look_at_tombstones(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    track = make_track()
    with django_assert_num_queries(1):
        find_track(track.pk)


def test_a_purge_buries_tracks_albums_and_artists() -> None:
    track = make_track(missing=True)
    track.album = make_album("Album", "Artist")
    track.save()
    artist = make_artist("Artist")
    credit(track, artist)
    purge_missing()
    assert set(Tombstone.objects.values_list("kind", "row_id")) == {
        ("track", track.pk),
        ("album", track.album.pk),
        ("artist", artist.pk),
    }


def test_circles_and_endless_chains_end() -> None:
    for gone, stays in ((1, 2), (2, 1), (5, 5)):
        Tombstone.objects.bury(Track, [gone], 1, {gone: stays})
    assert living_ids(Track, [1, 2, 3, 5]) == {}
    for gone in range(1000, 1200):
        Tombstone.objects.bury(Track, [gone], 1, {gone: gone + 1})
    assert living_id(Track, 1190) == 1200
    living_id(Track, 1000)  # comes to an end


def test_a_tombstone_is_kept_for_half_a_year() -> None:
    for row_id, age in ((1, KEPT - timedelta(hours=1)), (2, KEPT + timedelta(hours=1))):
        Tombstone.objects.bury(Track, [row_id], 1)
        Tombstone.objects.filter(row_id=row_id).update(deleted_at=timezone.now() - age)
    make_track(missing=True)
    purge_missing()  # like a scan, it takes old ones away at its end
    assert Tombstone.objects.filter(row_id=1).exists()
    assert not Tombstone.objects.filter(row_id=2).exists()
