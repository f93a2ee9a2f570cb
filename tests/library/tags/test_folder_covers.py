"""Pictures beside the tracks are ranked by their names and known by what the disk says of them."""

import os
from collections.abc import Sequence

import pytest

from library.covers import choose_folder_cover, folder_cover_id
from library.covers.folder import art_folders, is_picture, picture_path, ranked, titled
from library.files.pictures import Names, candidates


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["folder.jpg", "cover.png", "front.webp"], "cover.png"),
        (["cover.webp", "cover.jpeg", "cover.png"], "cover.jpeg"),
        (["Folder.JPG", "album.jpg"], "Folder.JPG"),
        (["01.mp3", "back.jpg", "cover.txt"], None),
        (["caf\udce9.jpg", "Front.jpg"], "Front.jpg"),
        (["COVER.JFIF", "xyz.jpg"], "COVER.JFIF"),
        (["album.jpg", "AlbumArt_{5FA05D35-A682-4AF6-96F7-0773E42D4D16}_Large.jpg"], "album.jpg"),
        (["AlbumArtSmall.jpg", "AlbumArt_{5FA0}_Small.jpg", "AlbumArt_{5FA0}_Large.jpg"],
         "AlbumArt_{5FA0}_Large.jpg"),
        (["AlbumArtSmall.jpg"], "AlbumArtSmall.jpg"),
        (["AlbumArtSmall.jpg", "Folder.jpg"], "Folder.jpg"),
        (["cover (2).jpg", "cover (1).jpg", "cover (10).jpg"], "cover (1).jpg"),
        (["cover_1.png", "booklet-01.jpg"], "cover_1.png"),
        (["cover.1.jpg", "cover.jpg"], "cover.jpg"),
        (["Front Cover.jpg", "Back Cover.jpg"], "Front Cover.jpg"),
        (["Cover-back.jpg", "Cover-front.jpg"], "Cover-front.jpg"),
        (["00-artist-title-back-1999-grp.jpg", "00-artist-title-front-1999-grp.jpg"],
         "00-artist-title-front-1999-grp.jpg"),
        (["Disc 1 - Front.jpg", "Disc 1.jpg"], "Disc 1 - Front.jpg"),
        (["whatever.jpg", "back.jpg", "CD.png", "disc 2.jpg", "Booklet01.jpg", "artist.jpg"],
         "whatever.jpg"),
        (["fanart.jpg", "logo.png", "banner.jpg", "cd1.jpg", "spectrogram.png"], None),
        (["one.jpg", "two.jpg"], None),
        (["._cover.jpg", ".cover.jpg"], None),
        (["cover.avif", "thumb.jpg"], "cover.avif"),
        (["scan.tiff"], "scan.tiff"),
        (["folder.jpe", "folder.bmp", "folder.gif", "folder.tif"], "folder.jpe"),
        ([], None),
    ],
)  # fmt: skip
def test_the_best_name_is_chosen(names: list[str], chosen: str | None) -> None:
    assert choose_folder_cover(names) == chosen
    assert choose_folder_cover(names[::-1]) == chosen


@pytest.mark.parametrize(
    ("name", "title", "folder", "artist"),
    [
        ("Kid A.jpg", "Kid A", "2000", ""),
        ("AC_DC - Back In Black.png", "Back in Black", "x", "AC/DC"),
        ("Back in Black.jpg", "Back in Black", "x", "AC/DC"),
        ("Back in Black - ACDC.jpg", "Back in Black", "x", "AC/DC"),
        ("1997 - OK Computer [FLAC].jpg", "OK Computer", "1997 - OK Computer [FLAC]", ""),
        ("Björk - Début.jpg", "De\u0301but", "x", "Bjo\u0308rk"),
        ("( ).jpg", "( )", "x", ""),
        ("Отражения.jpg", "Отражения", "x", ""),
    ],
)
def test_a_picture_named_after_its_album(name: str, title: str, folder: str, artist: str) -> None:
    names = ["another.jpg", name, "a third.jpg", "back.jpg", "Cover (1).jpg"]
    assert ranked(names, title, folder, artist) == [name, "Cover (1).jpg"]
    assert ranked(["cover.jpg", *names], title, folder, artist)[0] == "cover.jpg"


