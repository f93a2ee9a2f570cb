"""Reads what a user made from a server that speaks the Subsonic API: Navidrome, gonic, Airsonic and
others. See www.subsonic.org/pages/api.jsp and opensubsonic.netlify.app.

A user sees only the own things there, so that one login brings in one user.
"""

import hashlib
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from listening.lost import Facts
from listening.moving_in.brought import (
    Brought,
    CannotRead,
    Count,
    List,
    Mark,
    Named,
    OfUser,
    Opinion,
)
from runtime.version import VERSION
from runtime.visible_text import printable

PAGE = 500
WITHIN_S = 60.0
MOST_BYTES = 64 * 1024 * 1024
API_VERSION = "1.16.1"
WRONG_LOGIN = 40
NO_TOKENS = (41, 42)
"""Error codes of servers that cannot check tokens, such as those that ask a directory for users."""

Item = Mapping[str, Any]


class _Refused(Exception):
    """The server answered with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_subsonic(url: str, login: str, password: str) -> Brought:
    """Everything that this user made. Raises CannotRead."""
    if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise CannotRead(f"{printable(url)} is no address: it begins with http:// or https://.")
    server = _Server(url, login, password)
    try:
        server.log_in()
        return _Reader(server, login).read()
    except _Refused as error:
        raise CannotRead(f"The server refused: {printable(str(error))}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        # The last four: what answers is no Subsonic server, or a broken one.
        raise CannotRead(f"The server cannot be read: {printable(str(error))}") from None


class _Server:
    def __init__(self, url: str, login: str, password: str) -> None:
        base = url.rstrip("/")
        self._base = base if base.endswith("/rest") else f"{base}/rest"
        self._login, self._password = login, password
        self._has_tokens = True

    def log_in(self) -> None:
        """Find out whether the server takes tokens, which do not tell the password."""
        try:
            self.ask("ping")
        except _Refused as error:
            if error.code not in NO_TOKENS:
                raise
            self._has_tokens = False
            self.ask("ping")

    def ask(self, method: str, **parameters: str | int) -> Item:
        given = {**self._credentials(), "v": API_VERSION, "c": f"mus-{VERSION}", "f": "json"}
        body = urllib.parse.urlencode({**given, **parameters}).encode()
        answer = self._send(f"{self._base}/{method}.view", body)
        found: Item = answer["subsonic-response"]
        if found["status"] != "ok":
            error = found.get("error", {})
            raise _Refused(int(error.get("code", 0)), str(error.get("message", "no reason")))
        return found

    def _send(self, url: str, body: bytes) -> Any:
        """In the body of a POST, where no log of a server has the password."""
        request = urllib.request.Request(url, body)  # noqa: S310  # checked in read_subsonic
        with urllib.request.urlopen(request, timeout=WITHIN_S) as response:  # noqa: S310
            read = response.read(MOST_BYTES + 1)
        if len(read) > MOST_BYTES:
            raise ValueError(f"an answer of more than {MOST_BYTES:,} bytes")
        return json.loads(read)

    def _credentials(self) -> dict[str, str]:
        if not self._has_tokens:
            return {"u": self._login, "p": f"enc:{self._password.encode().hex()}"}
        salt = secrets.token_hex(8)
        token = hashlib.md5(f"{self._password}{salt}".encode(), usedforsecurity=False).hexdigest()
        return {"u": self._login, "t": token, "s": salt}


class _Reader:
    def __init__(self, server: _Server, login: str) -> None:
        self._server = server
        self._user = OfUser()
        self._brought = Brought(users={login: self._user}, album_tracks={})
        self._rated: dict[tuple[str, str], Opinion] = {}
        self._counted: dict[str, Count] = {}
        self._album_tracks: dict[str, list[str]] = {}

    def read(self) -> Brought:
        self._read_starred()
        self._read_albums()
        self._read_playlists()
        self._read_bookmarks()
        self._user.ratings = [*self._rated.values()]
        self._user.counts = [*self._counted.values()]
        self._brought.album_tracks = self._album_tracks
        return self._brought

    def _read_starred(self) -> None:
        starred = self._server.ask("getStarred2").get("starred2", {})
        for kind, name in (("track", "song"), ("album", "album"), ("artist", "artist")):
            for item in starred.get(name, ()):
                self._see(kind, item)
                at = _time(item.get("starred"))
                self._user.favourites.append(Opinion(kind, str(item["id"]), at))

    def _read_albums(self) -> None:
        """Ratings and counts of tracks are told with the tracks of their albums alone."""
        for album in self._albums():
            self._see("album", album)
            album_id = str(album["id"])
            songs = self._server.ask("getAlbum", id=album_id).get("album", {}).get("song", ())
            self._album_tracks[album_id] = [str(song["id"]) for song in songs]
            for song in songs:
                self._see("track", song)

    def _albums(self) -> Iterator[Item]:
        offset = 0
        while True:
            found = self._server.ask(
                "getAlbumList2", type="alphabeticalByName", size=PAGE, offset=offset
            )
            page = found.get("albumList2", {}).get("album", [])
            yield from page
            offset += len(page)
            if len(page) < PAGE:
                return

    def _read_playlists(self) -> None:
        listed = self._server.ask("getPlaylists").get("playlists", {}).get("playlist", ())
        for each in listed:
            owner = each.get("owner")
            if owner and owner.casefold() != next(iter(self._brought.users)).casefold():
                continue  # shared by somebody else
            playlist = self._server.ask("getPlaylist", id=str(each["id"]))["playlist"]
            entries = playlist.get("entry", ())
            for song in entries:
                self._see("track", song)
            self._user.playlists.append(
                List(
                    name=str(playlist.get("name", "")),
                    comment=str(playlist.get("comment", "")),
                    is_shared=bool(playlist.get("public")),
                    track_ids=tuple(str(song["id"]) for song in entries),
                )
            )

    def _read_bookmarks(self) -> None:
        marks = self._server.ask("getBookmarks").get("bookmarks", {}).get("bookmark", ())
        for mark in marks:
            song = mark["entry"]
            self._see("track", song)
            position_s = float(mark.get("position", 0)) / 1000
            comment, at = str(mark.get("comment") or ""), _time(mark.get("changed"))
            self._user.bookmarks.append(Mark(str(song["id"]), position_s, comment, at))

    def _see(self, kind: str, item: Item) -> None:
        """Note what this is, and what the user made of it."""
        pk = str(item["id"])
        if kind == "track":
            self._brought.tracks[pk] = _facts(item)
            if count := int(item.get("playCount") or 0):
                self._counted[pk] = Count(pk, count, _time(item.get("played")))
        else:
            named = Named(
                str(item.get("name") or item.get("album") or item.get("title") or ""),
                str(item.get("artist") or ""),
                str(item.get("musicBrainzId") or ""),
            )
            of_kind = self._brought.albums if kind == "album" else self._brought.artists
            of_kind[pk] = named
        if stars := int(item.get("userRating") or 0):
            self._rated[kind, pk] = Opinion(kind, pk, stars=stars)


def _facts(song: Item) -> Facts:
    return Facts(
        title=str(song.get("title") or ""),
        artist=str(song.get("artist") or ""),
        album=str(song.get("album") or ""),
        duration_s=float(song.get("duration") or 0) or None,
        musicbrainz_id=str(song.get("musicBrainzId") or ""),
        path=str(song.get("path") or ""),
    )


def _time(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
