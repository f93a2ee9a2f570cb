"""Which picture a scan finds for tracks, albums and folders, and that it notices every change."""

import os
from pathlib import Path

import pytest

from library.models.albums import Album
from library.models.catalogue import Track
from library.models.folders import Folder
from library.models.revision import Revision
from library.scanning import ScanOptions
from library.scanning.reread import reread_portion
from tests.audio_files import JPEG, jpeg, make_audio
from tests.library.scanning.conftest import Opened, Scan


def picture(path: Path, number: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg(number))
    return path


def covers() -> dict[str, str]:
    """The names of the pictures beside the tracks, by the tracks' paths."""
    return dict(Track.objects.present().values_list("path", "cover_file_name"))


def revision() -> int:
    return Revision.objects.get().number


def test_discs_have_the_picture_of_the_folder_above(music: Path, scan: Scan) -> None:
    for disc in ("CD1", "CD2", "Live"):
        make_audio(music / "Album" / disc / "a.mp3", album="Album", album_artist="X")
    picture(music / "Album" / "Folder.jpg")
    scan()
    assert covers() == {
        "Album/CD1/a.mp3": "../Folder.jpg",
        "Album/CD2/a.mp3": "../Folder.jpg",
        "Album/Live/a.mp3": "",
    }
    one, two = Track.objects.filter(path__startswith="Album/CD")
    assert one.cover_id == two.cover_id != ""
    assert Album.objects.get().cover_id == one.cover_id
    pictures = dict(Folder.objects.values_list("path", "cover_file_name"))
    assert pictures == {
        "": "",
        "Album": "Folder.jpg",
        "Album/CD1": "../Folder.jpg",
        "Album/CD2": "../Folder.jpg",
        "Album/Live": "",
    }


def test_an_own_picture_of_a_disc_comes_first(music: Path, scan: Scan) -> None:
    for disc in (1, 2):
        make_audio(music / "Album" / f"CD{disc}" / "a.mp3", album="Album")
    picture(music / "Album" / "cover.jpg")
    picture(music / "Album" / "CD2" / "front.png")
    scan()
    assert covers() == {"Album/CD1/a.mp3": "../cover.jpg", "Album/CD2/a.mp3": "front.png"}


def test_a_folder_of_pictures_is_looked_into_last(music: Path, scan: Scan) -> None:
    make_audio(music / "A" / "a.mp3")
    make_audio(music / "B" / "CD1" / "b.mp3")
    make_audio(music / "C" / "Disc 1" / "c.mp3")
    make_audio(music / "D" / "d.mp3")
    picture(music / "A" / "Scans" / "back.jpg")
    picture(music / "A" / "Scans" / "02.jpg")
    picture(music / "A" / "Scans" / "01.jpg")
    picture(music / "B" / "Artwork" / "Front.jpg")
    picture(music / "C" / "Disc 1" / "Covers" / "cover.jpg")
    picture(music / "C" / "folder.gif")
    picture(music / "D" / "Art" / "cover.jpg")
    picture(music / "D" / "any.jpg")
    scan()
    assert covers() == {
        "A/a.mp3": "Scans/01.jpg",
        "B/CD1/b.mp3": "../Artwork/Front.jpg",
        "C/Disc 1/c.mp3": "../folder.gif",
        "D/d.mp3": "any.jpg",
    }
    assert not Folder.objects.filter(path__contains="Art").exists()
    assert not Folder.objects.filter(path__contains="Scans").exists()


def test_embedded_pictures_come_first(music: Path, scan: Scan) -> None:
    make_audio(music / "A" / "CD1" / "a.mp3", cover=JPEG)
    picture(music / "A" / "cover.jpg")
    scan()
    track = Track.objects.get()
    assert (track.has_cover, track.cover_file_name) == (True, "")
    assert Folder.objects.get(path="A/CD1").cover_file_name == "../cover.jpg"


