"""How the API writes tracks: in lists, alone, and what is told of them when it is asked for."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from api.own import WithOwn
from api.values import one_of
from library.models.catalogue import ArtistRole

ROLE_NAMES = {role.value: role.label.replace(" ", "_") for role in ArtistRole}
"""The names of roles in the API, in the order in which credits are told."""
CREDITED_ROLES = tuple(ROLE_NAMES.values())


class TrackRow(Schema):
    """A track in a list."""

    id: int
    title: str
    artist: str = Field(description="As the file names it, several artists in one text.")
    artists: list[str]
    artist_ids: list[int] = Field(description="Of `artists`, in their order.")
    album: str = Field(description="The album's title; empty if the file names none.")
    album_id: int | None
    album_disambiguation: str = Field(
        description="What tells the album from another one of its name; empty if there is no other."
    )
    album_artist: str
    track_number: int | None
    disc_number: int | None
    year: int | None = Field(description="Of this release.")
    first_year: int | None = Field(
        description="Of the original release, else `year`; lists are sorted by it."
    )
    genre: str = Field(description="The first of `genres`, or empty.")
    genres: list[str]
    explicit_status: str = Field(description="`explicit`, `clean`, or empty if it is not known.")
    duration_s: float
    composer: str
    work: str
    movement: str
    movement_number: int | None
    has_cover: bool
    cover_id: str = Field(description="Identifies the picture; empty if there is none.")
    added_at: datetime
    revision: int = Field(description="The library's revision that last changed the track.")


class CreditRow(Schema):
    """A role of an artist in a track."""

    role: one_of(CREDITED_ROLES)  # type: ignore[valid-type]
    artist_id: int
    name: str
    instrument: str = Field(description="What a performer plays; empty if it is not known.")


class TrackDetail(TrackRow):
    """A track with everything that mus knows about it."""

    album_artist_ids: list[int]
    composer_ids: list[int]
    credits: list[CreditRow] = Field(description="Everybody in every role, in the file's order.")
    title_sort: str = Field(description="For sorting, as `Zoo, The`; empty if the file has none.")
    artist_sort: str
    album_sort: str
    album_artist_sort: str
    composer_sort: str
    disc_subtitle: str
    original_date: str = Field(description="As precise as known: `1973`, `1973-03`, `1973-03-01`.")
    release_date: str
    release_types: list[str] = Field(description="In lower case, as `album`, `live`.")
    edition: str
    labels: list[str]
    catalogue_number: str
    moods: list[str]
    bpm: float | None
    comment: str
    grouping: str
    isrc: list[str]
    movement_total: int | None
    musicbrainz_track_id: str
    musicbrainz_release_group_id: str
    bit_depth: int = Field(description="0 for lossy codecs.")
    lyrics_kind: str = Field(description="`synced`, `plain`, or empty if there are none.")
    lyrics_language: str
    track_total: int | None
    disc_total: int | None
    compilation: bool
    musicbrainz_recording_id: str
    musicbrainz_release_id: str
    musicbrainz_artist_ids: list[str]
    replaygain_track_gain_db: float | None
    replaygain_track_peak: float | None
    replaygain_album_gain_db: float | None
    replaygain_album_peak: float | None
    bitrate_kbps: int
    sample_rate_hz: int
    channels: int
    codec: str
    root: str = Field(description="The music folder. For administrators; empty for others.")
    path: str = Field(
        description="Relative to `root`. A byte that is not UTF-8 is written as U+FFFD and two "
        "hexadecimal digits. For administrators; empty for others."
    )
    mtime_ns: int = Field(description="The file's modification time; 0 if it is not known.")
    size_bytes: int
    updated_at: datetime
    missing_since: datetime | None = Field(description="When the file was found missing, if it is.")


class TrackFile(Schema):
    """The file of a track in a list."""

    codec: str
    bitrate_kbps: int
    sample_rate_hz: int
    bit_depth: int = Field(description="0 for lossy codecs.")
    channels: int
    size_bytes: int
    path: str = Field(description="For administrators; empty for others.")


class TrackGain(Schema):
    """The ReplayGain of a track in a list, in decibels, and its peaks, where 1 is full scale."""

    replaygain_track_gain_db: float | None
    replaygain_track_peak: float | None
    replaygain_album_gain_db: float | None
    replaygain_album_peak: float | None


class GroupName(Schema):
    id: int
    name: str


class TrackGroups(Schema):
    """What a track in a list belongs to."""

    artists: list[GroupName] = Field(description="Its artists and album artists.")
    composers: list[GroupName]
    genres: list[GroupName]
    labels: list[GroupName] = Field(description="Of its album.")


class ListedTrack(WithOwn, TrackRow):
    """A track in a list, with what the user made of it."""

    file: TrackFile | None = Field(None, description="Only there with `file=true`.")
    gain: TrackGain | None = Field(None, description="Only there with `gain=true`.")
    groups: TrackGroups | None = Field(None, description="Only there with `groups=true`.")


class TrackList(Schema):
    count: int = Field(description="The number of tracks on all pages.")
    revision: int = Field(description="The library's revision: rises with each change.")
    results: list[ListedTrack]


class TrackIds(Schema):
    count: int
    revision: int
    ids: list[int]


class TrackFileRow(Schema):
    """The file of a track as the last scan found it."""

    id: int
    revision: int = Field(description="The library's revision that last changed the track.")
    size_bytes: int
    mtime_ns: int = Field(description="The file's modification time; 0 if it is not known.")


class TrackFiles(Schema):
    results: list[TrackFileRow]
