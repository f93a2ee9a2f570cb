"""Makes rows for the table of tracks from files that were read: the columns and their values."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from library.albums.discs import disc_of
from library.albums.titles import title_without_disc
from library.files.walk import FoundFile, with_own_cover
from library.models.catalogue import Track
from library.models.folding import REMEMBERED, sort_key_without
from library.models.paths import path_to_text
from library.models.searched import first_year, searched_text, track_texts
from library.scanning.matching import Joined
from library.scanning.read_with import current_version
from library.scanning.upsert import Row, Upsert
from library.tags import ReadFile, TrackTags


class Change(Enum):
    """Why a track's row is written. The values are names of fields of `ScanCounts`, except REREAD:
    a file that only mus reads in another way now is not counted as updated."""

    ADDED = "added"
    UPDATED = "updated"
    MOVED = "moved"
    RESTORED = "restored"
    REREAD = "reread"


class TrackWrite(NamedTuple):
    """A track to write; `track_id` is None for a new track."""

    change: Change
    track_id: int | None
    found: FoundFile
    read: ReadFile
    tags: TrackTags


class TrackGroup(NamedTuple):
    """Tracks to write in one transaction, because what becomes of one depends on the others.

    `aside`: tracks whose paths other tracks take, by id, with the paths where they make room; see
    `library.models.paths`. Those of them that are `lost` have no file any more. `joined`: pairs
    that become one track after the tracks were written.
    """

    writes: Sequence[TrackWrite]
    aside: Mapping[int, str]
    lost: Sequence[int]
    joined: Sequence[Joined]


_FILE_COLUMNS = ("root", "path", "mtime_ns", "size_bytes", "device", "inode")
COVER_COLUMNS = ("has_cover", "cover_id", "cover_file_name")
_LYRICS_COLUMNS = ("lyrics_id", "lyrics_file_name")
_LIST_COLUMNS = (
    *("artists", "musicbrainz_artist_ids"),
    *("genres", "moods", "release_types", "labels", "isrc"),
)
_KEY_COLUMNS = ("album_title", "first_year", "title_key", "artist_key", "album_key", "search_text")
_DISC_COLUMNS = ("disc_number", "disc_subtitle")
_SCAN_COLUMNS = ("missing_since", "updated_at", "added_at", "added_by_scan", "read_with")
# Columns that take the attribute of the same name in `TrackTags` without a conversion.
_TAG_COLUMNS = tuple(
    sorted(
        ({field.name for field in Track._meta.concrete_fields} & set(TrackTags._fields))
        - {"album", *_LIST_COLUMNS, *_DISC_COLUMNS}
    )
)
_tag_values = itemgetter(*map(TrackTags._fields.index, _TAG_COLUMNS))
_list_values = itemgetter(*map(TrackTags._fields.index, _LIST_COLUMNS))
_as_json_text = json.JSONEncoder().encode
_COLUMNS = (
    *_FILE_COLUMNS,
    *COVER_COLUMNS,
    *_LYRICS_COLUMNS,
    *_LIST_COLUMNS,
    *_KEY_COLUMNS,
    *_DISC_COLUMNS,
    *_SCAN_COLUMNS,
    *_TAG_COLUMNS,
    "folder_id",
    "revision",
)
_NOT_SHOWN = frozenset(
    {
        *("mtime_ns", "device", "inode", "audio_digest", "read_with"),
        *("updated_at", "added_at", "added_by_scan", "folder_id", "revision"),
    }
)
SHOWN_COLUMNS = tuple(name for name in _COLUMNS if name not in _NOT_SHOWN)
"""The columns that lists of some face show, sort or filter by. A file that was written to without a
change of these leaves the track's revision as it is."""
_shown_values = itemgetter(*map(_COLUMNS.index, SHOWN_COLUMNS))
_AS_JSON_IN_SHOWN = tuple(map(SHOWN_COLUMNS.index, _LIST_COLUMNS))
search_text_of = itemgetter(_COLUMNS.index("search_text"))
_OF_THE_FIRST_SCAN = ("added_at", "added_by_scan")
# Existing tracks are matched by id, because a moved track has another path. A new track whose path
# exists already is not changed (DO NOTHING): DO UPDATE would take SQLite 75 % longer.
NEW_TRACKS = Upsert(Track, _COLUMNS, unique=("root", "path"), kept=_COLUMNS)
KNOWN_TRACKS = Upsert(Track, ("id", *_COLUMNS), unique=("id",), kept=_OF_THE_FIRST_SCAN)
UNCHANGED_TRACKS = Upsert(
    Track, ("id", *_COLUMNS), unique=("id",), kept=(*_OF_THE_FIRST_SCAN, "updated_at")
)
"""For files that were read again and are shown as before."""


