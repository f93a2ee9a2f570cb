"""`GET /api/v1/tracks/<id>/covers/<size>.webp`: what is shown of a track, to whom, how long."""

import hashlib
import os
import time
from email.utils import formatdate
from pathlib import Path

import httpx
import pytest

from tests.audio_files import jpeg, make_audio, retag
from tests.library.covers.conftest import Covers
from tests.library.covers.pictures import (
    BLUE,
    GREEN,
    RED,
    Colour,
    colour_at,
    is_near,
    opened,
    plain,
    png_header,
)

pytestmark = pytest.mark.server

FOR_EVER = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"


@pytest.fixture(scope="module", autouse=True)
def collection(library: Covers) -> None:
    """Scanned once; each file or folder is for one test, unless it changes nothing."""
    music = library.music
    for suffix in ("mp3", "flac", "ogg", "m4a", "wma", "ape"):
        make_audio(music / f"embedded.{suffix}", cover=plain(RED, (400, 300)))
    make_audio(music / "folder" / "track.mp3")
    (music / "folder" / "Cover.PNG").write_bytes(plain(GREEN, (300, 300), "PNG"))
    make_audio(music / os.fsdecode(b"caf\xe9") / "track.flac")
    (music / os.fsdecode(b"caf\xe9") / "folder.jpg").write_bytes(plain(BLUE))
    make_audio(music / "none.flac")
    make_audio(music / "sample.mp3", cover=jpeg(1))
    make_audio(music / "broken.flac", cover=plain()[:300])
    make_audio(music / "bomb" / "track.flac")
    (music / "bomb" / "cover.png").write_bytes(png_header(50_000, 50_000))
    make_audio(music / "huge" / "track.flac")
    with (music / "huge" / "cover.jpg").open("wb") as huge:
        huge.truncate(2**40)  # takes no place on the disk
    for number, name in enumerate(("retagged", "retagged unseen", "stripped", "removed")):
        make_audio(music / f"{name}.flac", cover=plain(RED, (200, 200 + number)))
    for name in ("replaced", "replaced unseen", "link"):
        make_audio(music / name / "track.flac")
        (music / name / "cover.jpg").write_bytes(plain(RED))
    elsewhere = library.folder / "elsewhere"
    make_audio(elsewhere / "track.flac")
    (elsewhere / "cover.jpg").write_bytes(plain(BLUE))
    (music / "linked").symlink_to(elsewhere)
    library.scan()


def shows(response: httpx.Response, colour: Colour) -> bool:
    assert response.status_code == 200, response.text
    return is_near(colour_at(opened(response.content), 0.5, 0.5), colour)


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    error = response.json()["error"]
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, error["code"], error["message"]


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "m4a", "wma", "ape"])
def test_embedded_pictures_are_shown(library: Covers, suffix: str) -> None:
    small = library.get(f"embedded.{suffix}")
    assert shows(small, RED)
    assert opened(small.content).size == (160, 160)
    assert opened(library.get(f"embedded.{suffix}", "original").content).size == (400, 300)


def test_the_picture_in_the_folder_is_shown(library: Covers) -> None:
    assert shows(library.get("folder/track.mp3"), GREEN)


def test_a_folder_whose_name_is_no_utf_8_has_its_picture(library: Covers) -> None:
    assert shows(library.get("caf\N{REPLACEMENT CHARACTER}e9/track.flac"), BLUE)


@pytest.mark.parametrize("size", ["small", "original"])
def test_headers_are_the_same_when_it_is_made_and_when_it_is_kept(
    library: Covers, size: str, empty_cache: None
) -> None:
    made = library.get("embedded.flac", size)
    kept = library.get("embedded.flac", size)
    assert made.content == kept.content
    cover_id = library.track("embedded.flac").cover_id
    for response in (made, kept):
        assert response.headers["content-type"] == "image/webp"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["etag"] == f'"{cover_id}-{size.replace("small", "160")}"'
        assert response.headers["cache-control"] == ASK_AGAIN
        assert response.headers["content-length"] == str(len(response.content))


def test_under_an_address_that_names_the_picture_it_is_kept_for_ever(
    library: Covers, empty_cache: None
) -> None:
    url = library.url("embedded.flac", version=library.track("embedded.flac").cover_id)
    for _ in ("made", "kept"):
        assert library.browser.get(url).headers["cache-control"] == FOR_EVER
    for version in ("0" * 32, "%00", "v&v="):
        other = library.browser.get(library.url("embedded.flac", version=version))
        assert shows(other, RED)
        assert other.headers["cache-control"] == ASK_AGAIN


