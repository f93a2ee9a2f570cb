"""People's things as CSV and JSON, for administrators who hand them out or keep them.

Rows come in portions, so that a million plays need no more memory than a few.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, F, Model, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, Concat

from library.models.paths import PathField
from listening.models import (
    Bookmark,
    Device,
    Favourite,
    Play,
    PlayCount,
    Playlist,
    PlaylistEntry,
    PlayQueue,
    Rating,
    ScrobbleAccount,
    Share,
    ShareItem,
)

ROWS_AT_ONCE = 2_000

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet takes for a formula."""


def _text(*columns: str) -> Coalesce:
    """The first of these texts that is not null."""
    return Coalesce(*columns, Value(""), output_field=TextField())


_SLASH = Value("/", output_field=PathField())
_PATH = Case(
    When(track__isnull=False, then=Concat("track__root", _SLASH, "track__path")),
    default=_text("lost__path"),
    output_field=TextField(),
)
_TRACK: Mapping[str, Any] = {
    "title": _text("track__title", "lost__title"),
    "artist": _text("track__artist", "lost__artist"),
    "album": _text("track__album_title", "lost__album"),
    "path": _PATH,
    "musicbrainz_id": _text("track__musicbrainz_recording_id", "lost__musicbrainz_id"),
}
"""What a thing of a track belongs to, whether the library has that track or not."""
_ANY: Mapping[str, Any] = {
    **_TRACK,
    "title": _text(
        *("track__title", "album__title", "artist__name", "folder__path", "lost__title")
    ),
    "artist": _text("track__artist", "album__album_artist", "lost__artist"),
}
"""The same for things of tracks, albums, artists and folders."""

_SHARED: Mapping[str, Any] = {
    "title": _text("track__title", "album__title", "playlist__name", "lost__title"),
    "artist": _text("track__artist", "album__album_artist", "lost__artist"),
}


@dataclass(frozen=True)
class Table:
    """`name`: what it is called in files. `user`: the column of the user. `computed`: columns that
    are made of others. `columns`: the stored ones, after the user's name and the computed ones."""

    name: str
    model: type[Model]
    columns: tuple[str, ...]
    computed: Mapping[str, Any]
    user: str = "user"

    @property
    def names(self) -> tuple[str, ...]:
        return ("user", *self.computed, *self.columns)

    def rows(self, chosen: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
        """The values of `names` of the chosen rows, by primary key."""
        computed = {f"of_{name}": value for name, value in self.computed.items()}
        rows = chosen.order_by("pk").annotate(owner=F(f"{self.user}__username"), **computed)
        last = 0
        while portion := [
            *rows.filter(pk__gt=last).values_list("pk", "owner", *computed, *self.columns)[
                :ROWS_AT_ONCE
            ]
        ]:
            last = portion[-1][0]
            yield from (tuple(map(_plain, values)) for _, *values in portion)

    def of_user(self, user: User) -> QuerySet[Any]:
        return QuerySet(self.model).filter(**{self.user: user})


TABLES = (
    Table("favourites", Favourite, ("favourited_at",), _ANY),
    Table("ratings", Rating, ("stars", "rated_at"), _ANY),
    Table("plays", Play, ("started_at", "heard_s", "client"), _TRACK),
    Table("play_counts", PlayCount, ("count", "last_played_at"), _TRACK),
    Table("bookmarks", Bookmark, ("position_s", "comment", "changed_at"), _TRACK),
    Table(
        "playlists",
        Playlist,
        (
            "name",
            "description",
            "sharing",
            "rules",
            "entry_count",
            "created_at",
            "changed_at",
            "deleted_at",
        ),
        {},
    ),
    Table(
        "playlist_entries",
        PlaylistEntry,
        ("playlist_id", "playlist__name", "place", "added_at", "removed_at"),
        _TRACK,
        user="playlist__user",
    ),
    Table("queues", PlayQueue, ("is_current", "title", "entries", "index", "changed_at"), {}),
    Table("devices", Device, ("name", "last_seen_at"), {}),
    Table(
        "shares",
        Share,
        (
            *("id", "description", "allows_download", "created_at", "expires_at", "visit_limit"),
            *("visit_count", "last_visited_at", "deleted_at"),
        ),
        {},
    ),
    Table("share_items", ShareItem, ("share_id",), _SHARED, user="share__user"),
    Table("scrobbling", ScrobbleAccount, ("service", "url", "name", "is_enabled"), {}),
)
"""Everything that a user has made. No secrets."""


def table_of(model: type[Model]) -> Table:
    return next(table for table in TABLES if table.model is model)


def as_csv(table: Table, chosen: QuerySet[Any]) -> Iterator[str]:
    """Lines of a CSV file (RFC 4180). A text that a spreadsheet would run gets an apostrophe."""
    yield _line(table.names)
    for row in table.rows(chosen):
        yield _line([_harmless(value) for value in row])


def as_json(table: Table, chosen: QuerySet[Any]) -> Iterator[str]:
    """A JSON list with an object for each row."""
    yield from _list(dict(zip(table.names, row, strict=True)) for row in table.rows(chosen))


def everything_of(users: Iterable[User]) -> Iterator[str]:
    """A JSON object with an object for each user's name, with a list for each table."""
    yield "{"
    for number, user in enumerate(users):
        yield f"{',' if number else ''}\n{json.dumps(user.get_username())}: {{"
        for place, table in enumerate(TABLES):
            yield f"{',' if place else ''}\n{json.dumps(table.name)}: "
            yield from as_json(table, table.of_user(user))
        yield "}"
    yield "\n}\n"


def _list(values: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    before = "["
    for value in values:
        yield f"{before}\n{json.dumps(value, ensure_ascii=False)}"
        before = ","
    yield "\n]" if before == "," else "[]"


def _line(values: Iterable[Any]) -> str:
    text = StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
