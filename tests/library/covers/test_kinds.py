"""`GET /api/v1/{albums,artists,folders}/<id>/covers/<size>.webp`: by the same rules as tracks'."""

from pathlib import Path

import httpx
import pytest

from tests.audio_files import make_audio
from tests.databases import execute, place_in, query
from tests.library.covers.conftest import Covers
from tests.library.covers.pictures import BLUE, GREEN, RED, opened, plain
from tests.library.covers.test_covers import ASK_AGAIN, FOR_EVER, refusal, shows

pytestmark = pytest.mark.server

DAMAGED = b"\xff\xd8\xff no picture at all"
KINDS = ("album", "artist", "folder")


@pytest.fixture(scope="module", autouse=True)
def collection(library: Covers) -> None:
    music = library.music
    for number, cover in enumerate((None, plain(RED)), 1):
        path = music / "Solveig" / "Dawn" / f"{number}.flac"
        make_audio(path, cover=cover, artist="Solveig", album="Dawn", title="One")
    (music / "Solveig" / "Dawn" / "cover.jpg").write_bytes(plain(GREEN))
    (music / "Solveig" / "artist.jpg").write_bytes(plain(BLUE))
    make_audio(music / "Embedded" / "1.flac", cover=plain(RED), artist="Nobody", album="Dusk")
    (music / "Embedded" / "cover.jpg").write_bytes(plain(GREEN))
    make_audio(music / "Bare" / "1.flac", artist="Bare", album="Bare")
    make_audio(music / "Damaged" / "1.flac", artist="Worn", album="Worn", cover=DAMAGED)
    (music / "Damaged" / "cover.jpg").write_bytes(DAMAGED)
    (music / "Damaged" / "folder.jpg").write_bytes(plain(GREEN))
    library.scan()


def row(library: Covers, kind: str, name: str) -> dict[str, object]:
    column = {"album": "title", "artist": "name", "folder": "path"}[kind]
    sql = f"SELECT id, cover_id FROM library_{kind} WHERE {column} = ?"  # noqa: S608
    (found,) = query(place_in(Path(library.server.variables["DATA_DIR"])), sql, name)
    return found


def url(library: Covers, kind: str, name: str, size: str = "160") -> str:
    return f"/api/v1/{kind}s/{row(library, kind, name)['id']}/covers/{size}.webp"


COVERED = pytest.mark.parametrize(
    ("kind", "name", "colour"),
    [
        ("album", "Dawn", GREEN),
        ("artist", "Solveig", BLUE),
        ("folder", "Solveig/Dawn", GREEN),
        ("folder", "Embedded", RED),  # its track shows its own
        ("folder", "Solveig", BLUE),
        ("album", "Worn", GREEN),
        ("folder", "Damaged", GREEN),
    ],
)


@COVERED
def test_the_cover_is_shown_in_every_size(
    library: Covers, kind: str, name: str, colour: tuple[int, int, int]
) -> None:
    for size in ("64", "160", "320", "640", "1200", "original", "small"):
        answer = library.browser.get(url(library, kind, name, size))
        assert shows(answer, colour)
        edge = 300 if size == "original" else 160 if size == "small" else min(int(size), 300)
        assert opened(answer.content).size == (edge, edge)


@pytest.mark.parametrize(
    ("kind", "name"), [("album", "Dawn"), ("artist", "Solveig"), ("folder", "Solveig/Dawn")]
)
def test_with_the_identity_it_is_cached_for_ever(library: Covers, kind: str, name: str) -> None:
    address, known = url(library, kind, name), row(library, kind, name)["cover_id"]
    for _ in ("made", "kept"):
        plainly = library.browser.get(address)
        named = library.browser.get(address, params={"v": str(known)})
        assert plainly.headers["cache-control"] == ASK_AGAIN
        assert named.headers["cache-control"] == FOR_EVER
        assert plainly.headers["etag"] == named.headers["etag"] == f'"{known}-160"'
        head = library.browser.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(named.content))
        known_already = {"If-None-Match": named.headers["etag"]}
        assert library.browser.get(address, headers=known_already).status_code == 304


@pytest.mark.parametrize("kind", KINDS)
def test_without_cover_or_row_404(library: Covers, kind: str) -> None:
    without = library.browser.get(url(library, kind, "Bare"))
    assert refusal(without) == (404, "cover_not_found", f"This {kind} has no cover.")
    for number in ("0", "999999", "9" * 19, "9" * 5000):
        answer = library.browser.get(f"/api/v1/{kind}s/{number}/covers/160.webp")
        assert refusal(answer) == (404, f"{kind}_not_found", f"There is no {kind} of this id.")
    other = library.browser.get(url(library, kind, "Bare", "161"))
    assert refusal(other)[:2] == (404, "unknown_cover_size")
    posted = library.browser.post(url(library, kind, "Bare"))
    assert refusal(posted)[:2] == (405, "method_not_allowed")
    stranger = httpx.get(library.server.url + url(library, kind, "Bare"))
    assert refusal(stranger)[:2] == (401, "not_logged_in")


@COVERED
def test_an_old_id_answers_with_the_living_row(
    library: Covers, kind: str, name: str, colour: tuple[int, int, int]
) -> None:
    old = 700_000 + int(str(row(library, kind, name)["id"]))
    sql = (
        "INSERT INTO library_tombstone (kind, row_id, revision, replaced_by, deleted_at) "
        "VALUES (?, ?, 1, ?, '2026-01-01 00:00:00+00:00')"
    )
    database = place_in(Path(library.server.variables["DATA_DIR"]))
    execute(database, sql, kind, old, row(library, kind, name)["id"])
    assert shows(library.browser.get(f"/api/v1/{kind}s/{old}/covers/160.webp"), colour)


def test_a_forged_picture_of_an_artist_leads_nowhere(library: Covers) -> None:
    database = place_in(Path(library.server.variables["DATA_DIR"]))
    address, before = url(library, "artist", "Solveig", "1200"), library.opened("passwd")
    sql = "UPDATE library_artist SET cover_file_name = ?, cover_id = ? WHERE name = 'Solveig'"
    for name in ("gone.jpg", "../../../../../../etc/passwd", "/etc/passwd", "..", ""):
        execute(database, sql, name, "f" * 32)
        assert shows(library.browser.get(address), BLUE)  # artist.jpg is there still
    assert library.opened("passwd") == before
    folder = "UPDATE library_artist SET cover_folder_id = ? WHERE name = 'Solveig'"
    execute(database, folder, None)
    assert refusal(library.browser.get(address))[:2] == (404, "cover_not_found")
