"""Playlists as other programs hand them out: PLS, and tables of tracks."""

import pytest

from listening.playlist_files.entries import MOST_ENTRIES, BadPlaylistFile, FileEntry
from listening.playlist_files.reading import read_playlist

PLS = r"""[playlist]
X-GNOME-Title=Evenings
NumberOfEntries=3
File1=E:\Music\AC\01.mp3
Title1=AC/DC - Thunderstruck
Length1=292
File10=http://radio.example/stream
Title10=A station
Length10=-1
File2=file:///music/b%20c.flac
Length2=
Version=2
"""
EXPORTIFY = """"Track URI","Track Name","Artist URI(s)","Artist Name(s)","Album Name","Track Duration (ms)"
"spotify:track:1","Under Pressure","spotify:artist:1, spotify:artist:2","Queen, David Bowie","Hot Space","248440"
"spotify:track:2","He said ""no"", twice","spotify:artist:3","Earth, Wind & Fire","I Am","1000"
"""  # noqa: E501  # as it is
ITUNES = (
    "Name\tArtist\tComposer\tAlbum\tTime\tLocation\r"
    "Song\tSomebody\t\tAlbum\t61\tMacintosh HD:Music:Song.mp3\r"
)


def entries(content: str | bytes) -> list[FileEntry]:
    return read_playlist(content.encode() if isinstance(content, str) else content).entries


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_pls_file_has_the_entries_of_its_numbers(encoding: str, end: str) -> None:
    file = read_playlist(PLS.replace("\n", end).encode(encoding))
    first, second, tenth = file.entries
    assert (first.location, first.duration_s) == (r"E:\Music\AC\01.mp3", 292)
    assert (first.artist, first.title) == ("AC/DC", "Thunderstruck")
    assert (second.location, second.title) == ("file:///music/b%20c.flac", "")
    assert (tenth.location, tenth.duration_s) == ("http://radio.example/stream", None)
    assert file.name == "Evenings"


def test_odd_pls_files() -> None:
    assert entries("[Playlist]\nnumberofentries=0\n") == []
    assert [each.location for each in entries("[playlist]\nfile1 = a=b.mp3\n[x]\n")] == ["a=b.mp3"]
    (entry,) = entries("[playlist]\nTitle7=A - B\n")
    assert (entry.location, entry.artist, entry.title) == ("", "A", "B")
    (raw,) = entries("[playlist]\nFile1=Übermut.mp3\n".encode("latin-1"))
    assert (raw.location, raw.raw_location) == ("Übermut.mp3", "\udcdcbermut.mp3")
    many = "".join(f"File{number}=a\n" for number in range(MOST_ENTRIES + 1))
    with pytest.raises(BadPlaylistFile, match="more than"):
        entries(f"[playlist]\n{many}")


def test_a_table_of_a_streaming_service() -> None:
    first, second = entries(EXPORTIFY)
    assert (first.artist, first.title, first.album) == (
        "Queen, David Bowie",
        "Under Pressure",
        "Hot Space",
    )
    assert (first.text, first.duration_s) == ("Queen - Under Pressure", 248.44)
    assert (second.title, second.location) == ('He said "no", twice', "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_playlist_that_itunes_wrote_as_text(encoding: str) -> None:
    (entry,) = entries(ITUNES.encode(encoding))
    assert (entry.artist, entry.title, entry.album) == ("Somebody", "Song", "Album")
    assert entry.duration_s == 61


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_of_any_separator(separator: str) -> None:
    rows = ["\ufeffTitle", "ARTIST", "x"], ["Song", "Björk", ""], ["", "", ""], ["Other"]
    first, second = entries("\r\n".join(separator.join(row) for row in rows))
    assert (first.artist, first.title) == ("Björk", "Song")
    assert (second.artist, second.title) == ("", "Other")


def test_a_list_of_paths_is_no_table() -> None:
    paths = ["Artist, Title.mp3", "Name;Artist.mp3", "Artist\tTitle.mp3"]
    for path in paths:
        assert [each.location for each in entries(f"{path}\nb.mp3\n")] == [path, "b.mp3"]
