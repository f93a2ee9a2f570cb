"""A thousand albums with the hard cases among them: none is merged, none is parted wrongly."""

import random
from collections import defaultdict

import pytest

from library.albums.releases import Release, releases
from tests.library.albums.collection import all_files, collection
from tests.library.albums.members import member, paths, unit_albums_of
from tests.library.albums.test_rules import fields

ALBUMS = collection(1_000)


def releases_in_order(seed: int) -> list[Release]:
    """The releases of the collection, its tracks in a random order."""
    members = [member(path, **fields(tags)) for path, tags in all_files(ALBUMS).items()]
    random.Random(seed).shuffle(members)
    albums = unit_albums_of(members)
    random.Random(seed).shuffle(albums)
    return releases(albums)


@pytest.mark.parametrize("seed", range(5))
def test_each_album_is_one_and_no_two_are(seed: int) -> None:
    found = {tuple(paths(each)) for each in releases_in_order(seed)}
    wanted = {tuple(sorted(each)) for each in ALBUMS}
    assert len(wanted) >= 1_000
    assert (found - wanted, wanted - found) == (set(), set())


def test_albums_of_one_name_are_told_apart() -> None:
    by_key = defaultdict(list)
    for each in releases_in_order(0):
        by_key[each.key].append(each)
    namesakes = [group for group in by_key.values() if len(group) > 1]
    assert len(namesakes) > 100
    for group in namesakes:
        assert all(each.apart_by for each in group)
        assert len({each.disambiguation for each in group}) == len(group)
    alone = [group[0] for group in by_key.values() if len(group) == 1]
    assert not any(each.apart_by or each.disambiguation for each in alone)
