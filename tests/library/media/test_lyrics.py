"""A track's lyrics, over a real server: from its tags and from the file beside it."""

import json
import os
from pathlib import Path
from typing import Any

import mutagen
import pytest

from library.covers import folder_cover_id
from library.media.embedded import embedded_readers_of
from library.tags.embedded_process import LYRICS, MAX_LYRICS, MAX_LYRICS_LENGTH, lyrics_of
from tests.audio_files import make_audio
from tests.library.media.client import Answer, Listener
from tests.library.media.conftest import Library
from tests.library.media.test_streams import error_code

pytestmark = pytest.mark.server


def track(library: Library, path: Path, beside: Path | None = None, **fields: Any) -> str:
    if beside is not None:
        stat = beside.stat()
        place = os.path.relpath(beside, library.music)
        fields["lyrics_id"] = folder_cover_id(
            str(library.music), place, stat.st_mtime_ns, stat.st_size
        )
        fields["lyrics_file_name"] = beside.name
    return library.track(path, **fields).replace("/stream", "/lyrics")


def found(answer: Answer) -> list[dict[str, Any]]:
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    lyrics: list[dict[str, Any]] = json.loads(answer.body)["lyrics"]
    return lyrics


def test_lyrics_of_tags_and_of_a_file(library: Library, listener: Listener) -> None:
    path = make_audio(library.music / "both.flac")
    audio = mutagen.File(path)
    audio["LYRICS"] = "One\nTwo"
    audio.save()
    beside = library.music / "both.en.lrc"
    beside.write_bytes("[00:01.50]Été\n[00:03.00]Two\n".encode("utf-16"))
    answer = listener.ask(track(library, path, beside, lyrics_kind="synced"))
    lines = [{"text": "Été", "start_s": 1.5}, {"text": "Two", "start_s": 3.0}]
    plain = [{"text": "One", "start_s": None}, {"text": "Two", "start_s": None}]
    assert found(answer) == [
        {"kind": "synced", "language": "en", "source": "file", "lines": lines},
        {"kind": "plain", "language": "", "source": "embedded", "lines": plain},
    ]


def test_huge_lyrics_in_tags_are_cut(library: Library, listener: Listener) -> None:
    path = make_audio(library.music / "huge.flac")
    audio = mutagen.File(path)
    audio["LYRICS"] = ["la" * 2_000_000, *(f"Text {number}" for number in range(50))]
    audio.save()
    assert len(found(listener.ask(track(library, path, lyrics_kind="plain")))) == MAX_LYRICS
    with path.open("rb", buffering=0) as file:
        content = embedded_readers_of(str(library.music)).read(LYRICS, file, ".flac")
    assert content is not None
    assert len(lyrics_of(content)[0].text) == MAX_LYRICS_LENGTH


def test_a_track_without_lyrics_has_an_empty_list(library: Library, listener: Listener) -> None:
    assert found(listener.ask(track(library, make_audio(library.music / "none.mp3")))) == []


def test_the_etag_names_what_the_scan_found(library: Library, listener: Listener) -> None:
    url = track(library, make_audio(library.music / "etag.mp3"))
    etag = listener.ask(url).headers["etag"]
    assert listener.ask(url, If_None_Match=etag).status == 304
    assert listener.ask(url, If_None_Match='"other"').status == 200
    assert listener.ask(url, If_Modified_Since="Fri, 01 Jan 2038 00:00:00 GMT").status == 200


def test_a_file_that_is_gone_leaves_the_lyrics_of_the_tags(
    library: Library, listener: Listener
) -> None:
    path = make_audio(library.music / "gone.flac")
    audio = mutagen.File(path)
    audio["LYRICS"] = "One"
    audio.save()
    beside = library.music / "gone.lrc"
    beside.write_text("[00:01.00]Two")
    url = track(library, path, beside, lyrics_kind="synced")
    beside.unlink()
    assert [each["source"] for each in found(listener.ask(url))] == ["embedded"]


def test_a_link_that_leads_out_after_the_scan_is_not_read(
    library: Library, listener: Listener, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("password")
    path, beside = make_audio(library.music / "link.mp3"), library.music / "link.txt"
    beside.write_text("One")
    url = track(library, path, beside, lyrics_kind="plain")
    beside.unlink()
    beside.symlink_to(secret)
    assert found(listener.ask(url)) == []


@pytest.mark.parametrize(("name", "lines"), [("secret", 0), ("lyrics.txt", 1)])
def test_a_link_out_of_the_library_leads_to_lyrics_alone(
    library: Library, listener: Listener, tmp_path: Path, name: str, lines: int
) -> None:
    outside = tmp_path / name
    outside.write_text("One")
    path, beside = make_audio(library.music / f"{name}.mp3"), library.music / f"{name}.lrc"
    beside.symlink_to(outside)
    url = track(library, path, beside)
    assert len(found(listener.ask(url))) == lines


def test_head_has_the_headers_of_get(library: Library, listener: Listener) -> None:
    path, beside = make_audio(library.music / "head.mp3"), library.music / "head.txt"
    beside.write_text("One")
    url = track(library, path, beside)
    head, get = listener.ask(url, method="HEAD"), listener.ask(url)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(get.body))


def test_refusals(library: Library, listener: Listener) -> None:
    answer = listener.ask("/api/v1/tracks/999999/lyrics")
    assert (answer.status, error_code(answer)) == (404, "track_not_found")
    missing = make_audio(library.music / "away.mp3")
    url = track(library, missing, lyrics_kind="plain")
    missing.unlink()
    answer = listener.ask(url)
    assert (answer.status, error_code(answer)) == (404, "file_missing")
    assert listener.ask(url, method="POST").status in {403, 405}


def test_without_a_login_nobody_reads_lyrics(library: Library) -> None:
    url = track(library, make_audio(library.music / "login.mp3"))
    assert Listener(library.server, "").ask(url).status == 401