def test_pictures_are_told_apart_by_the_titles_of_albums(music: Path, scan: Scan) -> None:
    for title in ("Kid A", "Amnesiac", "The Bends"):
        make_audio(music / "all" / f"{title}.mp3", album=title, album_artist="Radiohead")
    for name in ("kid a.jpg", "Radiohead - Amnesiac.png", "back.jpg"):
        picture(music / "all" / name)
    scan()
    assert covers() == {
        "all/Kid A.mp3": "kid a.jpg",
        "all/Amnesiac.mp3": "Radiohead - Amnesiac.png",
        "all/The Bends.mp3": "",
    }
    before = revision()
    assert scan().counts.updated == 0
    assert revision() == before
    picture(music / "all" / "the bends.webp")
    assert scan().counts.updated == 1
    assert covers()["all/The Bends.mp3"] == "the bends.webp"
    picture(music / "all" / "kid a.jpg", 2)
    (music / "all" / "Radiohead - Amnesiac.png").unlink()
    assert scan().counts.updated == 2
    assert covers()["all/Amnesiac.mp3"] == ""
    picture(music / "all" / "Cover.JPG")
    assert scan().counts.updated == 3
    assert set(covers().values()) == {"Cover.JPG"}
    (music / "all" / "Cover.JPG").unlink()
    assert scan().counts.updated == 3
    assert covers()["all/Kid A.mp3"] == "kid a.jpg"


def test_an_embedded_picture_is_not_replaced_by_one_with_the_title(music: Path, scan: Scan) -> None:
    make_audio(music / "x" / "a.mp3", album="A", cover=JPEG)
    make_audio(music / "x" / "b.mp3", album="B")
    for name in ("A.jpg", "B.jpg"):
        picture(music / "x" / name)
    scan()
    assert covers() == {"x/a.mp3": "", "x/b.mp3": "B.jpg"}
    picture(music / "x" / "A.jpg", 2)
    assert scan().counts.updated == 0


CHANGES = [
    ("A/CD1/a.mp3", "A/cover.jpg", "../cover.jpg"),
    ("A/a.mp3", "A/Scans/front.jpg", "Scans/front.jpg"),
    ("A/CD1/a.mp3", "A/Scans/1.jpg", "../Scans/1.jpg"),
    ("A/CD1/a.mp3", "A/CD1/xyz.jpg", "xyz.jpg"),
]


@pytest.mark.parametrize("case", CHANGES, ids=str)
def test_each_change_of_a_picture_is_seen_and_no_audio_is_read_for_it(
    music: Path, scan: Scan, opened: list[str], case: tuple[str, str, str]
) -> None:
    track, path, name = case
    make_audio(music / track, album="A", album_artist="B")
    make_audio(music / "Other" / "b.mp3")
    scan(workers=0)
    seen = set()
    opened.clear()
    for change in (lambda: picture(music / path), lambda: picture(music / path, 2),
                   (music / path).unlink):  # fmt: skip
        before = revision()
        change()
        assert scan(workers=0).counts.updated == 1
        assert revision() > before
        row = Track.objects.get(path=track)
        folder = Folder.objects.get(path=os.path.dirname(track))
        assert row.album is not None
        assert row.album.cover_id == row.cover_id == folder.cover_id
        assert row.cover_file_name == folder.cover_file_name
        seen.add((row.cover_file_name, row.cover_id))
        after = revision()
        scan(workers=0)
        assert revision() == after
    assert ("", "") in seen
    assert len(seen) == 3
    assert {each for each, _ in seen} == {name, ""}
    assert opened == []


def test_a_scan_of_a_disc_folder_alone_looks_at_the_folder_above(music: Path, scan: Scan) -> None:
    make_audio(music / "A" / "CD1" / "a.mp3")
    make_audio(music / "A" / "CD2" / "b.mp3")
    picture(music / "A" / "cover.jpg")
    scan()
    before = revision()
    scan(folders=[music / "A" / "CD1"])
    assert revision() == before
    picture(music / "A" / "cover.jpg", 2)
    assert scan(folders=[music / "A" / "CD1"]).counts.updated == 1


def test_empty_and_broken_pictures_are_passed_over(music: Path, scan: Scan) -> None:
    make_audio(music / "A" / "a.mp3")
    (music / "A" / "cover.jpg").touch()
    (music / "A" / "folder.jpg").symlink_to("nowhere.jpg")
    os.mkfifo(music / "A" / "front.jpg")
    picture(music / "A" / "AlbumArtSmall.jpg")
    scan()
    assert covers() == {"A/a.mp3": "AlbumArtSmall.jpg"}


