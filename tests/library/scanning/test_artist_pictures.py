"""Pictures of artists are found in their folders, and every change of them is noticed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from library.models.catalogue import Artist
from library.models.folders import Folder
from library.models.revision import Revision
from tests.audio_files import jpeg, make_audio
from tests.library.scanning.conftest import Scan
from tests.library.scanning.test_covers import picture

Shown = dict[str, tuple[str, str]]


def album(music: Path, path: str, artist: str = "Miles") -> Path:
    title = os.path.basename(path)
    return make_audio(music / path / "a.mp3", album=title, album_artist=artist, artist=artist)


def shown() -> Shown:
    """The folder and file of each artist's picture, by name."""
    artists = Artist.objects.exclude(cover_id="")
    return {
        name: (folder, file_name)
        for name, folder, file_name in artists.values_list(
            "name", "cover_folder__path", "cover_file_name"
        )
    }


def revision() -> int:
    return Revision.objects.get().number


@pytest.mark.parametrize(
    ("folder", "artist", "name"),
    [
        ("Miles", "Miles", "artist.jpg"),
        ("MILES", "Miles", "Artist.PNG"),
        ("Miles", "Miles", "miles.webp"),
        ("Miles", "Miles", "folder.jpg"),
        ("AC_DC", "AC/DC", "AC_DC.jpg"),
        ("Davis, Miles (1926-1991)", "Miles Davis", "artist.jpg"),
        (os.fsdecode(b"caf\xe9"), "Miles Davis", "artist.jpg"),
    ],
)
def test_the_picture_in_the_folder_of_the_artist(
    music: Path, scan: Scan, folder: str, artist: str, name: str
) -> None:
    album(music, f"{folder}/Blue", artist)
    album(music, f"{folder}/Green/CD1", artist)
    album(music, "Other/Red", "Somebody")
    picture(music / folder / name)
    scan()
    assert shown() == {artist: (folder, name)}
    assert Folder.objects.get(path=folder).cover_file_name == name
    before = revision()
    scan()
    assert revision() == before


def test_artist_is_the_best_name_and_folder_the_last(music: Path, scan: Scan) -> None:
    album(music, "Miles/Blue")
    for name in ("folder.jpg", "Miles.jpg", "artist.jpg"):
        picture(music / "Miles" / name)
    scan()
    for name in ("artist.jpg", "Miles.jpg", "folder.jpg"):
        assert shown() == {"Miles": ("Miles", name)}
        (music / "Miles" / name).unlink()
        scan()
    assert shown() == {}


def test_albums_and_folders_of_several_artists_show_nobody(music: Path, scan: Scan) -> None:
    album(music, "Jazz/Blue")
    album(music, "Jazz/Red", "Other")
    album(music, "Miles/Miles")  # an album named after the artist
    album(music, "Boxes/Miles/CD1")
    picture(music / "Jazz" / "artist.jpg")
    picture(music / "Miles" / "Miles" / "folder.jpg")
    picture(music / "Miles" / "Miles" / "Miles.jpg")
    picture(music / "Boxes" / "Miles" / "folder.jpg")
    picture(music / "folder.jpg")
    scan()
    assert shown() == {}


def test_a_picture_in_the_folder_of_an_album_is_the_last_choice(music: Path, scan: Scan) -> None:
    album(music, "Miles/Blue")
    album(music, "Red", "Other")
    picture(music / "Miles" / "Blue" / "artist.jpg")
    picture(music / "Red" / "artist.jpg")
    scan()
    assert shown() == {"Miles": ("Miles/Blue", "artist.jpg"), "Other": ("Red", "artist.jpg")}
    picture(music / "Miles" / "artist.jpg")
    scan()
    assert shown()["Miles"] == ("Miles", "artist.jpg")


def test_changes_raise_the_revision_and_nothing_else_does(music: Path, scan: Scan) -> None:
    album(music, "Miles/Blue")
    scan()
    path = music / "Miles" / "artist.jpg"
    ids = set()
    changes: list[Callable[[], object]] = [
        lambda: picture(path),
        lambda: path.write_bytes(jpeg(2) + b"longer"),
        path.unlink,
    ]
    for change in changes:
        before = revision()
        change()
        assert scan().counts.changed == 0
        assert revision() > before
        artist = Artist.objects.get(name="Miles")
        assert artist.revision > before
        ids.add(artist.cover_id)
        assert bool(artist.cover_id) == bool(artist.cover_folder) == path.exists()
        before = revision()
        scan()
        assert revision() == before
    assert len(ids) == 3


def test_an_artist_in_two_music_folders(
    music: Path, tmp_path: Path, scan: Scan, settings: Settings
) -> None:
    other = tmp_path / "other"
    settings.MUSIC_DIRS = [other, music]
    for root in (music, other):
        album(root, "Miles/Blue")
        picture(root / "Miles" / "artist.jpg")
    scan()
    first = Artist.objects.get(name="Miles")
    assert first.cover_folder is not None
    chosen, left = sorted([music, other])
    assert first.cover_folder.root == str(chosen)
    before = revision()
    scan(folders=[left])
    scan(folders=[chosen / "Miles" / "Blue"])
    scan()
    assert revision() == before
    (chosen / "Miles" / "artist.jpg").unlink()
    scan()
    assert Artist.objects.get(name="Miles").cover_folder.root == str(left)  # type: ignore[union-attr]


def test_a_folder_that_is_gone_or_renamed(music: Path, scan: Scan) -> None:
    album(music, "Miles/Blue")
    kept = album(music, "Best/Of")
    picture(music / "Miles" / "artist.jpg")
    scan()
    os.rename(music / "Miles", music / "Miles D")
    scan()
    assert shown() == {"Miles": ("Miles D", "artist.jpg")}
    for path in sorted((music / "Miles D").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (music / "Miles D").rmdir()
    scan()
    assert kept.exists()
    assert shown() == {}


def test_a_picture_finds_its_artist_when_the_albums_come(music: Path, scan: Scan) -> None:
    album(music, "Old/Red", "Other")
    picture(music / "Miles" / "artist.jpg")
    scan()
    assert shown() == {}
    album(music, "Miles/Blue")
    scan()
    assert shown() == {"Miles": ("Miles", "artist.jpg")}


def test_an_unchanged_library_costs_one_query(music: Path, scan: Scan) -> None:
    for number in range(5):
        album(music, f"Artist {number}/Blue", f"Artist {number}")
    scan()

    def queries() -> int:
        scan()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            scan(workers=0)
        return sum(
            " cover_folder" in each["sql"] or "library_artist" in each["sql"] for each in captured
        )

    without = queries()
    for number in range(5):
        picture(music / f"Artist {number}" / "artist.jpg")
    picture(music / "Genre" / "Sub" / "x.jpg")
    assert queries() == without == 1


def test_a_second_scan_after_one_that_was_cut_off_finds_the_picture(
    music: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    album(music, "Miles/Blue")
    scan()
    picture(music / "Miles" / "artist.jpg")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("library.scanning.batch.Batch.store_artist_pictures", die)
        with pytest.raises(KeyboardInterrupt):
            scan()
    assert shown() == {}
    scan()
    assert shown() == {"Miles": ("Miles", "artist.jpg")}
