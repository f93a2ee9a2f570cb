"""Who scrolls through a large library that has no covers yet delays nobody else."""

import hashlib
import os
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from select import select

import httpx
import psutil
import pytest

from library.media.found_covers import MAX_WAITING_PER_USER
from tests.audio_files import make_audio
from tests.library.covers.conftest import Covers, covers, log_in
from tests.library.covers.pictures import black_row, detailed, encoded, plain
from tests.library.media.client import Answer, Connection

pytestmark = pytest.mark.server

MOST_MORE_BYTES = 64 * 2**20
ASKED_FOR = MAX_WAITING_PER_USER + 60  # some may be made before the last one asks


@pytest.fixture(scope="module")
def large(library: Covers) -> list[str]:
    """Tracks whose covers take a while."""
    picture = encoded(detailed((2500, 2500)), "JPEG", quality=90)
    for number in range(ASKED_FOR + 1):
        make_audio(library.music / f"large {number}" / "track.flac")
        (library.music / f"large {number}" / "cover.jpg").write_bytes(picture)
    library.scan()
    return [f"large {number}/track.flac" for number in range(ASKED_FOR + 1)]


@pytest.fixture
def other(library: Covers) -> Iterator[Covers]:
    with httpx.Client(base_url=library.server.url, timeout=60) as browser:
        somebody = Covers(library.folder, library.server, browser)
        log_in(somebody, f"somebody {os.urandom(4).hex()}")
        yield somebody


def first_refusal(crowd: list[Connection]) -> Answer:
    """The first answer 503. Requests are looked at in any order, so it may be that of any."""
    waiting = {connection.socket: connection for connection in crowd}
    while waiting:
        ready, _, _ = select(list(waiting), [], [], 30)
        assert ready, "nobody is answered"
        for socket in ready:
            answer = waiting.pop(socket).answer()
            if answer.status == 503:
                return answer
    raise AssertionError("nobody was refused")


def test_one_who_asks_for_many_gets_503_past_a_bound_and_delays_nobody(
    library: Covers, other: Covers, large: list[str]
) -> None:
    cookie = f"sessionid={library.browser.cookies['sessionid']}"
    urls = [library.url(path, "original") for path in large]
    with ExitStack() as stack:
        crowd = [Connection(library.server, cookie) for _ in range(ASKED_FOR)]
        for connection, url in zip(crowd, urls, strict=False):
            stack.callback(connection.close)
            connection.ask(url)
        answer = first_refusal(crowd)
        assert int(answer.headers["retry-after"]) > 0
        made_before = len(list(library.cache.rglob("*.webp")))
        assert other.get(large[-1], "original").status_code == 200
        made_meanwhile = len(list(library.cache.rglob("*.webp"))) - made_before
        assert made_meanwhile <= 8  # its own, and those under way before it, with some to spare
    # Whoever asked is gone: none of the others is made, and the next one need not wait.
    assert library.get("large 3/track.flac").status_code == 200
    assert len(list(library.cache.rglob("*.webp"))) < ASKED_FOR / 2


def test_a_file_is_opened_once_for_its_embedded_picture(library: Covers) -> None:
    """By name a second time it may be another file than the one that was checked."""
    make_audio(library.music / "once.flac", cover=plain())
    library.scan()
    before = library.opened("once.flac")
    assert library.get("once.flac").status_code == 200
    assert library.opened("once.flac") - before == 1


def test_the_process_that_reads_pictures_ends_with_the_server(
    database: Path, tmp_path: Path
) -> None:
    with covers(tmp_path / "served", database) as served:
        log_in(served)
        make_audio(served.music / "track.flac", cover=plain())
        served.scan()
        assert served.get("track.flac").status_code == 200
        process = psutil.Process(served.server.process.pid)
        (reader,) = process.children()
        served.server.process.kill()
        reader.wait(10)


def test_a_reader_that_died_costs_nothing_of_the_next_file(library: Covers) -> None:
    for number in range(2):
        make_audio(library.music / f"reader {number}.flac", cover=plain(size=(50, 50 + number)))
    library.scan()
    assert library.get("reader 0.flac").status_code == 200
    for child in psutil.Process(library.server.process.pid).children():
        child.kill()
    assert library.get("reader 1.flac").status_code == 200


def test_a_file_that_takes_much_memory_to_read_takes_none_of_the_server(library: Covers) -> None:
    """A million short comments and more, in place of those that the scan saw."""
    path = make_audio(library.music / "many comments.flac", cover=plain())
    library.scan()
    data = path.read_bytes()
    values = [b"a=%06x" % number for number in range(1_350_000)]
    comments = struct.pack("<II", 0, len(values))
    comments += b"".join(struct.pack("<I", len(value)) + value for value in values)
    info = data[4 : 8 + 34]
    block = b"\x84" + len(comments).to_bytes(3, "big") + comments
    path.write_bytes(b"fLaC" + bytes([info[0] & 0x7F]) + info[1:] + block + data[-2000:])
    server = psutil.Process(library.server.process.pid)
    before = peak_bytes(server)
    library.get("many comments.flac")
    assert peak_bytes(server) - before < MOST_MORE_BYTES


def peak_bytes(process: psutil.Process) -> int:
    status = Path(f"/proc/{process.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def test_a_picture_too_wide_to_be_shown_is_looked_at_once(library: Covers) -> None:
    make_audio(library.music / "wide" / "track.flac")
    (library.music / "wide" / "cover.png").write_bytes(black_row(63_999_999))
    library.scan()
    for _ in range(3):
        answer = library.get("wide/track.flac", "original")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "cover_unusable")
    assert library.opened("wide/cover.png") == 1


def test_the_cache_keeps_to_its_limit(database: Path, tmp_path: Path) -> None:
    limit_bytes = 400_000
    with covers(tmp_path / "served", database, COVER_CACHE_GB=str(limit_bytes / 1e9)) as served:
        log_in(served)
        for number in range(60):
            noise = encoded(detailed((300, 300 + number)), "PNG")
            make_audio(served.music / str(number) / "track.flac")
            (served.music / str(number) / "cover.png").write_bytes(noise)
        served.scan()
        made = 0
        for number in range(60):
            made += len(served.get(f"{number}/track.flac", "original").content)
        assert made > 2 * limit_bytes
        first = hashlib.sha256(served.get("0/track.flac", "original").content)
        kept = sum(path.stat().st_blocks * 512 for path in served.cache.rglob("*.webp"))
        assert kept <= limit_bytes * 1.1  # one more may have come since it was last swept
        assert first.digest()
