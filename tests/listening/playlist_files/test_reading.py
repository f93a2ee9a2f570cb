"""What playlist files say, as programs of all kinds write them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.playlist_files.entries import MOST_ENTRIES, BadPlaylistFile, FileEntry
from listening.playlist_files.reading import read_playlist
from listening.playlist_files.recordings import recording_id_in

RECORDING = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"


def locations(content: bytes) -> list[str]:
    return [entry.location for entry in read_playlist(content).entries]


def test_a_plain_list_of_paths_has_an_entry_a_line() -> None:
    assert locations(b"a.mp3\n\n  \nB/c.mp3\n") == ["a.mp3", "B/c.mp3"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_any_line_end_and_any_encoding(end: str, encoding: str) -> None:
    path = "Müsic/Wilde Nächte \N{EN DASH} x.mp3"
    lines = ["#EXTM3U", "#EXTINF:148,Sarah Connor - Wilde Nächte", path]
    (entry,) = read_playlist(end.join(lines).encode(encoding)).entries
    assert (entry.artist, entry.title) == ("Sarah Connor", "Wilde Nächte")
    assert entry.location == path
    assert entry.duration_s == 148


def test_lines_of_two_encodings_in_one_file() -> None:
    content = "Génève.mp3\n".encode() + "Übermut.mp3\n".encode("latin-1")
    first, second = read_playlist(content).entries
    assert (first.location, first.raw_location) == ("Génève.mp3", "")
    assert (second.location, second.raw_location) == ("Übermut.mp3", "\udcdcbermut.mp3")


def test_the_encoding_that_the_file_states() -> None:
    title = "\u041c\u0443\u0437\u044b\u043a\u0430.mp3"
    content = f"#EXTM3U\n#EXTENC: windows-1251\n{title}\n".encode("cp1251")
    assert locations(content) == [title]


@pytest.mark.parametrize("stated", ["no-such", "zip", "undefined", "utf-16", "rot13"])
def test_an_encoding_that_is_stated_wrongly_is_guessed(stated: str) -> None:
    assert locations(f"#EXTENC:{stated}\nNoël.mp3\n".encode("latin-1")) == ["Noël.mp3"]


@pytest.mark.parametrize(
    ("info", "length_s", "artist", "title"),
    [
        ("123,Artist - Title", 123, "Artist", "Title"),
        ("123.5, Artist - Title ", 123.5, "Artist", "Title"),
        ("-1,Title", None, "", "Title"),
        ("0,01 - Prologue.mp3", None, "01", "Prologue.mp3"),
        ('-1 tvg-id="a,b" group-title="X, Y",Artist - Title', None, "Artist", "Title"),
        ("123,Artist, The - Title, with commas", 123, "Artist, The", "Title, with commas"),
        ("123", 123, "", ""),
        ("", None, "", ""),
        (",Artist - Title", None, "Artist", "Title"),
        ("99999999999999999999999,x - y", None, "99999999999999999999999,x", "y"),
        ("5,A \N{EN DASH} B", 5, "A", "B"),
    ],
)
def test_lengths_artists_and_titles(
    info: str, length_s: float | None, artist: str, title: str
) -> None:
    (entry,) = read_playlist(f"#EXTM3U\n#EXTINF:{info}\na.mp3".encode()).entries
    assert (entry.duration_s, entry.artist, entry.title) == (length_s, artist, title)


def test_what_comments_say_of_an_entry_and_of_the_list() -> None:
    content = (
        "#EXTM3U\n#PLAYLIST: Best, of \n#EXTIMG:front cover\n#EXTALB:Album\n#EXTART:A - B\n"
        "#EXTINF:7,A - B - C\n# a remark\na.mp3\nb.mp3\n"
    )
    found = read_playlist(content.encode())
    assert found.name == "Best, of"
    assert found.entries == [
        FileEntry("a.mp3", "C", "A - B", "Album", 7, text="A - B - C"),
        FileEntry("b.mp3"),
    ]


def test_entries_without_a_location() -> None:
    content = "#EXTM3U\n#EXTINF:1,A - B\n#EXTALB:X\n#EXTINF:2,C - D\nc.mp3\n#EXTINF:3,E - F"
    found = read_playlist(content.encode()).entries
    assert [(each.artist, each.album, each.location) for each in found] == [
        ("A", "X", ""),
        ("C", "", "c.mp3"),
        ("E", "", ""),
    ]


def test_spaces_around_names_are_part_of_them_as_far_as_one_can_tell() -> None:
    assert locations(b"#EXTM3U\n a .mp3 \n") == [" a .mp3 "]


def test_no_list_of_tracks_is_refused_with_a_reason() -> None:
    for content, reason in [
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\npart1.ts\n", "HLS"),
        (b"ID3\x04\0\0\0\0\0" + bytes(range(256)) * 4, "not a text"),
        (b"\0\x01garbage", "not a text"),
        (b"\x01\0garbage", "not a text"),
        (b"#EXTM3U\na.mp3\n\x89PNG\r\n\x1a\n\x02\x03", "not a text"),
        (b"a\x07.mp3", "not a text"),
        (("a\x07.mp3\n" * 9).encode("utf-16"), "not a text"),
        (b"<html><body>Not found</body></html>", "not a playlist"),
        (b"<playlist", "not valid XML"),
        (b'{"a": 1}', "not a playlist"),
        (b'{"playlist": ', "not valid JSON"),
        (b'{"a":' * 100_000, "deep"),
        (b"<a>" * 100, "deep"),
        (b"a\n" * (MOST_ENTRIES + 1), "100,000"),
        (b"a" * 100_000, "longer"),
        (b" " * (8 * 1024 * 1024 + 1), "8 MiB"),
        (b'<?xml version="1.0" encoding="no-such"?><playlist/>', "encoding"),
    ]:
        with pytest.raises(BadPlaylistFile, match=reason):
            read_playlist(content)


def test_control_characters_in_comments_and_the_end_of_dos_files_are_no_entries() -> None:
    found = read_playlist(b"#EXTM3U\n#EXTINF:3,A\x01 - B\x7f\nA/a\tb.mp3\r\n\x1a").entries
    assert [(each.artist, each.title, each.location) for each in found] == [
        ("A", "B", "A/a\tb.mp3")
    ]


def test_an_empty_file_is_an_empty_playlist() -> None:
    assert read_playlist(b"").entries == []


XSPF = """<?xml version="1.0" encoding="{}"?>
<playlist version="1" xmlns="http://xspf.org/ns/0/" xmlns:x="urn:x">
 <title>Søndag &amp; more</title><annotation>About</annotation>
 <meta rel="x">y</meta>
 <trackList>
  <track>
   <location>file:///music/Bj%C3%B6rk/J%C3%B3ga%20[live].mp3</location>
   <identifier>https://musicbrainz.org/recording/{}</identifier>
   <title>Jóga</title><creator>Björk</creator><album>Homogenic</album>
   <duration>305000</duration><trackNum>2</trackNum>
   <extension application="x"><title>not this</title></extension>
  </track>
  <track><title>Alone</title></track>
  <x:track><x:location>b.mp3</x:location></x:track>
 </trackList>
