"""The result of reading an audio file, which is the same for all formats."""

from typing import NamedTuple

UNKNOWN_ARTIST = "Unknown Artist"


class TrackTags(NamedTuple):
    """The tags of a file and the properties of its stream, cleaned: without NULs and lone
    surrogates, and with all numbers in range.

    `artists`, `album_artists` and `composers` hold single names. `artist`, `album_artist` and
    `composer` are the credits as shown, such as "A feat. B". The sort names and MusicBrainz ids
    belong to the names at the same positions; they are empty unless there is one for each name.

    A named tuple, because that is the cheapest to send from one process to another.
    """

    title: str
    artist: str = UNKNOWN_ARTIST
    artists: tuple[str, ...] = (UNKNOWN_ARTIST,)
    artist_sort_names: tuple[str, ...] = ()
    album: str = ""
    album_artist: str = ""
    album_artists: tuple[str, ...] = ()
    album_artist_sort_names: tuple[str, ...] = ()
    composer: str = ""
    composers: tuple[str, ...] = ()
    track_number: int | None = None
    track_total: int | None = None
    disc_number: int | None = None
    disc_total: int | None = None
    year: int | None = None
    genre: str = ""
    compilation: bool = False
    musicbrainz_recording_id: str = ""
    musicbrainz_release_id: str = ""
    musicbrainz_artist_ids: tuple[str, ...] = ()
    musicbrainz_album_artist_ids: tuple[str, ...] = ()
    replaygain_track_gain_db: float | None = None
    replaygain_track_peak: float | None = None
    replaygain_album_gain_db: float | None = None
    replaygain_album_peak: float | None = None
    duration_s: float = 0.0
    bitrate_kbps: int = 0
    sample_rate_hz: int = 0
    channels: int = 0
    codec: str = ""
    embedded_cover_id: str = ""
    """A digest of the embedded picture's bytes; empty if there is no picture."""
