"""Lost items that go between the moment they are made and the change of the playlist."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from library.playlist_followers import ReadPlaylist
from listening.models import LostItem, Playlist, PlaylistEntry
from listening.playlist_files import following, importing
from listening.playlist_files.following import FolderPlaylists
from listening.playlist_files.importing import import_playlist
from listening.playlists.refusals import Refused
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = b"#EXTM3U\n#EXTINF:60,Somebody - Gone\ngone.mp3\n#EXTINF:61,Somebody - Other\nother.mp3\n"


@pytest.fixture(autouse=True)
def admin(db: None) -> User:
    return User.objects.create_superuser("stella", password="x")


@pytest.fixture
def lose(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, int], None]:
    """Delete a lost item each of the first times that targets were made for a module."""

    def lose(module: Any, times: int) -> None:
        targets_of, left = module.targets_of, [None] * times

        def deleting(*given: Any) -> Any:
            targets = targets_of(*given)
            if left:
                left.pop()
                LostItem.objects.filter(title="Gone").delete()
            return targets

        monkeypatch.setattr(module, "targets_of", deleting)

    return lose


def lost_titles() -> list[str]:
    return [*PlaylistEntry.objects.order_by("place").values_list("lost__title", flat=True)]


def follow(content: bytes = CONTENT, version: int = 1) -> Any:
    file = ReadPlaylist(("/music", "list.m3u"), (version, len(content)), content)
    return FolderPlaylists().take([file], ())


def test_an_import_makes_again_what_went(admin: User, lose: Any) -> None:
    lose(importing, 2)
    imported = import_playlist(admin.pk, CONTENT)
    assert (imported.found, len(imported.not_found)) == (0, 2)
    assert lost_titles() == ["Gone", "Other"]
    assert Playlist.objects.get().entry_count == 2


def test_an_import_is_refused_while_everything_keeps_going(admin: User, lose: Any) -> None:
    lose(importing, 9)
    with pytest.raises(Refused, match="try again"):
        import_playlist(admin.pk, CONTENT)
    assert not Playlist.objects.exists()


def test_a_playlist_of_a_file_has_all_entries_when_it_is_made_and_changed(lose: Any) -> None:
    make_track(title="Here")
    lose(following, 1)
    assert (follow().changed, lost_titles()) == (1, ["Gone", "Other"])
    PlaylistEntry.objects.all().delete()
    lose(following, 2)
    assert follow(CONTENT + b"third.mp3\n", 2).changed == 1
    assert lost_titles() == ["Gone", "Other", "third"]


def test_a_file_whose_tracks_keep_going_is_read_again_by_the_next_scan(lose: Any) -> None:
    lose(following, 9)
    assert [*follow().refused] == [("/music", "list.m3u")]
    assert not FolderPlaylists().known()