</playlist>"""


@pytest.mark.parametrize(
    ("stated", "used"),
    [("UTF-8", "utf-8"), ("ISO-8859-1", "latin-1"), ("windows-1252", "cp1252"),
     ("UTF-16", "utf-16"), ("UTF-8", "latin-1")],
)  # fmt: skip
def test_xspf(stated: str, used: str) -> None:
    found = read_playlist(XSPF.format(stated, RECORDING).encode(used))
    assert (found.name, found.description) == ("Søndag & more", "About")
    first, second, third = found.entries
    assert first == FileEntry(
        "file:///music/Bj%C3%B6rk/J%C3%B3ga%20[live].mp3",
        *("Jóga", "Björk", "Homogenic", 305.0, RECORDING),
        is_uri=True,
    )
    assert (second.title, second.location) == ("Alone", "")
    assert third.location == "b.mp3"


def test_xml_that_grows_is_refused() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY l0 "ha">{levels}]><playlist>&l9;</playlist>'
    external = (
        '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        "<playlist><title>&x;</title></playlist>"
    )
    for content in (bomb, external):
        with pytest.raises(BadPlaylistFile, match="entities"):
            read_playlist(content.encode())


def test_jspf_as_listenbrainz_writes_it() -> None:
    track = {
        "identifier": [f"https://musicbrainz.org/recording/{RECORDING}"],
        "title": "Jóga",
        "creator": "Björk",
        "album": "Homogenic",
        "duration": 305000,
        "extension": {"https://musicbrainz.org/doc/jspf#track": {"added_by": "x"}},
    }
    odd = {"location": "a\0b\ud800.mp3", "title": 7, "duration": "x", "identifier": RECORDING}
    playlist = {"title": "Weekly", "annotation": "About", "track": [track, odd, None, "x"]}
    found = read_playlist(json.dumps({"playlist": playlist}).encode())
    assert (found.name, found.description) == ("Weekly", "About")
    assert found.entries[0] == FileEntry(
        "", "Jóga", "Björk", "Homogenic", 305.0, RECORDING, is_uri=True
    )
    assert (found.entries[1].title, found.entries[1].duration_s) == ("", None)
    assert found.entries[1].recording_id == RECORDING
    assert len(found.entries) == 2


@pytest.mark.parametrize(
    "identifier",
    [RECORDING.upper(), f"http://musicbrainz.org/recording/{RECORDING}/", f"urn:uuid:{RECORDING}"],
)
def test_recordings(identifier: str) -> None:
    assert recording_id_in(identifier) == RECORDING


@pytest.mark.parametrize("identifier", [f"https://musicbrainz.org/release/{RECORDING}", "x", 7])
def test_what_is_no_recording(identifier: object) -> None:
    assert recording_id_in(identifier) == ""


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-16")))
def test_whatever_the_bytes_the_file_is_read_or_refused(content: bytes) -> None:
    for beginning in (b"", b"#EXTM3U\n#EXTINF:1,", b"<playlist>", b'{"playlist": {"track": ['):
        try:
            found = read_playlist(beginning + content)
        except BadPlaylistFile:
            continue
        assert all(entry.title.isprintable() for entry in found.entries)
