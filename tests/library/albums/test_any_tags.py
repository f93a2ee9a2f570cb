"""Whatever files say, each track that names an album is on one, and the order of tracks and of
folders makes no difference."""

import random

import pytest

from library.albums.members import Member
from library.albums.reasons import Apart
from library.albums.why import why_apart, why_together
from tests.library.albums.members import member, releases_of

FOLDERS = ("", "A", "A/CD1", "A/CD2", "A/X", "X", "X (Disc 1)", "X (Disc 2)", "Party", "B/Bonus CD")
TITLES = ("X", "X", "X", "x ", "X (Disc 1)", "X [CD2]", "Y", "", "Disc 1")
ARTISTS = ("", "A", "A", "A feat. B", "A & B", "B", "Various", "VA")


def random_member(random_: random.Random) -> Member:
    choice = random_.choice
    file_name = f"{choice(('01', '02', '3', ''))} {choice('abc')}.{choice(('mp3', 'flac'))}"
    return member(
        f"{choice(FOLDERS)}/{file_name}",
        album_title=choice(TITLES),
        album_artist=choice(ARTISTS),
        artist=choice(ARTISTS),
        release_id=choice(("", "", "", "1", "2")),
        release_group_id=choice(("", "", "g", "h")),
        year=choice((None, 1990, 1990, 2010)),
        edition=choice(("", "", "", "Deluxe")),
        catalogue_number=choice(("", "", "C1", "C2")),
        compilation=choice((False, False, False, True)),
        disc_number=choice((None, None, 1, 2)),
        album_by_hand=choice(("",) * 12 + ("m", "n")),
    )


def random_members(random_: random.Random) -> list[Member]:
    some = (random_member(random_) for _ in range(random_.choice((2, 5, 12, 40))))
    return list({(each.folder, each.file_name): each for each in some}.values())


@pytest.mark.parametrize("seed", range(100))
def test_each_track_is_on_one_album_in_any_order(seed: int) -> None:
    random_ = random.Random(seed)
    members = random_members(random_)
    found = releases_of(members)
    ids = [each.track_id for release in found for each in release.members]
    named = [each for each in members if each.album_title or each.release_id or each.album_by_hand]
    assert sorted(ids) == sorted(each.track_id for each in named)
    for release in found:
        assert why_together(release)
        namesakes = [other for other in found if other.key == release.key and other is not release]
        assert bool(release.apart_by) == bool(namesakes)
        assert release.disambiguation not in {other.disambiguation for other in namesakes}
        for other in found:
            assert other is release or why_apart(release, other) in Apart
    marks = [{each.album_by_hand for each in release.members} - {""} for release in found]
    assert all(len(own) <= 1 for own in marks)
    assert len([own for own in marks if own]) == len(set().union(*marks))
