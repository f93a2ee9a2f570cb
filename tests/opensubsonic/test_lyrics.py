"""`getLyrics` and `getLyricsBySongId`, of real files on a real server."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import mutagen
import mutagen.id3
import pytest

from tests.audio_files import make_audio
from tests.databases import place_in, query
from tests.opensubsonic.conftest import RestServer
from tests.web.served import manage

pytestmark = pytest.mark.server

id3: Any = mutagen.id3
NAMESPACE = "{http://subsonic.org/restapi}"
LRC = "[offset:0]\n[00:01.50]<00:01.50>É<00:01.75>té <00:02.00>now<00:02.50>\n[00:03.00]Two\n"


@pytest.fixture(scope="module")
def library(rest_server: RestServer) -> RestServer:
    music = Path(rest_server.served.variables["MUSIC_DIR"])
    both = make_audio(music / "both.flac", title="Été", artist="Solveig; Ada")
    audio = mutagen.File(both)
    audio["LYRICS"] = "One\n\nTwo"
    audio.save()
    (music / "both.lrc").write_text(LRC)
    tagged = make_audio(music / "tagged.mp3", title="Tagged", artist="Ada")
    tags = id3.ID3(tagged)
    lines = [("One", 1000), ("Two", 2500)]
    tags.add(id3.SYLT(encoding=3, lang="xxx", format=2, type=1, text=lines))
    tags.add(id3.USLT(encoding=3, lang="deu", desc="", text="Eins\nZwei"))
    tags.save()
    make_audio(music / "none.flac", title="None", artist="Ada")
    done = manage(rest_server.served.variables, "scan_tracks", "--workers", "0")
    assert done.returncode == 0, done.stderr
    return rest_server


def track(library: RestServer, path: str) -> str:
    place = place_in(Path(library.served.variables["DATA_DIR"]))
    (row,) = query(place, "SELECT id FROM library_track WHERE path = ?", path)
    return f"tr-{row['id']}"


def structured(library: RestServer, path: str, **parameters: Any) -> list[dict[str, Any]]:
    answer = library("getLyricsBySongId", id=track(library, path), **parameters)
    found: list[dict[str, Any]] = answer["lyricsList"]["structuredLyrics"]
    return found


def test_synced_lyrics_come_first(library: RestServer) -> None:
    names = {"displayArtist": "Solveig; Ada", "displayTitle": "Été", "lang": "und", "offset": 0}
    synced = [{"start": 1500, "value": "Été now"}, {"start": 3000, "value": "Two"}]
    plain = [{"value": "One"}, {"value": ""}, {"value": "Two"}]
    assert structured(library, "both.flac") == [
        {**names, "synced": True, "line": synced},
        {**names, "synced": False, "line": plain},
    ]


def test_lyrics_in_tags_and_their_languages(library: RestServer) -> None:
    synced, plain = structured(library, "tagged.mp3")
    assert (synced["lang"], plain["lang"]) == ("und", "deu")  # xxx says nothing
    assert synced["line"] == [{"start": 1000, "value": "One"}, {"start": 2500, "value": "Two"}]
    assert plain["line"] == [{"value": "Eins"}, {"value": "Zwei"}]


def test_enhanced_lyrics_have_the_times_of_words(library: RestServer) -> None:
    synced, plain = structured(library, "both.flac", enhanced="true")
    cues = [
        {"start": 1500, "end": 1750, "byteStart": 0, "byteEnd": 1, "value": "É"},
        {"start": 1750, "end": 2000, "byteStart": 2, "byteEnd": 5, "value": "té "},
        {"start": 2000, "end": 2500, "byteStart": 6, "byteEnd": 8, "value": "now"},
    ]
    line = {"index": 0, "start": 1500, "end": 2500, "value": "Été now", "cue": cues}
    assert synced["cueLine"] == [line]
    assert (synced["kind"], plain["kind"]) == ("main", "main")
    assert "cueLine" not in plain


def test_the_same_in_xml(library: RestServer) -> None:
    answer = library.get(
        "getLyricsBySongId", id=track(library, "both.flac"), enhanced="true", f="xml"
    )
    first = ET.fromstring(answer.content)[0][0]  # noqa: S314  # our own
    assert first.attrib["synced"] == "true"
    line, cue_line = first.findall(f"{NAMESPACE}line")[0], first.find(f"{NAMESPACE}cueLine")
    assert (line.attrib, line.text) == ({"start": "1500"}, "Été now")
    assert cue_line is not None
    assert cue_line.attrib["value"] == "Été now"
    assert [cue.text for cue in cue_line] == ["É", "té ", "now"]


def test_a_song_without_lyrics_has_an_empty_list(library: RestServer) -> None:
    assert structured(library, "none.flac") == []


def test_songs_that_are_not_there(library: RestServer) -> None:
    for name, code in (("tr-999999", 70), ("al-1", 70), ("", 10)):
        answer = library.get("getLyricsBySongId", id=name).json()["subsonic-response"]
        assert answer["error"]["code"] == code


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ({"artist": "solveig; ada", "title": "ete"}, "One\n\nTwo"),
        ({"artist": "Solveig", "title": "Été"}, "One\n\nTwo"),
        ({"title": "tagged"}, "Eins\nZwei"),
        ({"artist": "Somebody", "title": "Été"}, ""),
        ({"artist": "Ada", "title": "None"}, ""),
        ({"artist": "Ada"}, ""),
        ({}, ""),
        ({"artist": "\0", "title": "%' OR 1=1 --"}, ""),
    ],
)
def test_lyrics_by_artist_and_title(library: RestServer, asked: dict[str, str], value: str) -> None:
    answer = library("getLyrics", **asked)["lyrics"]
    assert answer["value"] == value
    assert answer.keys() == {"artist", "title", "value"}


def test_the_extension_is_announced(library: RestServer) -> None:
    found = library("getOpenSubsonicExtensions")["openSubsonicExtensions"]
    assert {"name": "songLyrics", "versions": [1, 2]} in found
