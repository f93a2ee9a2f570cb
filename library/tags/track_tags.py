"""The result of reading an audio file, which is the same for all formats."""

from typing import NamedTuple

UNKNOWN_ARTIST = "Unknown Artist"


class Contributor(NamedTuple):
    """Someone whom a file credits in a role other than artist, album artist and composer.

    `role`: conductor, lyricist, arranger, remixer, producer or performer. `instrument`: what a
    performer plays; empty if the file does not say.
    """

    role: str
    name: str
    instrument: str = ""


class TrackTags(NamedTuple):
    """The tags of a file and the properties of its stream, cleaned: without NULs and lone
    surrogates, and with all numbers in range.

    `artists`, `album_artists` and `composers` hold single names. `artist`, `album_artist` and
    `composer` are the credits as shown, such as "A feat. B". The sort names and MusicBrainz ids
    belong to the names at the same positions; they are empty unless there is one for each name.

    A named tuple, because that is the cheapest to send from one process to another.
    """

    title: str
    title_sort: str = ""
    artist: str = UNKNOWN_ARTIST
    artist_sort: str = ""
    artists: tuple[str, ...] = (UNKNOWN_ARTIST,)
    artist_sort_names: tuple[str, ...] = ()
    album: str = ""
    album_sort: str = ""
    album_artist: str = ""
    album_artist_sort: str = ""
    album_artists: tuple[str, ...] = ()
    album_artist_sort_names: tuple[str, ...] = ()
    composer: str = ""
    composer_sort: str = ""
    composers: tuple[str, ...] = ()
    composer_sort_names: tuple[str, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    """Everyone else who is credited, in the order of the file."""
    track_number: int | None = None
    track_total: int | None = None
    disc_number: int | None = None
    disc_total: int | None = None
    disc_subtitle: str = ""
    year: int | None = None
    """Of the release; of the original release if the file names no other."""
    original_date: str = ""
    """As ISO 8601, as precise as the file says: `1973`, `1973-03` or `1973-03-01`."""
    release_date: str = ""
    genre: str = ""
    """The first of `genres`."""
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    compilation: bool = False
    release_types: tuple[str, ...] = ()
    """In lower case, the primary type first, as MusicBrainz names them: `album`, `live`, …"""
    edition: str = ""
    labels: tuple[str, ...] = ()
    catalogue_number: str = ""
    bpm: float | None = None
    comment: str = ""
    grouping: str = ""
    isrc: tuple[str, ...] = ()
    work: str = ""
    movement: str = ""
    movement_number: int | None = None
    movement_total: int | None = None
    explicit_status: str = ""
    """`explicit`, `clean`, or empty if the file says nothing."""
    musicbrainz_recording_id: str = ""
    musicbrainz_track_id: str = ""
    musicbrainz_release_id: str = ""
    musicbrainz_release_group_id: str = ""
    musicbrainz_artist_ids: tuple[str, ...] = ()
    musicbrainz_album_artist_ids: tuple[str, ...] = ()
    replaygain_track_gain_db: float | None = None
    replaygain_track_peak: float | None = None
    replaygain_album_gain_db: float | None = None
    replaygain_album_peak: float | None = None
    duration_s: float = 0.0
    bitrate_kbps: int = 0
    sample_rate_hz: int = 0
    bit_depth: int = 0
    """Bits of a sample; 0 for lossy codecs, which have none."""
    channels: int = 0
    codec: str = ""
    lyrics_kind: str = ""
    """Of the embedded lyrics: `synced`, `plain`, or empty if there are none."""
    lyrics_language: str = ""
    """ISO 639-2, as in `eng`; empty if the file does not say."""
    audio_digest: str = ""
    """Identifies the sound: see `library.tags.audio_digest`. Empty if there is none."""
    embedded_cover_id: str = ""
    """A digest of the embedded picture's bytes; empty if there is no picture."""
