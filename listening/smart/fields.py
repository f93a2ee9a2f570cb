"""What rules may ask for: each field with its kind, and the operators of each kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    PLAYLIST = "playlist"
    SEARCH = "search"


OPERATORS: Mapping[FieldKind, tuple[str, ...]] = {
    FieldKind.TEXT: (
        *("is", "is_not", "contains", "not_contains", "starts_with", "ends_with"),
        "is_missing",
    ),
    FieldKind.NUMBER: ("is", "is_not", "greater_than", "less_than", "in_range", "is_missing"),
    FieldKind.DATE: ("before", "after", "in_range", "in_last", "not_in_last", "is_missing"),
    FieldKind.FLAG: ("is",),
    FieldKind.PLAYLIST: ("in", "not_in"),
    FieldKind.SEARCH: ("matches", "not_matches"),
}
"""`in_last` and `not_in_last`: a number of days. `is_missing`: true or false."""


class Source(StrEnum):
    """Where the value of a field is."""

    TRACK = "track"
    CREDIT = "credit"
    GENRE = "genre"
    LABEL = "label"
    FAVOURITE = "favourite"
    RATING = "rating"
    PLAYS = "plays"
    PLAYLIST = "playlist"
    SEARCH = "search"


@dataclass(frozen=True)
class SmartField:
    """`label`: for people. `column`: of the table of the source; of a credit the role. `of`: whose
    favourite, rating or plays: those of the track, its album or its artist. `unit`: of a number.
    `is_sortable`: whether a playlist may be sorted by it."""

    label: str
    kind: FieldKind
    source: Source = Source.TRACK
    column: str = ""
    of: str = "track"
    unit: str = ""
    is_folded: bool = False
    is_sortable: bool = False


def _text(label: str, column: str, *, folded: bool = False) -> SmartField:
    return SmartField(label, FieldKind.TEXT, column=column, is_folded=folded, is_sortable=folded)


def _number(label: str, column: str, unit: str = "") -> SmartField:
    return SmartField(label, FieldKind.NUMBER, column=column, unit=unit, is_sortable=True)


def _credit(label: str, role: str) -> SmartField:
    return SmartField(label, FieldKind.TEXT, Source.CREDIT, role, is_folded=True)


def _own(label: str, kind: FieldKind, source: Source, column: str, of: str) -> SmartField:
    return SmartField(label, kind, source, column, of, is_sortable=of == "track")


FIELDS: Mapping[str, SmartField] = {
    "search": SmartField("Anything", FieldKind.SEARCH, Source.SEARCH),
    "title": _text("Title", "title_key", folded=True),
    "album": _text("Album", "album_key", folded=True),
    "artist": SmartField(
        "Artist", FieldKind.TEXT, Source.CREDIT, "artist", is_folded=True, is_sortable=True
    ),
    "album_artist": _credit("Album artist", "albumartist"),
    "composer": _credit("Composer", "composer"),
    "conductor": _credit("Conductor", "conductor"),
    "performer": _credit("Performer", "performer"),
    "lyricist": _credit("Lyricist", "lyricist"),
    "remixer": _credit("Remixer", "remixer"),
    "producer": _credit("Producer", "producer"),
    "arranger": _credit("Arranger", "arranger"),
    "genre": SmartField("Genre", FieldKind.TEXT, Source.GENRE, is_folded=True),
    "label": SmartField("Record label", FieldKind.TEXT, Source.LABEL, is_folded=True),
    "year": SmartField("Year", FieldKind.NUMBER, column="first_year", is_sortable=True),
    "release_year": _number("Year of this release", "year"),
    "track_number": _number("Track number", "track_number"),
    "disc_number": _number("Disc number", "disc_number"),
    "duration_s": _number("Duration", "duration_s", "seconds"),
    "bpm": _number("Beats per minute", "bpm"),
    "bitrate_kbps": _number("Bit rate", "bitrate_kbps", "kbit/s"),
    "sample_rate_hz": _number("Sample rate", "sample_rate_hz", "Hz"),
    "bit_depth": _number("Bit depth", "bit_depth", "bits"),
    "channels": _number("Channels", "channels"),
    "size_bytes": _number("File size", "size_bytes", "bytes"),
    "codec": _text("Codec", "codec"),
    "comment": _text("Comment", "comment"),
    "grouping": _text("Grouping", "grouping"),
    "work": _text("Work", "work"),
    "disc_subtitle": _text("Disc title", "disc_subtitle"),
    "catalogue_number": _text("Catalogue number", "catalogue_number"),
    "path": _text("Path", "path"),
    "explicit_status": _text("Explicit status", "explicit_status"),
    "musicbrainz_recording_id": _text("MusicBrainz recording id", "musicbrainz_recording_id"),
    "musicbrainz_release_id": _text("MusicBrainz release id", "musicbrainz_release_id"),
    "compilation": SmartField("On a compilation", FieldKind.FLAG, column="compilation"),
    "has_cover": SmartField("Has a cover", FieldKind.FLAG, column="has_cover"),
    "added_at": SmartField("Added", FieldKind.DATE, column="added_at", is_sortable=True),
    "updated_at": SmartField("Changed", FieldKind.DATE, column="updated_at", is_sortable=True),
    "favourite": _own("Favourite", FieldKind.FLAG, Source.FAVOURITE, "", "track"),
    "favourited_at": _own(
        "Favourite since", FieldKind.DATE, Source.FAVOURITE, "favourited_at", "track"
    ),
    "rating": _own("Rating", FieldKind.NUMBER, Source.RATING, "stars", "track"),
    "rated_at": _own("Rated", FieldKind.DATE, Source.RATING, "rated_at", "track"),
    "play_count": _own("Plays", FieldKind.NUMBER, Source.PLAYS, "count", "track"),
    "last_played_at": _own("Last played", FieldKind.DATE, Source.PLAYS, "last_played_at", "track"),
    "album_favourite": _own("Album is a favourite", FieldKind.FLAG, Source.FAVOURITE, "", "album"),
    "album_rating": _own("Rating of the album", FieldKind.NUMBER, Source.RATING, "stars", "album"),
    "artist_favourite": _own(
        "Artist is a favourite", FieldKind.FLAG, Source.FAVOURITE, "", "artist"
    ),
    "artist_rating": _own(
        "Rating of the artist", FieldKind.NUMBER, Source.RATING, "stars", "artist"
    ),
    "playlist": SmartField("Playlist", FieldKind.PLAYLIST, Source.PLAYLIST),
}

RANDOM = "random"
SORTABLE = (*(name for name, field in FIELDS.items() if field.is_sortable), RANDOM)
"""The fields by which a smart playlist may be sorted; each may have `-` before it."""
