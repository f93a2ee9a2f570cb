"""Which album keeps which id."""

from itertools import count

from library.albums.kept_ids import AlbumBefore, keep_ids
from library.albums.members import Member
from library.albums.reasons import Together
from library.albums.releases import Release

_ids = count(1)


def release(*album_ids: int | None, key: str = "new", release_id: str = "") -> Release:
    """A release of tracks that were on these albums."""
    members = tuple(
        Member(
            track_id=next(_ids), root="/music", folder="a", file_name="1.flac", album_id=album_id,
            album_by_hand="", title="T", artist="A", album_title="B", album_artist="A",
            release_id=release_id, release_group_id="", year=None, release_date="", edition="",
            catalogue_number="", compilation=False, codec="flac", disc_number=None,
            track_number=None, duration_s=1.0,
        )
        for album_id in album_ids
    )  # fmt: skip
    return Release(key, "B", "A", release_id, Together.ALBUM_ARTIST, None, "", members)


def test_a_release_keeps_the_id_that_most_of_its_tracks_had() -> None:
    kept = keep_ids([release(7, 9, 9, None)])
    assert kept.ids == [9]
    assert kept.replaced == {7: 0}


def test_of_two_that_as_many_had_it_keeps_the_lower_one() -> None:
    kept = keep_ids([release(9, 7, 9, 7)])
    assert kept.ids == [7]
    assert kept.replaced == {9: 0}


def test_an_id_goes_to_the_release_with_most_of_its_tracks() -> None:
    kept = keep_ids([release(7), release(7, 7), release(None)])
    assert kept.ids == [None, 7, None]
    assert kept.replaced == {}


def test_of_two_halves_the_one_that_has_the_name_of_before_keeps_the_id() -> None:
    before = {7: AlbumBefore("old", "", 0)}
    kept = keep_ids([release(7, 7, key="new"), release(7, 7, key="old")], before)
    assert kept.ids == [None, 7]


def test_missing_tracks_count_for_the_release_that_has_the_name_of_before() -> None:
    before = {7: AlbumBefore("old", "", 2)}
    kept = keep_ids([release(7, 7, key="new"), release(7, key="old")], before)
    assert kept.ids == [None, 7]


def test_an_album_of_which_more_tracks_are_missing_than_went_elsewhere_stays() -> None:
    kept = keep_ids([release(7, 9, 9)], {7: AlbumBefore("old", "", 2)})
    assert kept.ids == [9]
    assert kept.replaced == {}
    kept = keep_ids([release(7)], {7: AlbumBefore("old", "", 2)})
    assert kept.ids == [None]


def test_new_tracks_take_the_album_of_their_name_of_which_nothing_else_is_there() -> None:
    before = {7: AlbumBefore("new", "", 5)}
    assert keep_ids([release(None, None)], before).ids == [7]
    assert keep_ids([release(None)], {7: AlbumBefore("new", "x", 5)}).ids == [None]
    assert keep_ids([release(None), release(7, key="other")], before).ids == [7, None]


def test_an_album_of_which_fewer_tracks_are_missing_becomes_part_of_the_other() -> None:
    kept = keep_ids([release(7, 7, 9, 9, 9)], {7: AlbumBefore("old", "", 2)})
    assert kept.ids == [9]
    assert kept.replaced == {7: 0}
