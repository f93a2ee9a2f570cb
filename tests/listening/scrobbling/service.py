"""A local server that speaks the protocols of ListenBrainz and of Last.fm as they are documented,
keeps what it is told, and fails as it is asked to.

It keeps plays that come twice twice, so that tests see them, unless `unites` is set, as the real
ListenBrainz and Maloja do.
"""

import hashlib
import json
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlsplit

TOKEN = "a-token-of-listenbrainz"
SESSION = "a-session-key-of-lastfm"
API_KEY = "0123456789abcdef" * 2
API_SECRET = "fedcba9876543210" * 2
LIBREFM_KEY = "9a1f1b5c3d2e4f60718293a4b5c6d7e8"
SECRETS = {API_KEY: API_SECRET, LIBREFM_KEY: LIBREFM_KEY}
AUTH_TOKEN = "allowed"
USER = "ada listens"

NONE = ""
FAULTS_BEFORE = ("drop", "429", "401", "redirect")
"""Nothing is taken."""
FAULTS_UNCLEAR = ("500", "502", "garbage", "reset")
"""Nothing is taken, which the client cannot know."""
FAULTS_AFTER = ("500 after", "lost", "cut", "slow", "garbage after", "endless")
OTHERS = ("ok after",)
"""It is taken all the same."""
FAULTS = (*FAULTS_BEFORE, *FAULTS_UNCLEAR, *FAULTS_AFTER)


class Listen(NamedTuple):
    second: int
    artist: str
    title: str


@dataclass
class Service:
    """`fault`: called with the path of each request, names one of FAULTS or none. `refuses`: titles
    of plays that are not taken. `is_asked`: whether it says which plays it has."""

    url: str = ""
    fault: Callable[[str], str] = lambda _: NONE
    refuses: set[str] = field(default_factory=set)
    is_asked: bool = True
    is_private: bool = False
    unites: bool = False
    valid: bool = True
    day_is_full: bool = False
    slow_s: float = 1.5
    headers: dict[str, str] = field(default_factory=dict)
    listens: list[Listen] = field(default_factory=list)
    loved: list[tuple[str, str]] = field(default_factory=list)
    playing: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def titles(self) -> Counter[str]:
        return Counter(each.title for each in self.listens)

    def take(self, listens: list[Listen]) -> None:
        with self.lock:
            for listen in listens:
                if not (self.unites and listen in self.listens):
                    self.listens.append(listen)


