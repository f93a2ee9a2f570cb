"""A small library of real files with all that clients ask for, each song in another format."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from tests.audio_files import JPEG, make_audio
from tests.opensubsonic.conftest import RestServer
from tests.web.served import manage

ALBUM = "Été & “more”"
BY_SOLVEIG = {"artist": "Solveig", "album": ALBUM, "year": 2001, "genre": "Folk"}
BY_ADA = {"artist": "Ada; Solveig", "artists": ["Ada", "Solveig"], "album_artist": "Ada"}
SONGS: dict[str, dict[str, Any]] = {
    "Solveig/Été/01 Öl.flac": {"title": "Öl", "track_number": 1, **BY_SOLVEIG},
    "Solveig/Été/02 Nuit.mp3": {"title": "Nuit", "track_number": 2, **BY_SOLVEIG},
    "Ada/Net/1.opus": {"title": "夜 <1>", "album": "Net", "composer": "Bo", **BY_ADA},
    "Ada/Net/2.m4a": {"title": "Two", "album": "Net", "disc_number": 2, **BY_ADA},
    "Ada/loose.wav": {},
}
OPENSONIC, SONIC, KNUCKLES, MOPIDY, LOOSE = SONGS
"""The song that each client plays and marks, and a file without tags. All are half a second long,
and a bookmark lies within its song."""
TITLES = sorted(tags.get("title", "loose") for tags in SONGS.values())
LYRICS = "[00:01.50]One\n[00:03.00]Two\n"
RANGE = {"Range": "bytes=100-299"}
HEARD_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HEARD_AT_TEXT = "2026-01-02T03:04:05.000Z"


@dataclass
class Library:
    server: RestServer
    music: Path
    ids: dict[str, str] = field(default_factory=dict)
    """The ids of songs by their paths."""

    @property
    def host(self) -> str:
        return self.server.served.url.rpartition(":")[0]

    @property
    def port(self) -> int:
        return urlsplit(self.server.served.url).port or 0

    @property
    def password(self) -> str:
        return self.server.passwords["lee"]

    def bytes_of(self, path: str) -> bytes:
        return (self.music / path).read_bytes()


def scanned_library(server: RestServer) -> Library:
    """These songs as the whole library of `server`."""
    library = Library(server, Path(server.served.variables["MUSIC_DIR"]))
    for path, tags in SONGS.items():
        make_audio(library.music / path, cover=JPEG if tags else None, **tags)
        (library.music / path).with_suffix(".lrc").write_text(LYRICS)
    done = manage(server.served.variables, "scan_tracks", "--workers", "0")
    assert done.returncode == 0, done.stderr
    found = server("search3", query="", songCount=500)["searchResult3"]["song"]
    library.ids = {each["path"]: each["id"] for each in found}
    return library


def is_cover(content: bytes, longest: int) -> bool:
    with Image.open(BytesIO(content)) as picture:
        return picture.format == "JPEG" and max(picture.size) <= longest