def test_titles_make_a_difference_only_among_several_pictures_without_a_better_name() -> None:
    assert titled(["Kid A.jpg", "Amnesiac.jpg", "back.jpg"], "x") == ("Amnesiac.jpg", "Kid A.jpg")
    assert titled(["X - back.jpg", "notes.txt"], "x") == ("X - back.jpg",)
    for names in (["cover.jpg", "Kid A.jpg", "Amnesiac.jpg"], ["Kid A.jpg"], ["back.jpg"], []):
        assert titled(names, "x") == ()


def test_all_pictures_are_ranked_and_no_other_files() -> None:
    names = ["small_thumb.jpg", "a.mp3", "z.jpg", "front.png", "back.jpg", "cover-1.jpg", "cover"]
    assert ranked(names) == ["front.png", "cover-1.jpg", "z.jpg", "small_thumb.jpg"]


def test_in_a_folder_of_pictures_any_name_will_do() -> None:
    names = ["02.jpg", "01.jpg", "10.jpg", "back.jpg", "Front.jpg"]
    assert ranked(names, is_art_folder=True) == ["Front.jpg", "01.jpg", "02.jpg", "10.jpg"]
    assert ranked(names) == ["Front.jpg"]


def test_folders_of_pictures_are_known_by_their_names() -> None:
    folders = ["SCANS", "Cover Art", "CD1", "Artwork", "Live", "Art"]
    assert art_folders(folders) == ["Artwork", "Cover Art", "Art", "SCANS"]


def test_all_candidates_of_a_track_in_their_order() -> None:
    tree = {
        "A/Album/CD1": (["01.flac", "back.jpg", "disc 1 front.jpg"], ["Scans"]),
        "A/Album": (["cover.jpg", "Album.png", "x.jpg"], ["CD1", "CD2", "Artwork"]),
        "A/Album/CD1/Scans": (["1.jpg", "2.jpg"], []),
        "A/Album/Artwork": (["front.tif"], []),
    }
    listed: list[str] = []

    def list_names(folder: str) -> Names:
        listed.append(folder)
        return Names(*tree[folder])

    found = list(candidates("A/Album/CD1", list_names, album_title="Album"))
    assert found == [
        *("disc 1 front.jpg", "../cover.jpg", "../Album.png", "../x.jpg"),
        *("Scans/1.jpg", "Scans/2.jpg", "../Artwork/front.tif"),
    ]
    assert sorted(listed) == sorted(tree)
    paths = [picture_path("A/Album/CD1", each) for each in (found[0], found[1], found[-1])]
    assert paths == [
        "A/Album/CD1/disc 1 front.jpg",
        "A/Album/cover.jpg",
        "A/Album/Artwork/front.tif",
    ]


def test_a_folder_that_is_no_disc_does_not_look_above() -> None:
    def list_names(folder: str) -> Names:
        return Names(["cover.jpg"] if folder == "A" else [], [])

    assert list(candidates("A/Live", list_names)) == []
    assert list(candidates("A", list_names)) == ["cover.jpg"]


@pytest.mark.parametrize(("folder", "names"), [("", ["cover.jpg", "../cover.jpg"])])
def test_no_path_leaves_the_root(folder: str, names: Sequence[str]) -> None:
    assert picture_path(folder, names[0]) == "cover.jpg"
    assert picture_path(folder, names[1]) == "../cover.jpg"  # refused where files are opened
    assert picture_path("CD1", names[1]) == "cover.jpg"


def test_hidden_files_are_no_pictures() -> None:
    assert [is_picture(name) for name in (".cover.jpg", "cover.jpg", "jpg")] == [False, True, False]


def test_of_names_that_differ_in_case_it_is_always_the_same() -> None:
    names = ["cover.jpg", "Cover.jpg", "COVER.JPG"]
    assert len({choose_folder_cover(names), choose_folder_cover(names[::-1])}) == 1


def test_whatever_changes_a_picture_changes_its_id() -> None:
    facts = ("/music", "a/cover.jpg", 1, 2)
    changed = [("/other", *facts[1:]), ("/music", "b/cover.jpg", 1, 2), (*facts[:2], 2, 2)]
    ids = {folder_cover_id(*each) for each in (facts, *changed, (*facts[:3], 3))}
    assert len(ids) == 5
    assert all(len(each) == 32 for each in ids)
    assert folder_cover_id(*facts) in ids


def test_a_name_that_is_no_utf8_has_an_id() -> None:
    assert folder_cover_id("/music", os.fsdecode(b"caf\xe9/cover.jpg"), 1, 2)