def test_names_of_any_bytes(music: Path, scan: Scan) -> None:
    folder = music / os.fsdecode(b"caf\xe9")
    make_audio(folder / "CD1" / "a.mp3")
    picture(folder / os.fsdecode(b"fa\xe7ade front.jpg"))
    scan()
    assert Track.objects.get().has_cover
    before = revision()
    scan()
    assert revision() == before


def test_an_unchanged_library_costs_no_more_listings_and_one_look_a_folder(
    music: Path, scan: Scan, audio_opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    for disc in (1, 2):
        make_audio(music / "A" / f"CD{disc}" / "a.mp3")
    make_audio(music / "B" / "b.mp3")
    make_audio(music / "C" / "c.mp3")
    make_audio(music / "C" / "Live" / "c.mp3")
    pictures = [picture(music / path) for path in ("A/cover.jpg", "B/x.jpg", "C/Artwork/1.jpg")]
    picture(music / "C" / "Artwork" / "2.jpg")
    scan(workers=0)
    looked: list[str] = []
    stat = os.stat

    def counting(path: object, *args: object, **kwargs: object) -> os.stat_result:
        if str(path).endswith(".jpg"):
            looked.append(str(path))
        return stat(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", counting)
    audio_opened.listed.clear()
    scan(workers=0)
    assert sorted(looked) == sorted(map(str, pictures))
    listed = [os.path.relpath(path, music) for path in audio_opened.listed]
    again = {each for each in listed if each != "." and listed.count(each) > 1}
    assert again == {"C/Artwork"}


def test_a_folder_above_albums_has_its_picture(music: Path, scan: Scan) -> None:
    make_audio(music / "Rock" / "A" / "a.mp3")
    picture(music / "Rock" / "folder.jpg")
    scan()
    row = Folder.objects.get(path="Rock")
    assert row.cover_file_name == "folder.jpg"
    before = revision()
    scan()
    assert revision() == before
    (music / "Rock" / "folder.jpg").unlink()
    scan()
    assert (Folder.objects.get(path="Rock").cover_id, revision()) == ("", before + 1)
    assert covers() == {"Rock/A/a.mp3": ""}


def test_a_picture_stays_with_a_renamed_folder(music: Path, scan: Scan) -> None:
    make_audio(music / "A" / "CD1" / "a.mp3", title="T")
    picture(music / "A" / "cover.jpg")
    scan()
    first = Track.objects.get()
    os.rename(music / "A", music / "B")
    scan()
    after = Track.objects.get()
    assert (after.pk, after.path, after.cover_file_name) == (
        first.pk,
        "B/CD1/a.mp3",
        "../cover.jpg",
    )
    assert Folder.objects.get(path="B").cover_file_name == "cover.jpg"
    before = revision()
    scan()
    assert revision() == before


def test_files_that_are_read_again_leave_the_pictures_of_folders(music: Path, scan: Scan) -> None:
    make_audio(music / "A" / "a.mp3", title="A", cover=JPEG)
    make_audio(music / "B" / "b.mp3", title="B", album="One")
    make_audio(music / "B" / "c.mp3", title="C", album="Two")
    for name in ("A/cover.jpg", "B/One.jpg", "B/Two.jpg", "B/front (1).jpg"):
        picture(music / name)
    scan()
    before = list(Folder.objects.values()), covers()
    assert before[1] == {"A/a.mp3": "", "B/b.mp3": "One.jpg", "B/c.mp3": "Two.jpg"}
    Track.objects.update(read_with="")
    assert reread_portion(ScanOptions(workers=0), 60).read == 3
    assert (list(Folder.objects.values()), covers()) == before


def test_the_first_scan_after_an_upgrade_finds_what_older_versions_did_not(
    music: Path, scan: Scan
) -> None:
    make_audio(music / "A" / "CD1" / "a.mp3", artist="X", album="A", album_artist="X")
    picture(music / "A" / "folder.jpg")
    scan()
    Track.objects.update(has_cover=False, cover_id="", cover_file_name="")
    Folder.objects.update(cover_id="", cover_file_name="")
    scan()
    assert covers() == {"A/CD1/a.mp3": "../folder.jpg"}
    assert Folder.objects.get(path="A").cover_file_name == "folder.jpg"
    assert Album.objects.get().cover_id == Track.objects.get().cover_id != ""
