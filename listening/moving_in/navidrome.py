"""Reads a Navidrome database: an SQLite file, `navidrome.db` in its data folder.

The schema is that of its migrations (github.com/navidrome/navidrome, db/migrations). Columns came
and went, so that it is asked which there are: since 2020 all versions can be read.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
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
from runtime.visible_text import printable

_KINDS = {"media_file": "track", "album": "album", "artist": "artist"}
_NEEDED = ("user", "media_file", "annotation", "playlist", "playlist_tracks")
_FRACTION_DIGITS = 6
# SQLite stores any value in any column, and a row has no column that another schema lacks.
_UNREADABLE = (sqlite3.Error, ValueError, TypeError, OverflowError, IndexError, OSError)


def read_navidrome(path: Path) -> Brought:
    """Everything that users of this server made. Raises CannotRead."""
    if not path.is_file():
        raise CannotRead(f"There is no file {printable(str(path))}.")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            return _Reader(database).read()
    except _UNREADABLE as error:
        why = printable(str(error))
        raise CannotRead(f"{printable(str(path))} cannot be read: {why}.") from None


class _Reader:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._columns = {
            name: {row["name"] for row in database.execute(f'PRAGMA table_info("{name}")')}
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if missing := [name for name in _NEEDED if name not in self._columns]:
            raise CannotRead(
                f"This is no Navidrome database: it has no table {', '.join(missing)}."
            )
        self._brought = Brought()
        self._names = {row["id"]: row["user_name"] for row in self._rows("user")}
        self._users = defaultdict[str, OfUser](OfUser)

    def read(self) -> Brought:
        self._read_annotations()
        if "bookmark" in self._columns:
            self._read_bookmarks()
        if "scrobbles" in self._columns:
            self._read_scrobbles()
        self._read_playlists()
        self._read_tracks()
        self._read_named()
        known = {user_id: user for user_id, user in self._users.items() if user_id in self._names}
        self._brought.users = {self._names[user_id]: user for user_id, user in known.items()}
        return self._brought

    def _rows(self, table: str, rest: str = "") -> Iterator[sqlite3.Row]:
        return iter(self._database.execute(f'SELECT * FROM "{table}" {rest}'))  # noqa: S608

    def _read_annotations(self) -> None:
        for row in self._rows("annotation", "ORDER BY rowid"):
            kind, user = _KINDS.get(row["item_type"]), self._users[row["user_id"]]
            if kind is None:
                continue
            item_id = str(row["item_id"])
            if row["starred"]:
                user.favourites.append(Opinion(kind, item_id, _time(row["starred_at"])))
            if row["rating"]:
                at = _time(_value(row, "rated_at"))
                user.ratings.append(Opinion(kind, item_id, at, int(row["rating"])))
            if row["play_count"] and kind == "track":
                user.counts.append(Count(item_id, int(row["play_count"]), _time(row["play_date"])))

    def _read_bookmarks(self) -> None:
        for row in self._rows("bookmark", "WHERE item_type = 'media_file' ORDER BY rowid"):
            position_s = (row["position"] or 0) / 1000
            mark = Mark(
                str(row["item_id"]), position_s, row["comment"] or "", _time(row["updated_at"])
            )
            self._users[row["user_id"]].bookmarks.append(mark)

    def _read_scrobbles(self) -> None:
        for row in self._rows("scrobbles", "ORDER BY submission_time"):
            at = datetime.fromtimestamp(row["submission_time"], UTC)
            self._users[row["user_id"]].plays.append((str(row["media_file_id"]), at))

    def _read_playlists(self) -> None:
        ids_by_name = {name: user_id for user_id, name in self._names.items()}
        tracks = defaultdict[str, list[str]](list)
        for row in self._rows("playlist_tracks", "ORDER BY playlist_id, id"):
            tracks[row["playlist_id"]].append(str(row["media_file_id"]))
        for row in self._rows("playlist", "ORDER BY rowid"):
            owner = _value(row, "owner_id") or ids_by_name.get(_value(row, "owner") or "", "")
            playlist = List(
                row["name"], row["comment"] or "", bool(row["public"]), tuple(tracks[row["id"]])
            )
            self._users[owner].playlists.append(playlist)

    def _read_tracks(self) -> None:
        """All tracks: what is an album is told by its tracks."""
        roots = {}
        if "library" in self._columns:
            roots = {row["id"]: row["path"] for row in self._rows("library")}
        album_tracks = defaultdict[str, list[str]](list)
        for row in self._rows("media_file"):
            root = roots.get(_value(row, "library_id"), "")
            path = row["path"] or ""
            if root and path and not path.startswith("/"):
                path = f"{root.rstrip('/')}/{path}"
            track_id = str(row["id"])
            album_tracks[str(row["album_id"])].append(track_id)
            self._brought.tracks[track_id] = Facts(
                title=row["title"] or "",
                artist=row["artist"] or "",
                album=row["album"] or "",
                duration_s=float(row["duration"] or 0) or None,
                musicbrainz_id=_value(row, "mbz_recording_id") or _value(row, "mbz_track_id") or "",
                path=path,
            )
        self._brought.album_tracks = album_tracks

    def _read_named(self) -> None:
        for row in self._rows("album"):
            self._brought.albums[str(row["id"])] = Named(
                row["name"] or "",
                row["album_artist"] or _value(row, "artist") or "",
                _value(row, "mbz_album_id") or "",
            )
        for row in self._rows("artist"):
            artist = Named(row["name"] or "", musicbrainz_id=_value(row, "mbz_artist_id") or "")
            self._brought.artists[str(row["id"])] = artist


def _value(row: sqlite3.Row, name: str) -> Any:
    """None for a column that this version of the schema does not have."""
    return row[name] if name in row.keys() else None  # noqa: SIM118  # a row's `in` looks at values


def _time(text: Any) -> datetime | None:
    """A time as Go writes it: with up to nine digits of a second, `Z` or an offset. None for what
    is none, such as the year 0."""
    if not isinstance(text, str):
        return None
    whole, dot, rest = text.strip().replace("Z", "+00:00").partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    fraction = f".{rest[:digits][:_FRACTION_DIGITS].ljust(_FRACTION_DIGITS, '0')}" if dot else ""
    try:
        found = datetime.fromisoformat(f"{whole}{fraction}{rest[digits:]}")
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if found.year > 1 else None
