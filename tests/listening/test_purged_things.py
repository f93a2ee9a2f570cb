"""What people made outlives a purge, and belongs to its track again when the files return."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains

from events.marks import mark_numbers
from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from library.queries.tombstones import living_ids
from library.scanning import count_purgeable, purge_missing
from listening.models import (
    Favourite,
    LostItem,
    LostKind,
    Playlist,
    PlaylistEntry,
    PlayQueue,
    Rating,
)
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan, scan
from tests.listening.own_things import everywhere, make_things, where
from tests.other_sounds import give_sound
from tests.web.library_rows import make_track, make_tracks

__all__ = ["scan"]

pytestmark = pytest.mark.django_db

USES = (
    *("2 favourites", "1 favourite album", "2 ratings", "2 plays", "2 play counts", "2 bookmarks"),
    "2 places in playlists",
)


@pytest.fixture
def ada() -> User:
    return User.objects.create(username="ada")


def ids_by_title() -> dict[str, int]:
    return dict(Track.objects.values_list("title", "pk"))


class TestReturn:
    @pytest.fixture
    def album(self, music: Path, tmp_path: Path, scan: Scan, ada: User) -> Path:
        """Three tracks with everything that a person can make of them, purged; their files are in
        the folder that is returned."""
        for number in range(3):
            tags: dict[str, Any] = {"artist": "Björk", "album": "Post", "track_number": number + 1}
            path = make_audio(music / "Post" / f"{number}.flac", title=f"Song {number}", **tags)
            give_sound(path, number + 1)
        make_audio(music / "other.mp3", title="Other")
        scan()
        make_things(ada, self.ids())
        Favourite.objects.create(user=ada, album=Album.objects.get(title="Post"))
        Favourite.objects.create(user=ada, artist=Artist.objects.get(name="Björk"))
        Rating.objects.create(user=ada, folder=Folder.objects.get(path="Post"), stars=5)
        self.former = self.ids()
        shutil.move(music / "Post", tmp_path / "away")
        scan(allow_empty=True)
        assert purge_missing().tracks == 3
        assert where(ada)["Play"] == [None] * 3
        return tmp_path / "away"

    def ids(self) -> list[int]:
        tracks = Track.objects.filter(album_title="Post").order_by("track_number")
        return [*tracks.values_list("pk", flat=True)]

    def test_things_wait_and_belong_to_the_same_files_again(
        self, music: Path, scan: Scan, album: Path, ada: User
    ) -> None:
        assert LostItem.objects.count() == 6
        shutil.move(album, music / "Post")
        scan(batch_size=2)
        now = self.ids()
        assert not {*now} & {*self.former}
        found = where(ada)
        assert [found.pop(name)[:3] for name in ("Favourite", "Rating")] == [now, now]
        assert found.items() <= everywhere(*now).items()
        assert Favourite.objects.get(album__title="Post").lost is None
        assert Favourite.objects.get(artist__name="Björk").lost is None
        assert Rating.objects.get(folder__path="Post").lost is None
        assert not LostItem.objects.exists()
        assert living_ids(Track, self.former) == dict(zip(self.former, now, strict=True))

    def test_they_are_found_by_sound_or_by_tags(
        self, music: Path, scan: Scan, album: Path, ada: User
    ) -> None:
        """One has other tags and another name, one another sound, one another sound and title."""
        (music / "New").mkdir()
        retag(album / "0.flac", title="Renamed", artist="Somebody", album="Else")
        shutil.move(album / "0.flac", music / "New" / "renamed.flac")
        for number in (1, 2):
            give_sound(album / f"{number}.flac", 100 + number)
            shutil.move(album / f"{number}.flac", music / "New" / f"{number}.flac")
        retag(music / "New" / "2.flac", title="Another song")
        scan()
        ids = ids_by_title()
        assert where(ada)["PlaylistEntry"] == [ids["Renamed"], ids["Song 1"], None]
        assert mark_numbers(ada.pk)["playlists"]

    def test_of_two_copies_each_is_what_it_was(
        self, music: Path, scan: Scan, album: Path, ada: User
    ) -> None:
        """Two tracks of one sound, of which the other one comes back first."""
        shutil.copytree(album, music / "Post")
        copy = music / "Best of" / "9.flac"
        copy.parent.mkdir()
        shutil.copy(album / "0.flac", copy)
        retag(copy, album="Best of", track_number=9)
        scan()
        best = Track.objects.get(album_title="Best of").pk
        make_things(ada, [best])
        shutil.rmtree(music / "Post")
        aside = copy.rename(music.parent / "9.flac")
        scan(allow_empty=True)
        purge_missing()
        assert where(ada)["Play"] == [None] * 4
        aside.rename(copy)
        scan()
        best = Track.objects.get(album_title="Best of").pk
        assert where(ada)["Play"] == [None, None, None, best]
        shutil.move(album, music / "Post")
        scan()
        assert where(ada)["Play"] == [*self.ids(), best]

    def test_whoever_made_something_of_the_new_track_has_it_once(
        self, music: Path, scan: Scan, album: Path, ada: User
    ) -> None:
        """Imported and purged things that are about one track are made one."""
        lost = LostItem.objects.get(title="Song 0")
        other = LostItem.objects.get(pk=lost.pk)
        other.pk, other.former_id = None, None
        other.save()
        Favourite.objects.create(user=ada, lost=other)
        PlaylistEntry.objects.create(playlist=Playlist.objects.get(), lost=other, place=9)
        shutil.move(album, music / "Post")
        scan()
        now = self.ids()
        assert where(ada)["PlaylistEntry"] == [*now, now[0]]
        assert Favourite.objects.filter(track__isnull=False).count() == 3
        assert not LostItem.objects.exists()


def test_what_is_of_a_person_is_counted_before_and_said_afterwards(
    admin_client: Client, ada: User
) -> None:
    make_things(ada, [make_track(missing=True).pk for _ in range(2)])
    make_track(missing=True)
    uses = tuple(use for use in USES if use != "1 favourite album")
    counts = count_purgeable()
    assert (counts.in_use_as, counts.used_tracks) == (uses, 2)
    page = admin_client.get("/admin/library/track/purge/")
    for said in (*uses, "2 of the tracks are in use", "Purge only tracks that are not in use"):
        assertContains(page, said)
    page = admin_client.post("/admin/library/track/purge/", {"unused_alone": "x"}, follow=True)
    assertContains(page, "2 other missing tracks stay because they are in use as 2 favourites")
    assert Track.objects.count() == 2
    page = admin_client.post("/admin/library/track/purge/", follow=True)
    assertContains(page, "Purged 2 missing tracks")
    assert where(ada) == everywhere(None, None)


def test_a_purge_may_leave_what_is_of_a_person(ada: User) -> None:
    used = make_track(missing=True)
    make_track(missing=True)
    make_things(ada, [used.pk])
    purged = purge_missing(also_used=False)
    assert (purged.tracks, purged.left, purged.left_as[0]) == (1, 1, "1 favourite")
    assert [*Track.objects.all()] == [used]
    assert purge_missing().tracks == 1


def test_a_purge_of_many_takes_a_fixed_number_of_queries(ada: User) -> None:
    def queries(number: int) -> int:
        make_tracks(number, missing=True)
        make_things(ada, Track.objects.missing().values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as captured:
            assert purge_missing().tracks == number
        return len(captured)

    queries(1)  # the first purge of all makes a row more
    assert queries(2) == queries(40)


def test_tracks_in_queues_are_found_again(music: Path, scan: Scan, ada: User) -> None:
    path = make_audio(music / "a.flac", title="A")
    make_audio(music / "b.mp3", title="B")
    scan()
    former = Track.objects.get(title="A").pk
    PlayQueue.objects.create(user=ada, entries=f"[{former}]", entry_count=1)
    aside = path.rename(music.parent / "aside.flac")
    scan()
    purge_missing()
    aside.rename(path)
    scan()
    assert living_ids(Track, [former]) == {former: Track.objects.get(title="A").pk}


def test_each_batch_asks_once_whether_anything_waits(music: Path, scan: Scan) -> None:
    for number in range(4):
        make_audio(music / f"{number}.flac", title=f"{number}", album="Post")
    with CaptureQueriesContext(connection) as captured:
        assert scan(batch_size=2).counts.added == 4
    asked = [each["sql"] for each in captured if "listening_lostitem" in each["sql"]]
    kinds = Counter(kind for kind in LostKind.values for sql in asked if f"'{kind}'" in sql)
    assert kinds == {"track": 2, "album": 1, "artist": 1, "folder": 1}
    assert len(asked) == 5