def track_rows(writes: Sequence[TrackWrite], now: datetime, scan_id: int = 0) -> list[Row]:
    """A row for each write, with all of `_COLUMNS` except the last two: folder and revision.
    `scan_id`: of the scan that adds the new ones.

    They become known only inside the transaction. Everything else is computed here, before the
    transaction, to keep it short.
    """
    stamp = connection.ops.adapt_datetimefield_value(now)
    scan_columns = (None, stamp, stamp, scan_id, current_version())
    return [_row(write, scan_columns) for write in writes]


def shows_the_same(row: Row, stored: Sequence[Any]) -> bool:
    """Whether a row of `track_rows` and the stored values of SHOWN_COLUMNS show the same."""
    shown = _shown_values(row)
    if shown == tuple(stored):
        return True
    return _without_json(shown) == _without_json(stored)


def _without_json(values: Sequence[Any]) -> list[Any]:
    """The values with lists instead of JSON, which the databases write differently."""
    plain = list(values)
    for place in _AS_JSON_IN_SHOWN:
        plain[place] = json.loads(plain[place])
    return plain


def _row(write: TrackWrite, scan_columns: Row) -> Row:
    found, read, tags = write.found, write.read, write.tags
    return (
        path_to_text(found.root),
        path_to_text(found.path),
        read.mtime_ns,
        read.size_bytes,
        found.device,
        found.inode,
        *_cover(found, tags),
        found.lyrics.identity,
        path_to_text(found.lyrics.name),
        *map(_as_json_list, _list_values(tags)),
        *_keys(tags),
        *_disc(found.path, tags),
        *scan_columns,
        *_tag_values(tags),
    )


@lru_cache(maxsize=128)
def _as_json_list(texts: tuple[str, ...]) -> str:
    """As `json.dumps`, which takes several times as long to start."""
    return f"[{', '.join(map(_as_json_text, texts))}]" if texts else "[]"


def _cover(found: FoundFile, tags: TrackTags) -> Row:
    if tags.embedded_cover_id:
        return True, tags.embedded_cover_id, ""
    if found.titled:
        found = with_own_cover(found, tags.album, tags.album_artist or tags.artist)
    return folder_cover(found)


def folder_cover(found: FoundFile) -> Row:
    """`COVER_COLUMNS` of a track without an embedded picture."""
    return bool(found.cover_id), found.cover_id, path_to_text(found.cover_file_name)


def _keys(tags: TrackTags) -> Row:
    sort_names = tags.artist_sort_names
    articles = tuple(settings.IGNORED_ARTICLES)
    one_sort_name = sort_names[0] if len(sort_names) == 1 else ""
    return (
        tags.album,
        first_year(tags.original_date, tags.year),
        sort_key_without(articles, tags.title, tags.title_sort),
        sort_key_without(articles, tags.artist, tags.artist_sort or one_sort_name),
        sort_key_without(articles, title_without_disc(tags.album), tags.album_sort),
        searched_text(_texts_of(tags), tags.genres, (tags.year, tags.original_date)),
    )


def _disc(path: str, tags: TrackTags) -> Row:
    """`_DISC_COLUMNS`. Some programs give the number 1 to each disc, as if it were the only one:
    then the title of the album, or the folder, knows better."""
    stated = tags.disc_number
    is_only_disc = stated == 1 and tags.disc_total in (None, 1)
    number = None if is_only_disc else stated
    folder = path.rpartition("/")[0].rpartition("/")[2]
    disc = _disc_of(folder, tags.album, number, tags.disc_subtitle)
    return disc.number or stated, disc.subtitle


_disc_of = lru_cache(maxsize=REMEMBERED)(disc_of)


def _texts_of(tags: TrackTags) -> tuple[str, ...]:
    names = (tags.title, tags.artist, tags.album, tags.album_artist, tags.composer)
    sort_forms = (
        *(tags.title_sort, tags.artist_sort, tags.album_sort),
        *(tags.album_artist_sort, tags.composer_sort),
    )
    return track_texts(names, sort_forms)