def test_a_kept_picture_that_the_address_names_is_sent_without_its_track(
    library: Covers, empty_cache: None
) -> None:
    """As of a track that was purged a moment ago; users may see all covers anyway."""
    cover_id = library.track("embedded.flac").cover_id
    gone = f"/api/v1/tracks/{2**40}/covers/small.webp?v={cover_id}"
    assert library.browser.get(gone).status_code == 404
    kept = library.browser.get(library.url("embedded.flac", version=cover_id))
    answer = library.browser.get(gone)
    assert answer.content == kept.content
    assert answer.headers["cache-control"] == FOR_EVER
    assert answer.headers["etag"] == kept.headers["etag"]
    part = library.browser.get(gone, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, kept.content[2:6])
    known = library.browser.get(gone, headers={"If-None-Match": kept.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert library.browser.get(gone.replace("small", "original")).status_code == 404
    assert httpx.get(f"{library.server.url}{gone}").status_code == 401


@pytest.mark.parametrize(
    "forged",
    [
        *("../../mus.sqlite3", "..%2F..%2Fsecret_key", "/etc/passwd", "%00" * 32),
        *("0" * 31, "0" * 33, "A" * 32, "0" * 32 + "%0A", "%ef%bc%90" * 32),
    ],
)
def test_a_forged_name_of_a_picture_opens_nothing_else(library: Covers, forged: str) -> None:
    names = ("passwd", "secret_key")
    before = [library.opened(name) for name in names]
    shown = library.browser.get(library.url("embedded.flac", version=forged))
    assert shows(shown, RED)
    assert shown.headers["cache-control"] == ASK_AGAIN
    assert [library.opened(name) for name in names] == before


def test_who_has_it_is_told_so_without_a_look_at_any_file(
    library: Covers, empty_cache: None
) -> None:
    etag = library.get("embedded.flac").headers["etag"]
    before = library.opened("embedded.flac"), library.opened("small.webp")
    answer = library.get("embedded.flac", if_none_match=f'"other", {etag}')
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    assert answer.headers["cache-control"] == ASK_AGAIN
    assert (library.opened("embedded.flac"), library.opened("small.webp")) == before


def test_who_has_the_other_size_or_picture_gets_this_one(library: Covers) -> None:
    etag = library.get("embedded.flac", "original").headers["etag"]
    assert shows(library.get("embedded.flac", if_none_match=etag), RED)
    assert shows(library.get("folder/track.mp3", if_none_match=etag), GREEN)


def test_how_old_the_cached_file_is_says_nothing(library: Covers) -> None:
    """A track may get a picture that another had long ago."""
    library.get("embedded.flac")
    cover_id = library.track("embedded.flac").cover_id
    os.utime(library.cache / cover_id[:2] / f"{cover_id}-small.webp", (1_700_000_000,) * 2)
    since = formatdate(time.time() - 60, usegmt=True)
    assert shows(library.get("embedded.flac", if_modified_since=since), RED)


def test_head_says_what_get_would(library: Covers, empty_cache: None) -> None:
    url = library.url("embedded.flac")
    heads = [library.browser.head(url), library.browser.head(url)]  # made, then kept
    got = library.browser.get(url)
    for head in heads:
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-length", "content-type", "etag", "cache-control"):
            assert head.headers[name] == got.headers[name]


def test_only_who_is_logged_in_sees_covers(library: Covers) -> None:
    assert library.get("embedded.flac").status_code == 200
    stranger = httpx.get(library.server.url + library.url("embedded.flac"))
    assert refusal(stranger)[:2] == (401, "not_logged_in")


def test_other_methods_are_refused(library: Covers) -> None:
    for method in ("POST", "PUT", "DELETE"):
        answer = library.browser.request(method, library.url("embedded.flac"))
        assert refusal(answer)[:2] == (405, "method_not_allowed")
        assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("track_id", ["999999", "0", "9" * 19, "9" * 5000])
def test_without_such_a_track_404(library: Covers, track_id: str) -> None:
    answer = library.browser.get(f"/api/v1/tracks/{track_id}/covers/small.webp")
    assert refusal(answer) == (404, "track_not_found", "There is no track of this id.")


def test_a_track_without_cover_404(library: Covers) -> None:
    answer = refusal(library.get("none.flac"))
    assert answer == (404, "cover_not_found", "This track has no cover.")


@pytest.mark.parametrize("size", ["large", "SMALL", "", "small.webp", "..", "%2e%2e%2fsmall"])
def test_another_size_404(library: Covers, size: str) -> None:
    url = library.url("embedded.flac").replace("small.webp", f"{size}.webp")
    assert library.browser.get(url).status_code == 404


def test_the_sizes_there_are_are_named(library: Covers) -> None:
    answer = refusal(library.get("embedded.flac", "large"))
    message = "The sizes are 64, 160, 320, 640, 1200, original, small."
    assert answer == (404, "unknown_cover_size", message)


@pytest.mark.parametrize(
    ("path", "picture", "reason"),
    [
        ("broken.flac", "broken.flac", "The picture is damaged: "),
        ("bomb/track.flac", "bomb/cover.png", "The picture has more than 64 million pixels."),
        ("huge/track.flac", "huge/cover.jpg", "The picture is larger than 32 MiB."),
    ],
)
def test_a_picture_that_cannot_be_shown_is_looked_at_once(
    library: Covers, path: str, picture: str, reason: str
) -> None:
    first = refusal(library.get(path))
    assert first[:2] == (404, "cover_unusable")
    assert first[2].startswith(reason)
    before = library.opened(picture)
    assert before
    assert refusal(library.get(path)) == refusal(library.get(path, "original")) == first
    assert library.opened(picture) == before


def test_a_new_embedded_picture_has_a_new_identity_and_is_shown_after_a_scan(
    library: Covers,
) -> None:
    file, before = library.music / "retagged.flac", library.track("retagged.flac")
    old = library.get("retagged.flac")
    assert shows(old, RED)
    retag(file, cover=plain(BLUE))
    os.utime(file, (1_700_000_000, 1_700_000_000))  # as if some time ago
    library.scan()
    after = library.track("retagged.flac")
    assert after.track_id == before.track_id
    assert after.cover_id != before.cover_id
    new = library.get("retagged.flac", if_none_match=old.headers["etag"])
    assert shows(new, BLUE)


def test_a_new_picture_in_the_folder_has_a_new_identity_and_is_shown_after_a_scan(
    library: Covers,
) -> None:
    path = "replaced/track.flac"
    before, old = library.track(path).cover_id, library.get(path)
    assert shows(old, RED)
    (library.music / "replaced" / "cover.jpg").write_bytes(plain(GREEN, (301, 300)))
    library.scan()
    assert library.track(path).cover_id != before
    assert shows(library.get(path, if_none_match=old.headers["etag"]), GREEN)


@pytest.mark.parametrize(
    ("path", "picture"),
    [
        ("retagged unseen.flac", "retagged unseen.flac"),
        ("replaced unseen/track.flac", "replaced unseen/cover.jpg"),
    ],
)
def test_what_changed_since_the_scan_is_never_taken_for_what_it_was(
    library: Covers, path: str, picture: str
) -> None:
    file, known = library.music / picture, library.track(path).cover_id
    if file.suffix == ".flac":
        retag(file, cover=plain(BLUE, (210, 210)))
        os.utime(file, (1_700_000_000, 1_700_000_000))
    else:
        file.write_bytes(plain(BLUE, (210, 210)))
    early = library.browser.get(library.url(path, version=known))
    assert shows(early, BLUE)
    assert early.headers["cache-control"] == ASK_AGAIN
    assert known not in early.headers["etag"]
    library.scan()
    now = library.track(path).cover_id
    assert now != known
    assert early.headers["etag"] == f'"{now}-160"'
    opened_before = library.opened(picture)
    assert library.browser.get(library.url(path, version=now)).content == early.content
    assert library.opened(picture) == opened_before


def test_a_picture_that_is_gone_404_until_a_scan_has_seen_it(library: Covers) -> None:
    make_audio(library.music / "stripped.flac")
    (library.music / "removed.flac").unlink()
    for path in ("stripped.flac", "removed.flac"):
        assert refusal(library.get(path)) == (
            404,
            "cover_missing",
            "The picture is not where the last scan found it. The next scan looks again.",
        )


def test_nothing_outside_the_music_folders_is_shown(library: Covers) -> None:
    """The link is made after the scan, to what nobody meant to be in the library."""
    secret = library.folder / "secret.jpg"
    secret.write_bytes(plain(GREEN))
    picture = library.music / "link" / "cover.jpg"
    picture.unlink()
    picture.symlink_to(secret)
    assert refusal(library.get("link/track.flac"))[:2] == (404, "cover_missing")


def test_a_picture_that_the_scan_found_behind_a_link_is_shown(library: Covers) -> None:
    assert shows(library.get("linked/track.flac"), BLUE)


def test_the_cache_holds_whole_covers_by_identity_and_nothing_else(library: Covers) -> None:
    small = library.get("embedded.flac")
    cover_id = library.track("embedded.flac").cover_id
    kept = library.cache / cover_id[:2] / f"{cover_id}-small.webp"
    assert digest(kept) == hashlib.sha256(small.content).hexdigest()
    assert not list(library.cache.rglob("*.unfinished"))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
