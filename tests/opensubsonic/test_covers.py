"""`getCoverArt` and `getAvatar`."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from library.covers.size import MAX_UNUSUAL
from tests.audio_files import make_audio
from tests.databases import execute, place_in, query
from tests.library.covers.pictures import BLUE, GREEN, RED, encoded, plain
from tests.opensubsonic.conftest import RestServer
from tests.web.served import manage

pytestmark = pytest.mark.server

WEBP = {"Accept": "image/avif,image/webp,*/*"}
FOR_EVER = "private, max-age=31536000, immutable"
COLOURS = (RED, GREEN, BLUE, (220, 200, 40))
MAKE_PLAYLISTS = """
from django.contrib.auth.models import User
from library.models.catalogue import Track
from listening.playlists.editing import make
lee, stella = (User.objects.get(username=name) for name in ("lee", "stella"))
tracks = dict(Track.objects.values_list("path", "pk"))
four = [tracks[f"Four/{number}/1.flac"] for number in range(4)]
for owner, targets in ((lee, four), (lee, four[:2]), (lee, [tracks["bare.flac"]]), (stella, four)):
    print("playlist", make(owner.pk, {"name": "Some"}, targets))
"""


@dataclass
class Library:
    """A scanned library. `playlists`: of four pictures, of two, of none, and another user's."""

    server: RestServer
    playlists: list[int]

    @property
    def data(self) -> Path:
        return Path(self.server.served.variables["DATA_DIR"])

    def row(self, kind: str, name: str) -> Mapping[str, Any]:
        column = {"track": "path", "album": "title", "artist": "name", "folder": "path"}[kind]
        sql = f"SELECT id, cover_id FROM library_{kind} WHERE {column} = ?"  # noqa: S608
        (found,) = query(place_in(self.data), sql, name)
        return found

    def track(self, path: str) -> str:
        """The id of the picture of a track, as songs have it."""
        row = self.row("track", path)
        return f"tr-{row['id']}_{row['cover_id'][:8]}"

    def get(self, name: str, **options: Any) -> httpx.Response:
        return self.server.get("getCoverArt", id=name, **options)

    def kept(self, cover_id: str) -> list[str]:
        return sorted(each.name for each in (self.data / "covers").rglob(f"{cover_id}-*"))


@pytest.fixture(scope="module")
def library(rest_server: RestServer) -> Library:
    music = Path(rest_server.served.variables["MUSIC_DIR"])
    for number, colour in enumerate(COLOURS):
        path = music / "Four" / str(number) / "1.flac"
        make_audio(path, cover=plain(colour), artist="Solveig", album=f"Album {number}")
    make_audio(music / "bare.flac", artist="Bare", album="Bare")
    make_audio(music / "wide.flac", cover=plain(BLUE, (1600, 800)), artist="Wide", album="Wide")
    half = Image.new("RGBA", (400, 400), (*RED, 255))
    half.paste((0, 0, 0, 0), (0, 0, 200, 400))
    make_audio(music / "half.flac", cover=encoded(half, "PNG"), artist="Half", album="Half")
    damaged = b"\xff\xd8\xff no picture at all"
    make_audio(music / "damaged.flac", cover=damaged, artist="Worn", album="Worn")
    (music / "Artist" / "Dawn").mkdir(parents=True)
    make_audio(music / "Artist" / "Dawn" / "1.flac", artist="Artist", album="Dawn")
    (music / "Artist" / "artist.jpg").write_bytes(plain(GREEN))
    done = manage(rest_server.served.variables, "scan_tracks", "--workers", "0")
    assert done.returncode == 0, done.stderr
    lines = rest_server.served.python(MAKE_PLAYLISTS).splitlines()
    return Library(rest_server, [int(line.split()[1]) for line in lines if "playlist " in line])


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def shows(answer: httpx.Response, colour: tuple[int, int, int]) -> bool:
    assert answer.status_code == 200, answer.text
    middle = opened(answer.content).convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(middle, tuple)
    return all(abs(a - b) < 12 for a, b in zip(middle, colour, strict=True))


def error_code(answer: httpx.Response) -> int:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    code: int = answer.json()["subsonic-response"]["error"]["code"]
    return code


def test_it_is_a_jpeg_unless_the_client_accepts_webp(library: Library) -> None:
    name = library.track("wide.flac")
    answers = {each: library.get(name, size=160, headers={"Accept": each}) for each in ACCEPTED}
    for accept, media_type in ACCEPTED.items():
        answer = answers[accept]
        assert answer.headers["content-type"] == media_type
        assert opened(answer.content).format == media_type.removeprefix("image/").upper()
        assert answer.headers["vary"] == "Accept"
        assert shows(answer, BLUE)
    assert len({each.headers["etag"] for each in answers.values()}) == 2


ACCEPTED = {
    "*/*": "image/jpeg",
    "image/jpeg, image/webp;q=0": "image/jpeg",
    "image/avif,image/webp,*/*;q=0.8": "image/webp",
}


def test_a_transparent_picture_stays_png(library: Library) -> None:
    for _ in ("made", "kept"):
        answer = library.get(library.track("half.flac"), size=320)
        assert answer.headers["content-type"] == "image/png"
        assert opened(answer.content).convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        *((64, (64, 32)), (320, (320, 160)), (300, (300, 150)), (1000, (1000, 500))),
        *((1200, (1200, 600)), (1201, (1600, 800)), ("", (1600, 800)), (0, (1600, 800))),
        (99999999999999999999, (1600, 800)),
    ],
)
def test_the_longer_edge_has_the_size(
    library: Library, size: int | str, shown: tuple[int, int]
) -> None:
    for headers in ({}, WEBP):
        answer = library.get(library.track("wide.flac"), size=size, headers=headers)
        assert opened(answer.content).size == shown


