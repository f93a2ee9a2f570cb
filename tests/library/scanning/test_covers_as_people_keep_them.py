"""Layouts of pictures that users of other servers have reported as not or wrongly recognised."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from library.models.catalogue import Artist, Track
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Scan
from tests.library.scanning.test_covers import covers, picture

# The tracks with their pictures; the pictures; the pictures of artists.
Case = tuple[Mapping[str, str], Sequence[str], Mapping[str, str]]

CASES: dict[str, Case] = {
    "discs, one with a picture, and pictures of the set in Artwork (lms 604)": (
        {"Box/CD 1 - Jupiter/a": "Cover.jpg", "Box/CD 2 - Mars/a": "../Artwork/Box.jpg"},
        ["Box/Artwork/Box.jpg", "Box/CD 1 - Jupiter/Cover.jpg", "Box/CD 1 - Jupiter/Disc.jpg"],
        {},
    ),
    "a cover above discs (deadbeef 2847, lms 6, navidrome 5157)": (
        {"X/Disc 1/a": "../cover.jpg", "X/Disc 2/a": "../cover.jpg"},
        ["X/cover.jpg"],
        {},
    ),
    "discs with names and pictures of their own (navidrome 5456)": (
        {"X/Disc 8/a": "folder.jpg", "X/Disc 9 (Bonus Tracks)/a": "folder.jpg"},
        ["X/Disc 8/folder.jpg", "X/Disc 9 (Bonus Tracks)/folder.jpg", "X/folder.jpg"],
        {},
    ),
    "a bonus disc without a number": (
        {"X/a": "Artwork/Front.jpg", "X/Bonus Disc/a": "../Artwork/Front.jpg"},
        ["X/Artwork/Front.jpg", "X/Artwork/Back.jpg"],
        {},
    ),
    "a number after the name (navidrome 4683)": (
        {"X/a": "cover.jpg"},
        ["X/cover.1.jpg", "X/cover.jpg"],
        {},
    ),
    "front and back (jajuk 1686, nc-music 23)": (
        {"X/a": "front.jpg", "Y/a": "abcd-front-efg.jpg"},
        ["X/back.jpg", "X/front.jpg", "Y/abcd-back-efg.jpg", "Y/abcd-front-efg.jpg"],
        {},
    ),
    "pictures in Scans, or in a folder named cover (cantata 771, clementine 1676, lms 488)": (
        {"X/a": "Scans/10 front.jpg", "Y/a": "cover/picture.jpg"},
        ["X/Scans/10 front.jpg", "X/Scans/09.jpg", "Y/cover/picture.jpg"],
        {},
    ),
    "a lone picture of any name, in capitals (VUPlayer 54, caesura 157)": (
        {"X/a": "IMG_0042.JPG"},
        ["X/IMG_0042.JPG"],
        {},
    ),
    "an artist before the word (beets 837), and WebP (jellyfin 2689)": (
        {"X/a": "Someartist - cover.png", "Y/a": "cover.webp"},
        ["X/Someartist - cover.png", "X/other.png", "Y/cover.webp"],
        {},
    ),
    "a full picture and a small one (gonic 358)": (
        {"X/a": "Cover.jpg"},
        ["X/Cover.jpg", "X/folder.jpg", "X/AlbumArtSmall.jpg"],
        {},
    ),
    "thumbnails of downloads, one beside each track": (
        {"Videos/One [x1]": "One [x1].webp", "Videos/Two [x2]": "Two [x2].jpg", "Videos/3": ""},
        ["Videos/One [x1].webp", "Videos/Two [x2].jpg", "Videos/fanart.jpg"],
        {},
    ),
    "an artist of one album that has no picture (navidrome 5823)": (
        {"Artist/The Unforgiving/a": ""},
        ["Artist/folder.jpg", "Artist/logo.png", "Artist/backdrop1.jpg"],
        {"Artist": "folder.jpg"},
    ),
    "an artist of albums that are folders of folders (navidrome 2683)": (
        {"Artist/Monster/Volume 1/a": "", "Artist/Monster/Volume 2/a": ""},
        ["Artist/artist.jpg"],
        {"Artist": "artist.jpg"},
    ),
    "an artist whose folder holds songs (navidrome 3233)": (
        {"Artist/a": "", "Artist,Other/b": ""},
        ["Artist/artist.jpg"],
        {"Artist": "artist.jpg"},
    ),
    "the picture of an album of discs is not the artist's (xbmc 13769)": (
        {"Artist/Album/CD1/a": "../folder.jpg", "Artist/Album/CD2/a": "../folder.jpg"},
        ["Artist/Album/folder.jpg"],
        {},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_picture_that_people_expect(music: Path, scan: Scan, case: Case) -> None:
    tracks, pictures, artists = case
    for path in tracks:
        make_audio(music / f"{path}.mp3", album="Album", artist="Artist", album_artist="Artist")
    for number, path in enumerate(pictures):
        picture(music / path, number)
    for _ in range(2):
        scan()
        assert covers() == {f"{path}.mp3": name for path, name in tracks.items()}
        with_picture = Artist.objects.exclude(cover_id="")
        assert dict(with_picture.values_list("name", "cover_file_name")) == artists


def test_only_the_track_with_the_picture_shows_it(music: Path, scan: Scan) -> None:
    """navidrome 1969 and 3356."""
    make_audio(music / "X" / "a.mp3", album="A", cover=b"\x89PNG\r\n\x1a\n" + bytes(20))
    make_audio(music / "X" / "b.mp3", album="A")
    scan()
    assert dict(Track.objects.values_list("path", "has_cover")) == {
        "X/a.mp3": True,
        "X/b.mp3": False,
    }
