"""A music folder on a mount that hangs holds up nothing of the other folders."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from asgi.files.disks import THREADS
from tests.audio_files import make_audio
from tests.databases import place_in, query
from tests.library.covers.pictures import BLUE, plain
from tests.library.media.client import Answer, Listener
from tests.library.media.conftest import MAKE_SESSION
from tests.web.served import ServedMus, manage, serve

pytestmark = pytest.mark.server

HANGING = Path(__file__).parent / "hanging"
PATIENCE_S = 60
MORE_THAN_ALL = 3 * THREADS


@dataclass
class TwoFolders:
    """A library in two music folders, of which one hangs while `mark` is there."""

    server: ServedMus
    listener: Listener
    mark: Path

    def track(self, path: str) -> str:
        sql = "SELECT id FROM library_track WHERE path = ?"
        place = place_in(Path(self.server.variables["DATA_DIR"]))
        return f"/api/v1/tracks/{query(place, sql, path)[0]['id']}"


@pytest.fixture
def library(tmp_path: Path, database: Path) -> Iterator[TwoFolders]:
    well, hung, mark = (tmp_path / name for name in ("well", "hung", "mark"))
    for number in range(MORE_THAN_ALL):
        make_audio(hung / f"{number}.flac", title=str(number), cover=plain(size=(40, 40 + number)))
        make_audio(well / f"w{number}.flac", cover=plain(BLUE, (41, 40 + number)))
    make_audio(hung / "folder" / "track.flac")
    (hung / "folder" / "cover.jpg").write_bytes(plain(BLUE))
    variables = {
        "MUSIC_DIR": f"{well}:{hung}",
        "PYTHONPATH": str(HANGING),
        "HANGS_WHILE": str(mark),
    }
    with serve(tmp_path, database, "--no-scan", **variables) as server:
        done = manage(server.variables, "scan_tracks", "--workers", "0")
        assert done.returncode == 0, done.stderr
        session = server.python(MAKE_SESSION).split()[-1]
        mark.touch()
        yield TwoFolders(server, Listener(server, f"sessionid={session}"), mark)
        mark.unlink(missing_ok=True)


def is_told_to_come_back(answer: Answer) -> bool:
    return answer.status == 503 and int(answer.headers["retry-after"]) > 0


def answers_again(library: TwoFolders, path: str) -> bool:
    """As soon as a thread has noticed that the disk is back."""
    deadline = time.monotonic() + PATIENCE_S
    while library.listener.ask(path).status != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("asked", ["stream", "covers/small.webp"])
def test_other_folders_are_served_while_one_hangs(library: TwoFolders, asked: str) -> None:
    with ThreadPoolExecutor(MORE_THAN_ALL) as crowd:
        hung = [
            crowd.submit(library.listener.ask, f"{library.track(f'{n}.flac')}/{asked}")
            for n in range(MORE_THAN_ALL)
        ]
        for number in range(MORE_THAN_ALL):
            track = library.track(f"w{number}.flac")
            assert library.listener.ask(f"{track}/stream").status == 200
            assert library.listener.ask(f"{track}/covers/small.webp").status == 200
        assert not any(each.done() for each in hung)
        assert all(is_told_to_come_back(each.result()) for each in hung)
    library.mark.unlink()
    assert answers_again(library, f"{library.track('0.flac')}/{asked}")
    assert "Traceback" not in library.server.output()


def test_a_picture_in_a_folder_that_hangs_is_asked_for_again(library: TwoFolders) -> None:
    path = f"{library.track('folder/track.flac')}/covers/small.webp"
    assert is_told_to_come_back(library.listener.ask(path))
    library.mark.unlink()
    assert answers_again(library, path)


def test_a_server_whose_disk_hangs_can_be_stopped(library: TwoFolders) -> None:
    with library.listener.connection() as connection:
        connection.ask(f"{library.track('0.flac')}/stream")
        assert library.listener.ask(f"{library.track('w0.flac')}/stream").status == 200
        code, _ = library.server.end()
    assert code == 0