def test_a_picture_is_never_enlarged(library: Library) -> None:
    answer = library.get(library.track("Four/0/1.flac"), size=640)
    assert opened(answer.content).size == (300, 300)


@pytest.mark.parametrize("size", ["many", "-1", "1.5"])
def test_a_size_that_makes_no_sense(library: Library, size: str) -> None:
    assert error_code(library.get(library.track("wide.flac"), size=size)) == 0


def test_only_some_unusual_sizes_are_kept(library: Library) -> None:
    path = "Four/3/1.flac"
    for size in range(200, 200 + MAX_UNUSUAL + 4):
        assert opened(library.get(library.track(path), size=size).content).size == (size, size)
    kept = library.kept(library.row("track", path)["cover_id"])
    assert len([name for name in kept if "-fit2" in name]) == MAX_UNUSUAL
    assert any("-fit320." in name for name in kept)


def test_every_kind_of_id_has_its_picture(library: Library) -> None:
    expected = {
        library.track("Four/1/1.flac"): GREEN,
        f"tr-{library.row('track', 'Four/1/1.flac')['id']}": GREEN,
        f"al-{library.row('album', 'Album 2')['id']}": BLUE,
        f"ar-{library.row('artist', 'Artist')['id']}": GREEN,
        f"fo-{library.row('folder', 'Four/0')['id']}": RED,
        f"pl-{library.playlists[1]}": RED,  # of fewer than four pictures, the first
    }
    for name, colour in expected.items():
        assert shows(library.get(name, size=160), colour), name


def test_a_playlist_shows_four_pictures(library: Library) -> None:
    answer = library.get(f"pl-{library.playlists[0]}", size=160)
    picture = opened(answer.content).convert("RGB")
    assert picture.size == (160, 160)
    for place, colour in zip(((40, 40), (120, 40), (40, 120), (120, 120)), COLOURS, strict=True):
        found = picture.getpixel(place)
        assert isinstance(found, tuple)
        assert all(abs(a - b) < 12 for a, b in zip(found, colour, strict=True))
    again = library.get(f"pl-{library.playlists[0]}", size=160)
    assert again.content == answer.content
    assert again.headers["etag"] == answer.headers["etag"]


def test_what_has_no_picture_is_not_found(library: Library) -> None:
    """navidrome#2575 and others: clients cache a placeholder, and draw better ones."""
    for name in (
        f"tr-{library.row('track', 'bare.flac')['id']}",
        f"al-{library.row('album', 'Bare')['id']}",
        library.track("damaged.flac"),
        f"pl-{library.playlists[2]}",
        f"pl-{library.playlists[3]}",  # another user's, and private
        *("tr-999999", "al-999999", "ra-1", "sh-1", "1", "cover", "../../x", "tr-1_../x"),
    ):
        assert error_code(library.get(name)) == 70, name
    assert error_code(library.get("")) == 10


def test_the_id_of_the_picture_lets_clients_keep_it(library: Library) -> None:
    name = library.track("Four/0/1.flac")
    bare = name.partition("_")[0]
    for _ in ("made", "kept"):
        assert library.get(name, size=160).headers["cache-control"] == FOR_EVER
        for other in (bare, f"{bare}_00000000", name[:-2]):
            assert library.get(other, size=160).headers["cache-control"] == "private, no-cache"


def test_a_client_that_has_it_is_told_so(library: Library) -> None:
    name = library.track("Four/0/1.flac")
    etag = library.get(name, size=160).headers["etag"]
    answer = library.get(name, size=160, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["vary"] == "Accept"
    head = library.get(name, size=160, method="HEAD")
    assert int(head.headers["content-length"]) == len(library.get(name, size=160).content)


def test_a_kept_cover_needs_no_look_at_the_row(library: Library) -> None:
    """The row is gone, and the cover that its id names is still shown."""
    row, name = library.row("track", "wide.flac"), library.track("wide.flac")
    whole = f"tr-{row['id']}_{row['cover_id']}"
    shown = library.get(name, size=320)
    sql = "UPDATE library_track SET has_cover = ?, cover_id = ? WHERE id = ?"
    execute(place_in(library.data), sql, *(False, ""), row["id"])
    try:
        for named in (name, whole):
            again = library.get(named, size=320)
            assert again.content == shown.content
            assert again.headers["cache-control"] == FOR_EVER
        assert error_code(library.get(f"tr-{row['id']}", size=320)) == 70
    finally:
        execute(place_in(library.data), sql, *(True, row["cover_id"]), row["id"])


def test_an_avatar_is_an_initial(library: Library) -> None:
    own = library.server.get("getAvatar")
    assert own.headers["content-type"] == "image/png"
    assert own.content == library.server.get("getAvatar", username="LEE").content
    other = library.server.get("getAvatar", username="stella")
    assert opened(other.content).size == (256, 256)
    assert other.content != own.content
    headers = {"If-None-Match": own.headers["etag"]}
    assert library.server.get("getAvatar", headers=headers).status_code == 304
    assert error_code(library.server.get("getAvatar", username="nobody")) == 70