@contextmanager
def running(service: Service) -> Iterator[Service]:
    class Handler(_Handler):
        kept = service

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    kept: Service
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _answer(self, body: bytes) -> None:
        self.close_connection = True
        path = urlsplit(self.path).path
        self.kept.requests.append(f"{self.command} {path}")
        fault = self.kept.fault(path)
        if fault in {*FAULTS_BEFORE, *FAULTS_UNCLEAR}:
            self._fail(fault)
            return
        status, value = _taken(self, body)
        if fault in {*FAULTS_AFTER, *OTHERS}:
            self._fail(fault)
        else:
            self._send(status, json.dumps(value).encode())

    def _fail(self, fault: str) -> None:
        match fault.removesuffix(" after"):
            case "500" | "502" | "429" | "401" as status:
                self._send(int(status), b'{"code": 0, "error": "Something is wrong."}')
            case "redirect":
                self._send(302, b"", Location="http://127.0.0.1:1/")
            case "garbage" | "ok" as said:
                self._send(200, b"OK" if said == "ok" else b"<html>Welcome to this hotel")
            case "cut":
                self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"stat')
            case "slow":
                time.sleep(self.kept.slow_s)
            case "endless":
                self._endless()
            case "reset":
                self._reset()

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**self.kept.headers, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _endless(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                self.wfile.write(b" " * 65_536)
        except OSError:
            pass

    def _reset(self) -> None:
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()


def _taken(handler: _Handler, body: bytes) -> tuple[int, Any]:
    """Does what the request asks for. Returns the status and the JSON value of the answer."""
    path = urlsplit(handler.path).path
    if path == "/2.0/":
        return _lastfm(handler.kept, dict(parse_qsl(body.decode(), keep_blank_values=True)))
    if handler.headers.get("Authorization") != f"Token {TOKEN}" or not handler.kept.valid:
        return _without_token(path)
    value: Any = json.loads(body) if body else None
    handler.kept.bodies.append(value)
    if path == "/1/validate-token":
        return 200, {"code": 200, "message": "Token valid.", "valid": True, "user_name": USER}
    if path == "/1/submit-listens":
        return _submitted(handler.kept, value)
    if path == "/1/feedback/recording-feedback":
        handler.kept.loved.append((value["recording_mbid"], str(value["score"])))
        return 200, {"status": "ok"}
    if path == f"/1/user/{USER.replace(' ', '%20')}/listens" and handler.kept.is_asked:
        return _listens(handler.kept, parse_qs(urlsplit(handler.path).query))
    return 200, {"code": 200, "error": "Invalid Method"}  # as Maloja says it


def _without_token(path: str) -> tuple[int, Any]:
    if path == "/1/validate-token":
        return 200, {"code": 200, "message": "Token invalid.", "valid": False}
    return 401, {"code": 401, "error": "Invalid authorization token."}


def _submitted(service: Service, value: Any) -> tuple[int, Any]:
    payload = value["payload"]
    metadata = [each["track_metadata"] for each in payload]
    if value["listen_type"] == "playing_now":
        service.playing.append(metadata[0]["track_name"])
        return 200, {"status": "ok"}
    assert len(payload) == 1 or value["listen_type"] == "import"
    for each in metadata:
        for name, mbid in each["additional_info"].items():
            if name.endswith("_mbid") and not re.fullmatch(r"[0-9a-f-]{36}", mbid):
                return 400, {"code": 400, "error": f"{name} is not a UUID."}
        if each["track_name"] in service.refuses:
            return 400, {"code": 400, "error": f"JSON document: {each['track_name']} is not good."}
    service.take(
        [
            Listen(each["listened_at"], track["artist_name"], track["track_name"])
            for each, track in zip(payload, metadata, strict=True)
        ]
    )
    return 200, {"status": "ok"}


def _listens(service: Service, query: dict[str, list[str]]) -> tuple[int, Any]:
    """Both times are exclusive, and the newest come first."""
    after, before = int(query["min_ts"][0]), int(query["max_ts"][0])
    count = min(int(query.get("count", ["25"])[0]), 1000)
    found = sorted(each for each in service.listens if after < each.second < before)[::-1][:count]
    listens = [
        {
            "listened_at": each.second,
            "track_metadata": {"artist_name": each.artist, "track_name": each.title},
        }
        for each in found
    ]
    return 200, {"payload": {"count": len(listens), "user_id": USER, "listens": listens}}


def _lastfm(service: Service, sent: dict[str, str]) -> tuple[int, Any]:
    service.bodies.append(sent)
    signed = {name: text for name, text in sent.items() if name not in {"api_sig", "format"}}
    secret = SECRETS.get(sent.get("api_key", ""))
    if secret is None:
        return 403, {"error": 10, "message": "Invalid API key"}
    text = "".join(f"{name}{signed[name]}" for name in sorted(signed)) + secret
    if sent.get("api_sig") != hashlib.md5(text.encode()).hexdigest():  # noqa: S324
        return 403, {"error": 13, "message": "Invalid method signature supplied"}
    if sent["method"] == "auth.getSession":
        return _session(sent)
    if sent.get("sk") != SESSION or not service.valid:
        return 403, {"error": 9, "message": "Invalid session key - Please re-authenticate"}
    return _as_user(service, sent)


def _as_user(service: Service, sent: dict[str, str]) -> tuple[int, Any]:
    match sent["method"]:
        case "track.scrobble":
            return _scrobbled(service, sent)
        case "user.getRecentTracks":
            return _recent(service, sent)
        case "track.love" | "track.unlove" as method:
            service.loved.append((sent["track"], method))
        case "track.updateNowPlaying":
            service.playing.append(sent["track"])
    return 200, {}


def _session(sent: dict[str, str]) -> tuple[int, Any]:
    if sent.get("token") != AUTH_TOKEN:
        return 403, {"error": 14, "message": "Unauthorized Token - not authorized"}
    return 200, {"session": {"subscriber": 0, "name": USER, "key": SESSION}}


def _scrobbled(service: Service, sent: dict[str, str]) -> tuple[int, Any]:
    answers: list[dict[str, Any]] = []
    place = 0
    while f"track[{place}]" in sent:
        track = sent[f"track[{place}]"]
        code = "5" if service.day_is_full else "2" if track in service.refuses else "0"
        if code == "0":
            second = int(sent[f"timestamp[{place}]"])
            service.take([Listen(second, sent[f"artist[{place}]"], track)])
        answers.append({"track": {"#text": track}, "ignoredMessage": {"code": code, "#text": ""}})
        place += 1
    assert place <= 50
    told: Any = answers if len(answers) > 1 else answers[0]
    return 200, {"scrobbles": {"scrobble": told, "@attr": {"accepted": 1, "ignored": 0}}}


def _recent(service: Service, sent: dict[str, str]) -> tuple[int, Any]:
    if service.is_private:
        return 403, {"error": 17, "message": "Login: User required to be logged in"}
    first, last = int(sent["from"]), int(sent["to"])
    limit, page = int(sent["limit"]), int(sent["page"])
    found = sorted(each for each in service.listens if first <= each.second <= last)[::-1]
    tracks: list[Any] = [
        {
            "name": each.title,
            "artist": {"#text": each.artist},
            "date": {"uts": str(each.second)},
        }
        for each in found[(page - 1) * limit : page * limit]
    ]
    playing = {"name": "x", "artist": {"#text": "y"}, "@attr": {"nowplaying": "true"}}
    pages = -(-len(found) // limit)
    attributes = {"user": sent["user"], "page": str(page), "totalPages": str(pages)}
    return 200, {"recenttracks": {"track": [playing, *tracks], "@attr": attributes}}
