"""A cover is made once, however many ask, in whatever processes; and again where it cannot be kept.

What is counted is files that the server opens: pictures, and those it begins in the cache.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.audio_files import make_audio
from tests.library.covers.conftest import Covers, covers, log_in
from tests.library.covers.pictures import BLUE, detailed, encoded, opened, plain
from tests.library.media.client import Connection

pytestmark = pytest.mark.server

PATIENCE_SECONDS = 60


def add_picture(library: Covers, name: str, picture: bytes) -> str:
    """A scanned track in a folder of its own with `picture` in it; its path."""
    make_audio(library.music / name / "track.flac")
    (library.music / name / "cover.jpg").write_bytes(picture)
    library.scan()
    return f"{name}/track.flac"


def large() -> bytes:
    """A picture that takes long enough for others to come meanwhile."""
    return encoded(detailed((3000, 3000)), "JPEG", quality=90)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def ask_at_once(library: Covers, urls: list[str]) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=len(urls))
    async with httpx.AsyncClient(
        base_url=library.server.url,
        cookies=library.browser.cookies,
        limits=limits,
        timeout=PATIENCE_SECONDS,
    ) as browser:
        return await asyncio.gather(*(browser.get(url) for url in urls))


@pytest.mark.parametrize("size", ["small", "original"])
def test_a_hundred_who_ask_at_once_have_one_made(library: Covers, size: str) -> None:
    path = add_picture(library, f"crowd {size}", large())
    cover_id = library.track(path).cover_id
    answers = asyncio.run(ask_at_once(library, [library.url(path, size)] * 100))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert library.opened(f"crowd {size}/cover.jpg") == 1
    assert library.created(cover_id) == 1


def test_both_sizes_and_many_tracks_at_once_are_each_made_once(library: Covers) -> None:
    for number in range(20):
        make_audio(library.music / "many" / f"{number}.flac", cover=plain(size=(300, 300 + number)))
    library.scan()
    paths = [f"many/{number}.flac" for number in range(20)]
    urls = [library.url(path, size) for path in paths for size in ("small", "original")]
    answers = asyncio.run(ask_at_once(library, urls * 3))
    assert {answer.status_code for answer in answers} == {200}
    assert all(library.created(library.track(path).cover_id) == 2 for path in paths)


def test_who_goes_away_takes_it_from_nobody(library: Covers) -> None:
    path = add_picture(library, "left", large())
    cookie = f"sessionid={library.browser.cookies['sessionid']}"
    gone = Connection(library.server, cookie)
    gone.ask(library.url(path, "original"))
    wait_until(lambda: library.opened("left/cover.jpg") == 1)
    with ThreadPoolExecutor(1) as other:
        stays = other.submit(library.get, path, "original")
        gone.close()
        assert stays.result(PATIENCE_SECONDS).status_code == 200
    assert library.opened("left/cover.jpg") == 1
    assert library.created(library.track(path).cover_id) == 1


def test_a_picture_nobody_waits_for_any_more_is_kept_nevertheless(library: Covers) -> None:
    path = add_picture(library, "nobody", large())
    cover_id = library.track(path).cover_id
    gone = Connection(library.server, f"sessionid={library.browser.cookies['sessionid']}")
    gone.ask(library.url(path))
    wait_until(lambda: library.opened("nobody/cover.jpg") == 1)
    gone.close()
    wait_until((library.cache / cover_id[:2] / f"{cover_id}-small.webp").exists)
    assert "never retrieved" not in library.server.output()


def test_another_process_takes_it_from_the_cache(
    library: Covers, database: Path, tmp_path: Path
) -> None:
    make_audio(library.music / "shared.flac", cover=plain(BLUE, (220, 220)))
    library.scan()
    first = library.get("shared.flac")
    same = {name: library.server.variables[name] for name in library.shared}
    with covers(tmp_path / "second", database, **same) as second:
        second.browser.cookies = library.browser.cookies
        assert second.get("shared.flac").content == first.content
        assert second.opened("shared.flac") == 0
        assert second.opened(library.track("shared.flac").cover_id) == 1


def test_processes_that_make_it_at_once_do_not_disturb_each_other(
    library: Covers, database: Path, tmp_path: Path
) -> None:
    path = add_picture(library, "race", large())
    same = {name: library.server.variables[name] for name in library.shared}
    with covers(tmp_path / "second", database, **same) as second:
        second.browser.cookies = library.browser.cookies
        with ThreadPoolExecutor(8) as threads:
            asked = [threads.submit(each.get, path) for _ in range(4) for each in (library, second)]
            answers = [each.result(PATIENCE_SECONDS) for each in asked]
    assert len({answer.content for answer in answers}) == 1
    assert opened(answers[0].content).size == (160, 160)
    assert not list(library.cache.rglob("*.unfinished"))


def test_where_nothing_can_be_kept_covers_are_shown_and_the_log_says_it_once(
    database: Path, tmp_path: Path
) -> None:
    with covers(tmp_path / "served", database) as served:
        log_in(served)
        make_audio(served.music / "track.flac", cover=plain(BLUE))
        make_audio(served.music / "broken.flac", cover=plain()[:300])
        served.scan()
        served.cache.write_bytes(b"a file where the folder should be")
        for size in ("small", "original", "small"):
            assert served.get("track.flac", size).headers["etag"]
        assert served.get("broken.flac").status_code == 404
        assert served.server.output().count("Covers cannot be kept") == 1
        assert "Traceback" not in served.server.output()
