"""Tracks whose tags hold what tags may hold: markup, endless titles, any script, no picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.audio_files import PNG, make_audio
from tests.browser.accounts import USERS
from tests.web.served import ServedMus, manage, serve

MARKUP = "<img src=x onerror=\"document.title='hacked'\"><script>alert(1)</script>"
ENDLESS = "W" * 2000
ARABIC = "حبيتك بالصيف"
FAMILY = "👩‍👩‍👧‍👦 Family 🎉"
NO_PICTURE = b"\xff\xd8\xff\xe0 this is no picture"


@contextmanager
def serve_odd_library(folder: Path, database: Path) -> Iterator[ServedMus]:
    music = folder / "music"
    make_audio(music / "1.mp3", title=MARKUP, artist=MARKUP, album=MARKUP, genre=MARKUP)
    make_audio(music / "2.mp3", title=ENDLESS, artist="x" * 500, album="word " * 200)
    make_audio(music / "3.mp3", title=ARABIC, artist="فيروز", album="رجعت الشتوية")
    make_audio(music / "4.mp3", title=FAMILY, artist="👨‍🎤", album="🎶")
    make_audio(music / "untagged.mp3")
    for name, cover in (("Fake", NO_PICTURE), ("True", PNG)):
        make_audio(music / name / "5.mp3", title=name, artist=name, album=name, cover=cover)
    (music / "broken.mp3").write_bytes(b"no sound")
    with serve(folder, database, "--no-scan") as server:
        server.python(USERS)
        manage(server.variables, "scan_tracks", "--quiet")
        yield server
