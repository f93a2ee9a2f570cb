"""A picture that cannot be shown gives way to the next one of its track."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from tests.audio_files import flac, make_audio
from tests.databases import execute, place_in
from tests.library.covers.conftest import Covers
from tests.library.covers.pictures import (
    BLUE,
    GREEN,
    RED,
    Colour,
    colour_at,
    detailed,
    encoded,
    is_near,
    opened,
    plain,
)
from tests.library.covers.test_covers import refusal, shows

pytestmark = pytest.mark.server

DAMAGED = b"\xff\xd8\xff no picture at all"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
HTML = b"<!DOCTYPE html><html><body>404 Not Found</body></html>"
FRONT, BACK = 3, 4


def track_in(folder: Path, *pictures: tuple[int, bytes], **files: bytes) -> None:
    """A track with these embedded pictures, by kind, and `files` beside it; `__` in their names
    stands for a dot, `___` for a slash."""
    path = make_audio(folder / "track.flac", title=folder.name)
    if pictures:
        audio = flac.FLAC(path)
        for kind, data in pictures:
            picture = flac.Picture()
            picture.type, picture.mime, picture.data = kind, "image/jpeg", data
            audio.add_picture(picture)
        audio.save()
        then = time.time() - 60
        os.utime(path, (then, then))
    for name, content in files.items():
        beside = folder / name.replace("___", "/").replace("__", ".")
        beside.parent.mkdir(exist_ok=True)
        beside.write_bytes(content)


def half(picture: bytes) -> bytes:
    return picture[: len(picture) // 2]


def photo(colour: Colour = RED) -> bytes:
    """A JPEG whose upper third has this colour."""
    picture = detailed((600, 600))
    picture.paste(colour, (0, 0, 600, 200))
    return encoded(picture, "JPEG")


@pytest.fixture(scope="module", autouse=True)
def collection(library: Covers) -> None:
    music = library.music
    track_in(music / "second embedded", (FRONT, DAMAGED), (BACK, plain(GREEN)))
    track_in(music / "folder's", (FRONT, DAMAGED), (BACK, DAMAGED), cover__jpg=plain(GREEN))
    track_in(music / "third", cover__jpg=HTML, folder__jpg=HEIC, front__png=plain(GREEN))
    track_in(music / "artwork", cover__jpg=DAMAGED, Artwork___x__jpg=plain(GREEN))
    track_in(music / "discs" / "CD1", cover__jpg=DAMAGED)
    (music / "discs" / "cover.jpg").write_bytes(plain(GREEN))
    track_in(
        music / "none", (FRONT, DAMAGED), cover__jpg=HTML, folder__jpg=half(plain(kind="WEBP"))
    )
    track_in(music / "half", cover__jpg=half(photo(GREEN)), folder__jpg=plain(RED))
    track_in(music / "tip", cover__jpg=photo(RED)[:700], folder__jpg=plain(GREEN))
    track_in(music / "tip alone", cover__jpg=photo(RED)[:700])
    for name, colour in (("twin 1", GREEN), ("twin 2", BLUE)):
        twin = plain(RED)[:300]
        track_in(music / name, (FRONT, twin), cover__jpg=plain(colour))
    track_in(music / "twin 3", (FRONT, plain(RED)[:300]))
    for name in ("mended", "mended other", "forged", "piped", "linked", "moved"):
        track_in(music / name, cover__jpg=DAMAGED + name.encode(), folder__png=plain(GREEN))
    track_in(music / "removed", cover__jpg=plain(RED), folder__png=plain(GREEN))
    track_in(music / "forged own", cover__jpg=plain(GREEN))
    track_in(music / "late", cover__jpg=DAMAGED, folder__jpg=DAMAGED, front__jpg=plain(BLUE))
    for name in ("CD 1", "CD 2"):
        track_in(music / "whole" / name)
    (music / "whole" / "cover.jpg").write_bytes(plain(GREEN))
    track_in(music / "whole" / "Disc 3", cover__jpg=plain(RED))
    library.scan()


@pytest.mark.parametrize(
    "folder",
    ["second embedded", "folder's", "third", "artwork", "discs/CD1", "half", "tip"],
)
@pytest.mark.parametrize("size", ["small", "original"])
def test_the_first_picture_that_can_be_shown_is(library: Covers, folder: str, size: str) -> None:
    answer = library.get(f"{folder}/track.flac", size)
    assert answer.status_code == 200, answer.text
    assert is_near(colour_at(opened(answer.content), 0.5, 0.1), GREEN, tolerance=30)


@pytest.mark.parametrize("folder", ["whole/CD 1", "whole/CD 2", "whole/Disc 3"])
def test_a_picture_elsewhere_is_cached_under_its_identity(library: Covers, folder: str) -> None:
    """In the folder above and in `Artwork`, by scans and by requests alike."""
    path = f"{folder}/track.flac"
    cover_id = library.track(path).cover_id
    answer = library.browser.get(library.url(path, "160", cover_id))
    assert shows(answer, RED if folder == "whole/Disc 3" else GREEN)
    assert answer.headers["etag"] == f'"{cover_id}-160"'
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_where_none_can_be_shown_the_reason_of_the_first_is_given(library: Covers) -> None:
    answer = refusal(library.get("none/track.flac"))
    assert answer[:2] == (404, "cover_unusable")
    assert answer[2].startswith("The picture is none of")
    pictures = ("none/track.flac", "none/cover.jpg", "none/folder.jpg")
    before = [library.opened(each) for each in pictures]
    assert all(before)
    assert refusal(library.get("none/track.flac")) == answer
    assert refusal(library.get("none/track.flac", "640")) == answer
    assert [library.opened(each) for each in pictures] == before


@pytest.mark.parametrize("folder", ["third", "tip", "second embedded"])
def test_the_second_request_opens_no_picture(library: Covers, folder: str) -> None:
    path = f"{folder}/track.flac"
    first = library.get(path, "320")
    before = library.opened(f"/{folder}/")
    second = library.get(path, "320")
    known = library.get(path, "320", if_none_match=first.headers["etag"])
    assert second.content == first.content
    assert second.headers["etag"] == first.headers["etag"]
    assert (known.status_code, known.content) == (304, b"")
    assert library.opened(f"/{folder}/") == before


def test_another_size_opens_only_the_picture_that_is_shown(library: Covers) -> None:
    library.get("third/track.flac", "64")
    names = ("third/cover.jpg", "third/folder.jpg", "third/front.png")
    before = [library.opened(name) for name in names]
    assert shows(library.get("third/track.flac", "1200"), GREEN)
    after = [library.opened(name) for name in names]
    assert [now - then for now, then in zip(after, before, strict=True)] == [0, 0, 1]


def test_what_is_shown_instead_is_not_cached_for_ever(library: Covers) -> None:
    path = "third/track.flac"
    cover_id = library.track(path).cover_id
    for _ in ("made", "kept"):
        answer = library.browser.get(library.url(path, "160", cover_id))
        assert answer.headers["cache-control"] == "private, no-cache"
        assert cover_id not in answer.headers["etag"]


def test_of_a_picture_that_is_nearly_empty_the_rest_is_shown_if_there_is_no_other(
    library: Covers,
) -> None:
    for size in ("160", "640", "160", "640"):
        answer = library.get("tip alone/track.flac", size)
        assert answer.status_code == 200
        assert opened(answer.content).width == min(int(size), 600)
        assert answer.headers["cache-control"] == "private, no-cache"
    before = library.opened("tip alone/cover.jpg")
    assert library.get("tip alone/track.flac", "640").status_code == 200
    assert library.opened("tip alone/cover.jpg") == before


def test_tracks_with_the_same_damaged_picture_show_what_lies_beside_each(library: Covers) -> None:
    twins = [library.track(f"twin {number}/track.flac").cover_id for number in (1, 2, 3)]
    assert len(set(twins)) == 1
    for _ in ("made", "kept"):
        assert shows(library.get("twin 1/track.flac"), GREEN)
        assert shows(library.get("twin 2/track.flac"), BLUE)
        named = library.browser.get(library.url("twin 3/track.flac", version=twins[0]))
        assert named.status_code in {200, 404}  # what is left of it, if anything is
        assert not (named.status_code == 200 and shows(named, GREEN))


def test_a_mended_picture_is_shown_after_the_next_scan(library: Covers) -> None:
    assert shows(library.get("mended/track.flac"), GREEN)
    (library.music / "mended" / "cover.jpg").write_bytes(plain(BLUE))
    library.scan()
    assert shows(library.get("mended/track.flac"), BLUE)


def test_another_picture_that_was_mended_is_shown_within_a_day(library: Covers) -> None:
    path = "late/track.flac"
    assert shows(library.get(path), BLUE)
    (library.music / "late" / "folder.jpg").write_bytes(plain(GREEN))
    assert shows(library.get(path), BLUE)
    then = time.time() - 25 * 3600
    for note in library.cache.rglob("*.txt"):
        os.utime(note, (then, then))
    assert shows(library.get(path), GREEN)


def test_a_picture_that_was_removed_gives_way_before_the_next_scan(library: Covers) -> None:
    (library.music / "removed" / "cover.jpg").unlink()
    for _ in ("made", "kept"):
        assert shows(library.get("removed/track.flac"), GREEN)
    (library.music / "removed" / "folder.png").unlink()
    assert refusal(library.get("removed/track.flac", "64"))[:2] == (404, "cover_missing")


def test_what_is_shown_instead_may_be_replaced_by_anything(library: Covers) -> None:
    """A pipe is not waited for, and a link out of the library is not followed."""
    secret = library.folder / "secret.png"
    secret.write_bytes(plain(BLUE))
    for name in ("piped", "linked", "moved"):
        (library.music / name / "folder.png").unlink()
    os.mkfifo(library.music / "piped" / "folder.png")
    (library.music / "linked" / "folder.png").symlink_to(secret)
    for name in ("piped", "linked", "moved"):
        assert refusal(library.get(f"{name}/track.flac"))[:2] == (404, "cover_unusable")
    assert library.opened("secret.png") in {0, 1}  # opened, found to be outside, and not read


def store_name(library: Covers, path: str, name: str, cover_id: str) -> None:
    """As an attacker who can write to the database."""
    sql = "UPDATE library_track SET cover_file_name = ?, cover_id = ? WHERE path = ?"
    execute(place_in(Path(library.server.variables["DATA_DIR"])), sql, name, cover_id, path)


@pytest.mark.parametrize(
    "name",
    [
        "../../../../../../../../etc/passwd",
        "../../secret.png",
        "../forged own/../../secret.png",
        "/etc/passwd",
        "./cover.jpg",
        "Artwork/../../../secret.png",
        "..",
        "../",
        "cover.jpg/",
        "../" * 5000 + "etc/passwd",
    ],
)
def test_a_forged_name_leads_nowhere(library: Covers, name: str) -> None:
    (library.folder / "secret.png").write_bytes(plain(BLUE))
    before = library.opened("passwd")
    store_name(library, "forged own/track.flac", name, "f" * 32)
    assert shows(library.get("forged own/track.flac"), GREEN)  # what lies beside it
    assert library.opened("passwd") == before


def ids(responses: Sequence[httpx.Response]) -> set[str]:
    return {each.headers["etag"] for each in responses}


def test_the_bytes_of_small_are_those_of_160(library: Covers) -> None:
    sizes = [library.get("second embedded/track.flac", size) for size in ("small", "160")]
    assert sizes[0].content == sizes[1].content
    assert len(ids(sizes)) == 1


@pytest.mark.parametrize("size", [64, 160, 320, 640, 1200])
def test_every_size_has_its_own_cover(library: Covers, size: int) -> None:
    answer = library.get("half/track.flac", str(size))
    assert opened(answer.content).size == (min(size, 600), min(size, 600))
    assert answer.headers["etag"] == f'"{library.track("half/track.flac").cover_id}-{size}"'
