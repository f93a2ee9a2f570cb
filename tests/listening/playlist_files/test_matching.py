"""Which tracks the entries of playlist files mean, whatever wrote them."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from listening.playlist_files.entries import FileEntry
from listening.playlist_files.locations import Place
from listening.playlist_files.matching import Wanted, find_tracks
from listening.playlist_files.reading import read_playlist
from tests.web.library_rows import make_track, make_tracks

pytestmark = pytest.mark.django_db

RECORDING = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"
ROOT = "/srv/music"


@pytest.fixture(autouse=True)
def roots(settings: Settings) -> None:
    settings.MUSIC_DIRS = (Path(ROOT),)


def make(path: str, title: str = "", **fields: Any) -> Track:
    name = path.rpartition("/")[2].rpartition(".")[0]
    values = {"root": ROOT, "path": path, "title": title or name, "duration_s": 200, **fields}
    return make_track(**values)


def found(content: str | bytes, folder: str | None = None) -> list[int | None]:
    """The ids of the tracks that the entries mean; `folder`: of the playlist's own file."""
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
    place = None if folder is None else Place(ROOT, folder)
    return find_tracks([Wanted(entry, place) for entry in read_playlist(raw).entries])


@pytest.mark.parametrize(
    "line",
    [
        "Ane Brun/Album/02 Song [Remix].mp3",
        "/srv/music/Ane Brun/Album/02 Song [Remix].mp3",
        "/Ane Brun/Album/02 Song [Remix].mp3",
        "./Ane Brun//Album/./02 Song [Remix].mp3",
        "../Ane Brun/Album/02 Song [Remix].mp3",
        r"..\Ane Brun\Album\02 Song [Remix].mp3",
        r"\Ane Brun\Album\02 Song [Remix].mp3",
        r"E:\CB Stuff\Music\Ane Brun\Album\02 Song [Remix].mp3",
        r"E:/CB Stuff/Music/Ane Brun/Album/02 Song [Remix].mp3",
        r"\\nas\share\Ane Brun\Album\02 Song [Remix].mp3",
        r"/mnt/HDD5/iTunes/Ane Brun\Album\02 Song [Remix].mp3",
        "/Users/me/Music/Ane Brun/Album/02 Song [Remix].mp3  ",
        '"/Users/me/Music/Ane Brun/Album/02 Song [Remix].mp3"',
        "Ane%20Brun/Album/02%20Song%20%5BRemix%5D.mp3",
        "file:///srv/music/Ane%20Brun/Album/02%20Song%20%5bRemix%5d.mp3",
        "file:///srv/music/Ane Brun/Album/02 Song [Remix].mp3",
        "file://localhost/srv/music/Ane%20Brun/Album/02%20Song%20[Remix].mp3",
        "file:///E:/Music/Ane%20Brun/Album/02%20Song%20%5BRemix%5D.mp3",
        "file://nas/share/Ane%20Brun/Album/02%20Song%20%5BRemix%5D.mp3",
        "smb://nas/share/Ane%20Brun/Album/02%20Song%20%5BRemix%5D.mp3",
        "primary/Music/Ane Brun/Album/02 Song [Remix].mp3",
        "/storage/emulated/0/Music/ane brun/ALBUM/02 SONG [Remix].MP3",
    ],
)
def test_a_path_of_any_system(line: str) -> None:
    track = make("Ane Brun/Album/02 Song [Remix].mp3")
    make("Ane Brun/Other/02 Song [Remix].mp3")
    assert found(line) == [track.pk]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("folder", [None, "Lists"])
def test_letters_of_either_normal_form(form: Any, encoding: str, folder: str | None) -> None:
    path = "Marie-Michèle/Noël/06 Noël.m4a"
    track = make(unicodedata.normalize(form, path))
    for other in ("NFC", "NFD") if encoding == "utf-8" else ("NFC",):
        line = unicodedata.normalize(other, path)
        assert found(line.encode(encoding), folder) == [track.pk]
        assert found(f"/Users/me/{line}".encode(encoding), folder) == [track.pk]


