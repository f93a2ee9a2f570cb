"""What people are told who ask why."""

from library.albums.reasons import Apart, Reading, Together
from library.albums.releases import release_of
from library.albums.why import why_apart, why_together
from tests.library.albums.members import tracks

DUMMY = {"album_title": "Dummy", "album_artist": "Portishead"}


def test_albums_that_the_rules_would_make_one_have_no_reason_to_be_two() -> None:
    one = release_of(tracks("a", (1, 2), **DUMMY))
    other = release_of(tracks("b", (3, 4), **DUMMY))
    assert why_apart(one, other) is None


def test_albums_of_other_names_that_somebody_parted() -> None:
    one = release_of(tracks("a", (1, 2), album_by_hand="one", **DUMMY))
    other = release_of(tracks("a", (3, 4), album_by_hand="two", album_title="Third"))
    assert why_apart(one, other) is Apart.BY_HAND


def test_what_only_some_tracks_state_is_told() -> None:
    members = [
        *tracks("a", (1, 2), release_id="id", **DUMMY),
        *tracks("a", (3,), album_title="Dummy"),
        *tracks("a", (4,), album_title="Dummy", album_artist="PORTISHEAD"),
    ]
    assert why_together(release_of(members)) == (
        Together.RELEASE_ID,
        Reading.ID_ON_SOME,
        Reading.ARTIST_ON_SOME,
        Reading.SPELLING,
    )
