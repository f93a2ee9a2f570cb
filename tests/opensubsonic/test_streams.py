"""`stream` and `download` of a song: the file with ranges, or an error that says why not."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from library.media.as_it_is import names_of
from tests.audio_files import make_audio
from tests.databases import place_in, query
from tests.opensubsonic.conftest import RestServer
from tests.web.served import manage

pytestmark = pytest.mark.server

CBR, VBR, OPUS, SILENT = "cbr.mp3", "vbr.mp3", "tone.opus", "Bla: ü?.flac"


@pytest.fixture(scope="module")
def music(rest_server: RestServer) -> Path:
    """Two MP3 of ten seconds, of constant and variable bit rate; Opus; FLAC."""
    folder = Path(rest_server.served.variables["MUSIC_DIR"])
    encode(folder / CBR, "-b:a", "128k")
    encode(folder / VBR, "-q:a", "4")
    make_audio(folder / OPUS, title="Opus")
    make_audio(folder / SILENT, title="Flac")
    done = manage(rest_server.served.variables, "scan_tracks", "--workers", "0")
    assert done.returncode == 0, done.stderr
    return folder


def encode(path: Path, *options: str) -> None:
    # Half noise, half silence, so that a variable bit rate does vary.
    sound = "aevalsrc=exprs='if(lt(t,5),random(0)-0.5,0)':d=10:s=44100"
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", sound, *options]
    subprocess.run([*command, "-metadata", f"title={path.stem}", path], check=True, timeout=60)


@pytest.fixture(scope="module")
def ask(rest_server: RestServer, music: Path) -> Callable[..., httpx.Response]:
    def ask(name: str, endpoint: str = "stream", **options: Any) -> httpx.Response:
        place = place_in(Path(rest_server.served.variables["DATA_DIR"]))
        (row,) = query(place, "SELECT id FROM library_track WHERE path = ?", name)
        return rest_server.get(endpoint, **{"id": f"tr-{row['id']}", **options})

    return ask


Ask = Callable[..., httpx.Response]


def error_of(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()["subsonic-response"]["error"]
    return found


def test_the_file_itself(ask: Ask, music: Path) -> None:
    answer = ask(CBR)
    assert answer.status_code == 200
    assert answer.content == (music / CBR).read_bytes()
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert float(answer.headers["x-content-duration"]) == pytest.approx(10, abs=0.1)


def test_the_type_is_that_of_the_container(ask: Ask) -> None:
    """Jamstash#131."""
    assert ask(OPUS).headers["content-type"] == "audio/ogg; codecs=opus"
    assert ask(SILENT).headers["content-type"] == "audio/flac"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_ranges(ask: Ask, music: Path, method: str) -> None:
    """A client that posts all its requests wants ranges, too (play:Sub)."""
    answer = ask(CBR, method=method, headers={"Range": "bytes=100-299"})
    size = (music / CBR).stat().st_size
    assert answer.status_code == 206
    assert answer.content == (music / CBR).read_bytes()[100:300]
    assert answer.headers["content-range"] == f"bytes 100-299/{size}"
    beyond = ask(CBR, method=method, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")


def test_head_and_conditions(ask: Ask, music: Path) -> None:
    head = ask(CBR, method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == (music / CBR).stat().st_size
    known = ask(CBR, headers={"If-None-Match": head.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize(
    "wish",
    [
        {"format": "raw", "maxBitRate": 32},
        {"format": "mp3"},
        {"format": "mp3", "maxBitRate": 64},
        {"maxBitRate": 0},
        {"maxBitRate": 128},
        {"maxBitRate": 320, "estimateContentLength": "true"},
    ],
)
def test_a_file_that_the_client_can_take(ask: Ask, music: Path, wish: dict[str, Any]) -> None:
    assert ask(CBR, **wish).content == (music / CBR).read_bytes()


@pytest.mark.parametrize("wish", [{"format": "opus"}, {"maxBitRate": 64}, {"format": "nonsense"}])
def test_a_file_that_would_have_to_be_converted(ask: Ask, wish: dict[str, Any]) -> None:
    error = error_of(ask(CBR, **wish))
    assert error["code"] == 0
    assert "does not convert" in error["message"]


@pytest.mark.parametrize(
    ("path", "codec", "names"),
    [
        ("a/b.OPUS", "opus", {"opus"}),
        ("a/b.ogg", "opus", {"opus", "ogg"}),
        ("a/b.ogg", "vorbis", {"vorbis", "ogg", "oga"}),
        ("a/b.m4a", "aac", {"aac", "m4a"}),
        ("a/b.wav", "pcm", {"pcm", "wav"}),
        ("a/b.mp3", "flac", {"flac"}),
        ("a/b.xyz", "", {"xyz"}),
    ],
)
def test_names_of_a_format(path: str, codec: str, names: set[str]) -> None:
    assert names_of(path, codec) == names


def test_an_mp3_of_constant_bit_rate_begins_where_it_is_asked_to(ask: Ask, music: Path) -> None:
    whole = (music / CBR).read_bytes()
    answer = ask(CBR, timeOffset=4)
    part = answer.content
    assert answer.status_code == 200
    assert whole.endswith(part)
    assert part[:2] == b"\xff\xfb"
    assert len(part) == pytest.approx(6 * 16_000, abs=1_000)
    assert int(answer.headers["content-length"]) == len(part)
    more = ask(CBR, timeOffset=4, headers={"Range": "bytes=1000-"})
    assert (more.status_code, more.content) == (206, part[1000:])
    assert answer.headers["etag"] != ask(CBR).headers["etag"]


@pytest.mark.parametrize(("name", "second"), [(VBR, 4), (OPUS, 1), (CBR, 60)])
def test_another_file_is_not_sent_from_its_start_instead(ask: Ask, name: str, second: int) -> None:
    assert error_of(ask(name, timeOffset=second))["code"] == 0


@pytest.mark.parametrize("endpoint", ["stream", "download"])
def test_what_is_not_there(ask: Ask, endpoint: str) -> None:
    for wrong in ("tr-999999", "al-1" if endpoint == "stream" else "ra-1", "12", "../x"):
        assert error_of(ask(CBR, endpoint, id=wrong))["code"] == 70
    assert error_of(ask(CBR, endpoint, id=""))["code"] == 10


def test_a_download_is_stored_under_the_name_of_the_file(ask: Ask, music: Path) -> None:
    answer = ask(SILENT, "download", maxBitRate=32)
    assert answer.content == (music / SILENT).read_bytes()
    said = answer.headers["content-disposition"]
    name = "filename=\"Bla_ u_.flac\"; filename*=utf-8''Bla%3A%20%C3%BC%3F.flac"
    assert said == f"attachment; {name}"
    assert error_of(ask(SILENT, "download", format="mp3"))["code"] == 0


def test_nothing_counts_as_a_play(ask: Ask, rest_server: RestServer) -> None:
    ask(CBR)
    ask(CBR, "download")
    place = place_in(Path(rest_server.served.variables["DATA_DIR"]))
    assert query(place, "SELECT id FROM listening_play") == []


def test_a_missing_file_is_not_found(ask: Ask, music: Path) -> None:
    path = music / SILENT
    content = path.read_bytes()
    path.unlink()
    assert error_of(ask(SILENT))["code"] == 70
    path.write_bytes(content)