def test_names_on_disk_that_are_no_utf_8() -> None:
    track = make("Bj\udcf6rk/J\udcf3ga.mp3", "x")
    assert found("Björk/Jóga.mp3".encode("latin-1")) == [track.pk]
    assert found(b"Bj%F6rk/J%F3ga.mp3") == [track.pk]


@pytest.mark.parametrize("encoding", ["cp1252", "cp1250", "cp850", "mac_roman", "utf-8"])
def test_a_single_line_whose_encoding_cannot_be_told(encoding: str) -> None:
    track = make("Änderung/Übermut.mp3")
    assert found("Änderung/Übermut.mp3".encode(encoding)) == [track.pk]


def test_paths_are_relative_to_the_playlist_first() -> None:
    inner, outer = make("A/Song.mp3"), make("Song.mp3")
    assert found("Song.mp3", "A") == [inner.pk]
    assert found("Song.mp3", "") == [outer.pk]
    assert found("../Song.mp3", "A") == [outer.pk]
    assert found(r"..\Song.mp3", "A") == [outer.pk]


def test_several_music_folders(settings: Settings) -> None:
    settings.MUSIC_DIRS = (Path("/a/Music"), Path("/b/Music"), Path("/b/Books"))
    first = make("X/1.mp3", root="/a/Music")
    second = make("X/1.mp3", root="/b/Music")
    book = make("Y/2.mp3", root="/b/Books")
    assert found("a/Music/X/1.mp3\nb/Music/X/1.mp3\nb/Books/Y/2.mp3\nY/2.mp3") == [
        *(first.pk, second.pk, book.pk, book.pk),
    ]
    assert found("/mnt/b/Music/X/1.mp3") == [second.pk]
    assert find_tracks([Wanted(FileEntry("../Books/Y/2.mp3"), Place("/b/Music", ""))]) == [book.pk]


def test_a_name_with_a_percent_sign_a_colon_or_a_backslash_in_it() -> None:
    percent, colon = make("A/100%25 Pure.mp3"), make("A/Re: Stacks.mp3")
    backslash, hash_sign = make("A/AC\\DC.mp3"), make("#1 Hits/x#y.mp3")
    assert found("A/100%25 Pure.mp3\nA/Re: Stacks.mp3\nA/AC\\DC.mp3\n./#1 Hits/x#y.mp3") == [
        *(percent.pk, colon.pk, backslash.pk, hash_sign.pk),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "/old/Rock/Foo/CD1/01.mp3",  # another album's first disc
        "01.mp3",
        "CD1/02.mp3",
        "/old/Foo/Disc/05 Outro.mp3",  # the same name in another album's folder of this name
        "http://radio.example/CD1/01.mp3",
        "radiobrowser:7d5b2a01-a239-11e9-a787-52543be04c81",
        "#EXTINF:200,Nobody - Nothing\nx.mp3",
        "..",
        "/",
        "A" * 5000,
        "a\udcff" * 30,
    ],
)
def test_what_the_library_does_not_have_is_not_found(line: str) -> None:
    make("Bar/Qux/CD1/01.mp3", "Intro", artist="Bar")
    make("Bar/Other/Disc/05 Outro.mp3", "Outro", artist="Bar")
    assert found(line) == [None]


def test_several_that_fit_equally_well_are_none() -> None:
    make("A/CD1/01.mp3", "One")
    make("B/CD1/01.mp3", "Two", artist="Other")
    assert found("/old/CD1/01.mp3") == [None]


def test_the_title_chooses_between_equal_endings() -> None:
    make("A/CD1/01.mp3", "One")
    second = make("B/CD1/01.mp3", "Two", artist="Other")
    assert found("#EXTINF:200,Other - Two\n/old/CD1/01.mp3") == [second.pk]


def test_exact_case_comes_before_any_case() -> None:
    upper, lower = make("X/Inbox/a.mp3"), make("X/inbox/A.mp3")
    assert found("/m/X/Inbox/a.mp3\n/m/X/inbox/A.mp3") == [upper.pk, lower.pk]
    assert found("/m/X/INBOX/A.MP3") == [None]


def test_a_file_name_alone_is_enough_if_it_names_the_track() -> None:
    track = make("Q/Opera/Queen - Bohemian Rhapsody.mp3", "Bohemian Rhapsody", artist="Queen")
    assert found("/sdcard/Queen - Bohemian Rhapsody.mp3") == [track.pk]
    assert found("Queen - Bohemian Rhapsody.mp3") == [track.pk]


