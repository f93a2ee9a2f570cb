"""Rows of other apps follow an artist that becomes one with another."""

from collections.abc import Collection, Mapping
from typing import Any

import pytest
from django.db import transaction

from library import followers
from library.models.catalogue import Artist, TrackArtist
from library.models.revision import NextRevision, Revision
from library.models.successions import Succession
from library.models.tombstones import Tombstone
from library.scanning.successors import find_heirs, join_heirs, note_successors
from tests.api.library import credit, make_artist
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db


class Favourites(followers.Follower):
    """Follows a foreign key to artists, and notes what it is told."""

    model = Succession
    field_name = "successor"

    def __init__(self) -> None:
        self.joined: list[Mapping[int, int]] = []

    def join(self, replaced: Mapping[int, int]) -> None:
        assert Artist.objects.filter(pk__in={*replaced, *replaced.values()}).count() > 1
        self.joined.append(dict(replaced))

    def purge(self, ids: Collection[int]) -> int:
        return len(ids)

    def describe(self, count: int) -> str:
        return f"{count}"


@pytest.fixture
def favourites(monkeypatch: pytest.MonkeyPatch) -> Favourites:
    follower = Favourites()
    registered: Any = followers._followers
    monkeypatch.setitem(registered, (follower.model, follower.field_name), follower)
    return follower


def join() -> None:
    with transaction.atomic():
        join_heirs(find_heirs(), NextRevision())


def succeed(artist: Artist, successor: Artist | None, *, is_new: bool = False) -> None:
    Succession.objects.create(artist=artist, successor=successor, is_new=is_new)


def test_followers_are_told_before_the_rows_go(favourites: Favourites) -> None:
    old, other, new = (make_artist(name) for name in ("Bjork", "Bjoerk", "Björk"))
    credit(make_track(), new)
    succeed(old, new, is_new=True)
    succeed(other, new, is_new=True)
    join()
    assert favourites.joined == [{other.pk: old.pk, new.pk: old.pk}]
    artist = Artist.objects.get()
    assert (artist.pk, artist.name, artist.key) == (old.pk, "Björk", "björk")
    assert TrackArtist.objects.get().artist_id == old.pk
    assert artist.revision == Revision.objects.get().number
    assert set(Tombstone.objects.values_list("replaced_by", flat=True)) == {old.pk}


def test_a_chain_of_names_ends_at_the_last(favourites: Favourites) -> None:
    first, second, third = (make_artist(name) for name in ("A", "B", "C"))
    credit(make_track(), third)
    succeed(first, second)
    succeed(second, third)
    join()
    assert favourites.joined == [{first.pk: third.pk, second.pk: third.pk}]
    assert Artist.objects.get().pk == third.pk


def test_a_circle_of_names_and_several_successors_join_nothing() -> None:
    first, second, third = (make_artist(name) for name in ("A", "B", "C"))
    succeed(first, second)
    succeed(second, first)
    succeed(third, None)
    assert find_heirs() == []


def test_names_that_point_at_one_that_goes_point_at_the_one_that_stays() -> None:
    first, second, third = (make_artist(name) for name in ("A", "B", "C"))
    for artist in (first, third):
        credit(make_track(), artist)
    succeed(second, third)
    succeed(first, second)
    join()
    assert Succession.objects.get().successor_id == third.pk


def test_exchanged_names_stay() -> None:
    first, second = make_artist("A"), make_artist("B")
    track, other = credit(make_track(), first), credit(make_track(), second)
    before = {track.pk: {"artist": [first.pk]}, other.pk: {"artist": [second.pk]}}
    rows = [(track.pk, second.pk, "artist", 0, ""), (other.pk, first.pk, "artist", 0, "")]
    note_successors(before, rows, newest_before=second.pk)
    assert Succession.objects.count() == 2
    assert find_heirs() == []
