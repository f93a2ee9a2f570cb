"""Files left to the nginx that stands before mus."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.library.media.client import Listener
from tests.library.media.conftest import Library, row, served_library, stored

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("second folder")


@pytest.fixture(scope="module")
def library(
    tmp_path_factory: pytest.TempPathFactory, database: Path, second: Path
) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("served")
    roots = os.pathsep.join([str(folder / "music"), str(second)])
    settings = {"X_ACCEL_REDIRECT_PREFIX": "/_music/", "MUSIC_DIR": roots}
    with served_library(folder, database, **settings) as served:
        yield Library(served.server, served.listener, folder / "music")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nginx_is_told_which_file_it_is(library: Library, method: str) -> None:
    path = library.file(f"Caf\u00e9 & more/100% {method}?.flac", b"sound", codec="flac")
    answer = library.listener.ask(path, method, Range="bytes=0-0")
    assert answer.status == 200
    assert answer.headers["x-accel-redirect"] == (
        f"/_music/0/Caf%C3%A9%20%26%20more/100%25%20{method}%3F.flac"
    )
    assert answer.headers["content-type"] == "audio/flac"
    assert answer.headers["content-length"] == "0"
    assert answer.headers["cache-control"] == "private, no-cache"


def test_mus_compares_its_own_etag_and_nginx_passes_it_on(library: Library) -> None:
    path = library.file("conditions.flac")
    etag = library.listener.ask(path).headers["etag"]
    same = library.listener.ask(path, **{"If-None-Match": etag})
    assert (same.status, same.headers["etag"]) == (304, etag)
    other = library.listener.ask(path, **{"If-Match": '"other"'})
    assert other.status == 412
    for answer in (same, other):
        assert "x-accel-redirect" not in answer.headers


def test_mus_sends_the_file_itself_if_nginx_would_refuse_the_condition(library: Library) -> None:
    path = library.file("matching.flac")
    etag = library.listener.ask(path).headers["etag"]
    answer = library.listener.ask(path, **{"If-Match": etag})
    assert (answer.status, answer.body) == (200, b"sound")
    assert "x-accel-redirect" not in answer.headers


def test_each_music_folder_has_its_number(library: Library, second: Path) -> None:
    name = os.fsdecode(b"caf\xe9.mp3")
    (second / name).write_bytes(b"sound")
    (path,) = stored(library.server, row(second / name, second))
    assert library.listener.ask(path).headers["x-accel-redirect"] == "/_music/1/caf%E9.mp3"


def test_a_link_to_the_other_music_folder_is_told_as_that_one(
    library: Library, second: Path
) -> None:
    (second / "real.mp3").write_bytes(b"sound")
    (library.music / "link.mp3").symlink_to(second / "real.mp3")
    path = library.track(library.music / "link.mp3")
    assert library.listener.ask(path).headers["x-accel-redirect"] == "/_music/1/real.mp3"


def test_what_lies_outside_comes_from_mus_itself(library: Library, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.mp3").write_bytes(b"sound")
    (library.music / "outward.mp3").symlink_to(tmp_path / "elsewhere.mp3")
    answer = library.listener.ask(library.track(library.music / "outward.mp3"))
    assert "x-accel-redirect" not in answer.headers
    assert answer.body == b"sound"


def test_who_may_not_hear_it_is_told_nothing(library: Library) -> None:
    path = library.file("private.mp3")
    stranger = Listener(library.server, "").ask(path)
    assert stranger.status == 401
    gone = library.file("gone.mp3")
    (library.music / "gone.mp3").unlink()
    for answer in (stranger, library.listener.ask(gone), library.listener.ask(path, "PUT")):
        assert answer.status in {401, 404, 405}
        assert "x-accel-redirect" not in answer.headers
