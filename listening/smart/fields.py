"""What rules may ask for: each field with its kind, and the operators of each kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_noop as _


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
    """`label`, and `unit` of a number: in English, translated where they are shown. `column`: of
    the table of the source; of a credit the role. `of`: whose favourite, rating or plays: those of
    the track, its album or its artist. `is_sortable`: whether a playlist may be sorted by it."""

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
    "search": SmartField(_("Anything"), FieldKind.SEARCH, Source.SEARCH),
    "title": _text(_("Title"), "title_key", folded=True),
    "album": _text(_("Album"), "album_key", folded=True),
    "artist": SmartField(
        _("Artist"), FieldKind.TEXT, Source.CREDIT, "artist", is_folded=True, is_sortable=True
    ),
    "album_artist": _credit(_("Album artist"), "albumartist"),
    "composer": _credit(_("Composer"), "composer"),
    "conductor": _credit(_("Conductor"), "conductor"),
    "performer": _credit(_("Performer"), "performer"),
    "lyricist": _credit(_("Lyricist"), "lyricist"),
    "remixer": _credit(_("Remixer"), "remixer"),
    "producer": _credit(_("Producer"), "producer"),
    "arranger": _credit(_("Arranger"), "arranger"),
    "genre": SmartField(_("Genre"), FieldKind.TEXT, Source.GENRE, is_folded=True),
    "label": SmartField(_("Record label"), FieldKind.TEXT, Source.LABEL, is_folded=True),
    "year": SmartField(_("Year"), FieldKind.NUMBER, column="first_year", is_sortable=True),
    "release_year": _number(_("Year of this release"), "year"),
    "track_number": _number(_("Track number"), "track_number"),
    "disc_number": _number(_("Disc number"), "disc_number"),
    "duration_s": _number(_("Duration"), "duration_s", _("seconds")),
    "bpm": _number(_("Beats per minute"), "bpm"),
    "bitrate_kbps": _number(_("Bit rate"), "bitrate_kbps", _("kbit/s")),
    "sample_rate_hz": _number(_("Sample rate"), "sample_rate_hz", _("Hz")),
    "bit_depth": _number(_("Bit depth"), "bit_depth", _("bits")),
    "channels": _number(_("Channels"), "channels"),
    "size_bytes": _number(_("File size"), "size_bytes", _("bytes")),
    "codec": _text(_("Codec"), "codec"),
    "comment": _text(_("Comment"), "comment"),
    "grouping": _text(_("Grouping"), "grouping"),
    "work": _text(_("Work"), "work"),
    "disc_subtitle": _text(_("Disc title"), "disc_subtitle"),
    "catalogue_number": _text(_("Catalogue number"), "catalogue_number"),
    "path": _text(_("Path"), "path"),
    "explicit_status": _text(_("Explicit status"), "explicit_status"),
    "musicbrainz_recording_id": _text(_("MusicBrainz recording id"), "musicbrainz_recording_id"),
    "musicbrainz_release_id": _text(_("MusicBrainz release id"), "musicbrainz_release_id"),
    "compilation": SmartField(_("On a compilation"), FieldKind.FLAG, column="compilation"),
    "has_cover": SmartField(_("Has a cover"), FieldKind.FLAG, column="has_cover"),
    "added_at": SmartField(_("Added"), FieldKind.DATE, column="added_at", is_sortable=True),
    "updated_at": SmartField(_("Changed"), FieldKind.DATE, column="updated_at", is_sortable=True),
    "favourite": _own(_("Favourite"), FieldKind.FLAG, Source.FAVOURITE, "", "track"),
    "favourited_at": _own(
        _("Favourite since"), FieldKind.DATE, Source.FAVOURITE, "favourited_at", "track"
    ),
    "rating": _own(_("Rating"), FieldKind.NUMBER, Source.RATING, "stars", "track"),
    "rated_at": _own(_("Rated"), FieldKind.DATE, Source.RATING, "rated_at", "track"),
    "play_count": _own(_("Plays"), FieldKind.NUMBER, Source.PLAYS, "count", "track"),
    "last_played_at": _own(
        _("Last played"), FieldKind.DATE, Source.PLAYS, "last_played_at", "track"
    ),
    "album_favourite": _own(
        _("Album is a favourite"), FieldKind.FLAG, Source.FAVOURITE, "", "album"
    ),
    "album_rating": _own(
        _("Rating of the album"), FieldKind.NUMBER, Source.RATING, "stars", "album"
    ),
    "artist_favourite": _own(
        _("Artist is a favourite"), FieldKind.FLAG, Source.FAVOURITE, "", "artist"
    ),
    "artist_rating": _own(
        _("Rating of the artist"), FieldKind.NUMBER, Source.RATING, "stars", "artist"
    ),
    "playlist": SmartField(_("Playlist"), FieldKind.PLAYLIST, Source.PLAYLIST),
}

RANDOM = "random"
SORTABLE = (*(name for name, field in FIELDS.items() if field.is_sortable), RANDOM)
"""The fields by which a smart playlist may be sorted; each may have `-` before it."""
