"""`manage.py import_listening subsonic`: from a server that speaks the Subsonic API."""

import hashlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from listening.models import (
    Bookmark,
    Favourite,
    LostItem,
    PlayCount,
    Playlist,
    PlaylistEntry,
    Rating,
)
from tests.web.library_rows import make_album, make_track

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse"


def song(number: int, **values: Any) -> dict[str, Any]:
    return {
        "id": f"s{number}",
        "title": f"Song {number}",
        "artist": "Björk",
        "album": "Post",
        "duration": 200 + number,
        "path": f"Björk/Post/0{number} - Song {number}.flac",
        **values,
    }


TIME = "2025-03-04T05:06:07Z"
ALBUM = {"id": "a1", "name": "Post", "artist": "Björk", "userRating": 3}
SONGS = [song(1, userRating=5, playCount=3, played=TIME), song(2), song(3, playCount=1)]
ANSWERS: dict[str, dict[str, Any]] = {
    "ping": {},
    "getStarred2": {
        "starred2": {
            "song": [{**SONGS[0], "starred": TIME}],
            "album": [{**ALBUM, "starred": TIME}],
            "artist": [{"id": "b1", "name": "Nobody", "starred": TIME}],
        }
    },
    "getAlbumList2": {"albumList2": {"album": [ALBUM]}},
    "getAlbum": {"album": {**ALBUM, "song": SONGS}},
    "getPlaylists": {
        "playlists": {
            "playlist": [
                {"id": "1", "name": "Mine", "owner": "ada"},
                {"id": "2", "name": "Of somebody else", "owner": "eve"},
            ]
        }
    },
    "getPlaylist": {
        "playlist": {"id": "1", "name": "Mine", "owner": "ada", "entry": [SONGS[2], SONGS[0]]}
    },
    "getBookmarks": {
        "bookmarks": {
            "bookmark": [{"position": 61_500, "comment": "c", "changed": TIME, "entry": SONGS[1]}]
        }
    },
}


class Server(ThreadingHTTPServer):
    """Answers as a server of the Subsonic API does, to a login with the right password."""

    has_tokens = True
    asked: list[str]
    answers = ANSWERS
    body: bytes | None = None


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        values = {name: some[0] for name, some in given.items()}
        method = urlsplit(self.path).path.removeprefix("/rest/").removesuffix(".view")
        self.server.asked.append(method)
        answer = {"status": "ok", **self.server.answers[method]}
        if code := self._refusal(values):
            answer = {"status": "failed", "error": {"code": code, "message": "Wrong login."}}
        self.send_response(200)
        self.end_headers()
        text = json.dumps({"subsonic-response": {"version": "1.16.1", **answer}}).encode()
        self.wfile.write(text if self.server.body is None else self.server.body)

    def _refusal(self, values: dict[str, str]) -> int:
        if "t" in values:
            salted = f"{PASSWORD}{values['s']}".encode()
            token = hashlib.md5(salted, usedforsecurity=False).hexdigest()
            return 0 if not self.server.has_tokens or values["t"] == token else 40
        return 0 if values["p"] == f"enc:{PASSWORD.encode().hex()}" else 40

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("SUBSONIC_PASSWORD", PASSWORD)
    User.objects.create(username="ada")
    with Server(("127.0.0.1", 0), Handler) as running:
        running.asked = []
        Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def bring_in(server: Server, *options: str) -> str:
    said = StringIO()
    url = f"http://127.0.0.1:{server.server_port}/"
    call_command("import_listening", "subsonic", url, "--login", "ada", *options, stdout=said)
    return said.getvalue()


def test_everything_of_the_user_comes_once(server: Server) -> None:
    album = make_album("Post")
    one, two = (
        make_track(
            path=f"Music/{each['path']}",
            title=each["title"],
            artist="Björk",
            album=album,
            album_title="Post",
            duration_s=each["duration"],
        )
        for each in SONGS[:2]
    )
    said = bring_in(server)
    assert "2 of 3 tracks were found:" in said
    assert "ada: 3 favourites, 2 ratings, 2 play counts, 1 bookmarks, 1 playlists new." in said
    assert Favourite.objects.get(track=one).favourited_at.isoformat() == "2025-03-04T05:06:07+00:00"
    assert Favourite.objects.filter(album=album).exists()
    assert Rating.objects.get(track=one).stars == 5
    assert PlayCount.objects.get(track=one).count == 3
    assert Bookmark.objects.get(track=two).position_s == 61.5
    assert Playlist.objects.get().name == "Mine"
    entries = PlaylistEntry.objects.values_list("lost__title", "track")
    assert [*entries] == [("Song 3", None), (None, one.pk)]
    assert {*LostItem.objects.values_list("title", flat=True)} == {"Nobody", "Song 3"}
    assert "ada: nothing new." in bring_in(server)


def test_a_server_that_cannot_check_tokens_gets_the_password(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = Handler._refusal

    def without_tokens(handler: Handler, values: dict[str, str]) -> int:
        return 41 if "t" in values else refusal(handler, values)

    monkeypatch.setattr(Handler, "_refusal", without_tokens)
    assert "0 of 3 tracks were found:" in bring_in(server, "--dry-run")
    assert server.asked[:2] == ["ping", "ping"]


def test_a_wrong_password_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUBSONIC_PASSWORD", "wrong")
    with pytest.raises(CommandError, match="The server refused: Wrong login"):
        bring_in(server)
    assert server.asked == ["ping"]


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"subsonic-response": {}}', b"\xff"])
def test_what_is_no_such_server_is_refused(server: Server, body: bytes) -> None:
    server.body = body
    with pytest.raises(CommandError, match="cannot be read"):
        bring_in(server)


def test_an_address_that_is_none_is_refused(server: Server) -> None:
    for url in ("file:///etc/passwd", "http://127.0.0.1:1"):
        with pytest.raises(CommandError):
            call_command("import_listening", "subsonic", url, "--login", "ada")
