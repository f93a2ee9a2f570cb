"""Tracks whose tags hold what tags may hold: markup, endless titles, any script, no picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.audio_files import PNG, make_audio
from tests.browser.small_libraries import scan_new_library
from tests.databases import place_in
from tests.web.served import ServedMus, serve

MARKUP = "<img src=x onerror=\"document.title='hacked'\"><script>alert(1)</script>"
ENDLESS = "W" * 2000
ARABIC = "حبيتك بالصيف"
FAMILY = "👩‍👩‍👧‍👦 Family 🎉"
NO_PICTURE = b"\xff\xd8\xff\xe0 this is no picture"


def make_odd_library(folder: Path, database: Path) -> None:
    music = folder / "music"
    make_audio(music / "1.mp3", title=MARKUP, artist=MARKUP, album=MARKUP, genre=MARKUP)
    make_audio(music / "2.mp3", title=ENDLESS, artist="x" * 500, album="word " * 200)
    make_audio(music / "3.mp3", title=ARABIC, artist="فيروز", album="رجعت الشتوية")
    make_audio(music / "4.mp3", title=FAMILY, artist="👨‍🎤", album="🎶")
    make_audio(music / "untagged.mp3")
    for name, cover in (("Fake", NO_PICTURE), ("True", PNG)):
        make_audio(music / name / "5.mp3", title=name, artist=name, album=name, cover=cover)
    (music / "broken.mp3").write_bytes(b"no sound")
    scan_new_library(folder, database)


@contextmanager
def serve_odd_library(folder: Path, library: Path) -> Iterator[ServedMus]:
    """A server with the music of `library` and a copy of its database."""
    music = str(library / "music")
    with serve(folder, place_in(library / "data"), "--no-scan", MUSIC_DIR=music) as server:
        yield server
