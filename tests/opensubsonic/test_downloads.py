"""`download` of albums, artists, folders and playlists: a ZIP file with ranges."""

import os
import shutil
import time
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.audio_files import make_audio
from tests.databases import place_in, query
from tests.opensubsonic.conftest import RestServer
from tests.web.served import manage

pytestmark = pytest.mark.server

MAKE_PLAYLISTS = """
from django.contrib.auth.models import User
from library.models.catalogue import Track
from listening.playlists.editing import make
lee, stella = (User.objects.get(username=name) for name in ("lee", "stella"))
tracks = dict(Track.objects.values_list("path", "pk"))
mixed = [tracks[path] for path in ("Other/1.flac", "Dawn/CD2/1.flac", "Other/1.flac")]
for owner, targets in ((lee, mixed), (stella, mixed), (lee, [])):
    print("playlist", make(owner.pk, {"name": "Mixed: up"}, targets))
"""


@dataclass
class Library:
    server: RestServer
    music: Path
    playlists: list[int]

    def id_of(self, kind: str, name: str) -> str:
        prefix = {"album": "al", "artist": "ar", "folder": "fo"}[kind]
        column = {"album": "title", "artist": "name", "folder": "path"}[kind]
        place = place_in(Path(self.server.served.variables["DATA_DIR"]))
        sql = f"SELECT id FROM library_{kind} WHERE {column} = ?"  # noqa: S608
        (row,) = query(place, sql, name)
        return f"{prefix}-{row['id']}"

    def get(self, name: str, **options: Any) -> httpx.Response:
        return self.server.get("download", id=name, **options)


@pytest.fixture(scope="module")
def library(rest_server: RestServer) -> Library:
    music = Path(rest_server.served.variables["MUSIC_DIR"])
    names: Any = {"artist": "Solveig", "album_artist": "Solveig", "album": "Dawn"}
    make_audio(music / "Dawn" / "CD1" / "1.flac", **names, disc_number=1, title="One")
    make_audio(music / "Dawn" / "CD2" / "1.flac", **names, disc_number=2, title="Two")
    make_audio(music / "Other" / "1.flac", artist="Solveig", album="Other: 1", title="Three")
    make_audio(music / "Fading" / "1.flac", artist="Gone", album="Fading", title="Four")
    shutil.copy(music / "Fading" / "1.flac", music / "Fading" / "2.flac")
    with (music / "Fading" / "2.flac").open("ab") as file:
        file.write(os.urandom(40_000_000))  # more than any buffer on the way
    done = manage(rest_server.served.variables, "scan_tracks", "--workers", "0")
    assert done.returncode == 0, done.stderr
    lines = rest_server.served.python(MAKE_PLAYLISTS).splitlines()
    playlists = [int(line.split()[1]) for line in lines if line.startswith("playlist ")]
    return Library(rest_server, music, playlists)


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as found:
        assert found.testzip() is None
        for info in found.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            assert not info.flag_bits & 8  # Java reads no stored member with its checksum after it
        return {name: found.read(name) for name in found.namelist()}


def error_code(answer: httpx.Response) -> int:
    assert answer.status_code == 200
    code: int = answer.json()["subsonic-response"]["error"]["code"]
    return code


def test_an_album_keeps_its_folders(library: Library) -> None:
    answer = library.get(library.id_of("album", "Dawn"), maxBitRate=64)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="Solveig - Dawn.zip"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert unpacked(answer.content) == {
        f"Solveig - Dawn/CD{n}/1.flac": (library.music / f"Dawn/CD{n}/1.flac").read_bytes()
        for n in (1, 2)
    }


def test_an_artist_a_folder_and_a_playlist(library: Library) -> None:
    expected = {
        library.id_of("artist", "Solveig"): [
            *("Solveig/Dawn/CD1/1.flac", "Solveig/Dawn/CD2/1.flac", "Solveig/Other/1.flac"),
        ],
        library.id_of("folder", "Dawn"): ["Dawn/CD1/1.flac", "Dawn/CD2/1.flac"],
        f"pl-{library.playlists[0]}": ["Mixed_ up/01 - 1.flac", "Mixed_ up/02 - 1.flac"],
    }
    for name, files in expected.items():
        assert list(unpacked(library.get(name).content)) == files


def test_ranges_are_parts_of_the_whole(library: Library) -> None:
    name = library.id_of("artist", "Solveig")
    whole = library.get(name)
    size = len(whole.content)
    first_size = (library.music / "Dawn/CD1/1.flac").stat().st_size
    for first, last in ((0, 10), (5, first_size + 200), (size - 500, size - 1), (size - 1, size)):
        part = library.get(name, headers={"Range": f"bytes={first}-{last}"})
        assert part.status_code == 206
        assert part.content == whole.content[first : last + 1]
        said = f"bytes {first}-{min(last, size - 1)}/{size}"
        assert part.headers["content-range"] == said
        assert part.headers["etag"] == whole.headers["etag"]
    beyond = library.get(name, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    other = library.get(name, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (other.status_code, len(other.content)) == (200, size)


def test_head_and_conditions(library: Library) -> None:
    name = library.id_of("folder", "Dawn")
    head = library.get(name, method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(library.get(name).content)
    known = library.get(name, headers={"If-None-Match": head.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


def test_what_cannot_be_downloaded(library: Library) -> None:
    assert error_code(library.get(f"pl-{library.playlists[1]}")) == 70  # another user's
    assert error_code(library.get(f"pl-{library.playlists[2]}")) == 70  # empty
    for name in ("al-999999", "ar-999999", "fo-999999", "pl-999999", "ra-1", "mf-1"):
        assert error_code(library.get(name)) == 70
    assert error_code(library.get(library.id_of("album", "Dawn"), format="mp3")) == 0


def test_a_file_that_is_gone_before_is_left_out(library: Library) -> None:
    path = library.music / "Dawn" / "CD2" / "1.flac"
    content = path.read_bytes()
    stat = path.stat()
    path.unlink()
    try:
        found = unpacked(library.get(library.id_of("album", "Dawn")).content)
        assert list(found) == ["Solveig - Dawn/1.flac"]
    finally:
        path.write_bytes(content)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_a_client_that_pauses_holds_the_server_back(library: Library) -> None:
    name = library.id_of("album", "Fading")
    size = len(library.get(name).content)  # the checksums are known from now on
    process = psutil.Process(library.server.served.process.pid)
    parameters = {**library.server.login(), "v": "1.16.1", "c": "tests", "id": name}
    before = process.io_counters().read_chars
    with library.server.client.stream("GET", "/rest/download", params=parameters) as answer:
        next(answer.iter_bytes(1024))
        read = -1
        while read != (read := process.io_counters().read_chars):
            time.sleep(0.3)
        assert read - before < size / 2


def test_a_file_that_changes_meanwhile_breaks_the_download_off(library: Library) -> None:
    path = library.music / "Fading" / "2.flac"
    name = library.id_of("album", "Fading")
    parameters = {**library.server.login(), "v": "1.16.1", "c": "tests", "id": name}
    with library.server.client.stream("GET", "/rest/download", params=parameters) as answer:
        chunks = answer.iter_bytes(1024)
        taken = [next(chunks)]
        with path.open("ab") as file:
            file.write(b"more")
        with pytest.raises(httpx.TransportError):
            taken.extend(chunks)
    assert sum(map(len, taken)) < int(answer.headers["content-length"])