def test_another_file_at_the_path_is_still_the_file_at_the_path() -> None:
    track = make("A/B/1.mp3", "New", duration_s=500)
    assert found("#EXTINF:100,X - Old\nA/B/1.mp3") == [track.pk]
    assert found("#EXTINF:100,X - Old\n/other/A/B/1.mp3") == [None]


def test_a_missing_track_is_found_after_present_ones() -> None:
    gone = make("A/B/C/1.mp3", missing=True)
    assert found("A/B/C/1.mp3") == [gone.pk]
    there = make("New/A/B/C/1.mp3")
    assert found("/x/B/C/1.mp3") == [there.pk]


def test_recordings_whatever_their_path() -> None:
    album = make("A/1.mp3", musicbrainz_recording_id=RECORDING, album_title="Album")
    best = make("B/1.mp3", musicbrainz_recording_id=RECORDING, album_title="Best of")
    entry = FileEntry("/none/x.mp3", recording_id=RECORDING)
    wanted = [entry, entry._replace(album="Best Of"), entry._replace(album="Unknown")]
    assert find_tracks([Wanted(each) for each in wanted]) == [album.pk, best.pk, album.pk]


@pytest.mark.parametrize(
    "info",
    [
        "200,Noël Coward - Mad Dogs",
        "198,noel coward - MAD DOGS",
        "0,Noël Coward - Mad Dogs",
        "203,Mad Dogs - Noël Coward",  # as Apple Music writes it
        '201,"Noël Coward - Mad Dogs"',
        "200,The Noël Coward \N{EN DASH} Mad Dogs",
    ],
)
def test_artist_and_title_alone(info: str) -> None:
    track = make("x/1.mp3", "Mad Dogs", artist="Noël Coward")
    make("x/2.mp3", "Mad Dogs", artist="Other")
    make("x/3.mp3", "Mad", artist="Noël Coward")
    assert found(f"#EXTM3U\n#EXTINF:{info}\n/gone/no.mp3") == [track.pk]
    assert found(f"#EXTM3U\n#EXTINF:{info}\n") == [track.pk]


def test_the_length_and_the_album_choose_between_several() -> None:
    studio = make("x/1.mp3", "Song", artist="A", duration_s=200, album_title="Studio")
    live = make("x/2.mp3", "Song", artist="A", duration_s=320, album_title="Live")
    make("x/3.mp3", "Song", artist="A", duration_s=321, album_title="More Live")
    assert found("#EXTINF:201,A - Song\n#EXTINF:-1,A - Song\n#EXTINF:260,A - Song") == [
        *(studio.pk, None, None),
    ]
    assert found("#EXTINF:320,A - Song\n#EXTINF:320,A - Song\n#EXTALB:Live") == [None, live.pk]


def test_another_recording_of_the_title_is_not_taken() -> None:
    make("x/1.mp3", "Song", artist="A", duration_s=200)
    assert found("#EXTINF:400,A - Song") == [None]


def test_one_artist_of_several_and_the_album_artist() -> None:
    track = make("x/1.mp3", "Song", artist="A feat. B", artists=["A", "B"], album_artist="The C")
    assert found("#EXTINF:0,A - Song\n#EXTINF:0,B - Song\n#EXTINF:0,C - Song") == [track.pk] * 3


def test_titles_and_artists_with_dashes() -> None:
    track = make("x/1.mp3", "C - Remix", artist="A - B")
    assert found("#EXTINF:0,A - B - C - Remix") == [track.pk]


def test_queries_do_not_grow_with_the_entries() -> None:
    make_tracks(30, root=ROOT)
    paths = list(Track.objects.values_list("path", flat=True))

    def count(content: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert None not in found(content)
        return len(queries)

    few, many = "\n".join(paths[:2]), "\n".join(paths * 100)
    assert count(few) == count(many) == 1
    some = [
        f"#EXTINF:0,Somebody - {title}" for title in Track.objects.values_list("title", flat=True)
    ]
    assert count(some[0]) == count("\n".join(some)) == 1
