"""Makes `TrackTags` of a file's native tags and of what its stream says (duration, bit rate, …)."""

from collections.abc import Sequence
from typing import Any

from library.tags import cleaning
from library.tags.audio import Audio
from library.tags.credits import Credit, credit
from library.tags.native_tags import cover_id
from library.tags.remembering import Fields, of_fields
from library.tags.track_tags import UNKNOWN_ARTIST, TrackTags

MAX_INTEGER = 2_147_483_647
MAX_SMALL_INTEGER = 32_767
MAX_BIT_DEPTH = 64
LOSSLESS = frozenset(
    {"alac", "ape", "dsd", "flac", "mlp", "pcm", "truehd", "tta", "wavpack", "wmalossless"}
)
"""The codecs whose samples have a number of bits."""
OPUS_RATE_HZ = 48_000
"""Opus is always decoded at this rate, whatever the rate of the original (RFC 7845, section 5.1).
"""


def track_tags(
    audio: Audio, path: str, size_bytes: int, artist_separators: tuple[str, ...] = ()
) -> TrackTags:
    fields = audio.tags.values
    tags = TrackTags(
        title=cleaning.first_text(fields.get("title", ())) or cleaning.title_from(path),
        musicbrainz_recording_id=_only(fields.get("musicbrainz_recording", ())),
        codec=audio.codec,
        audio_digest=audio.digest,
        embedded_cover_id=cover_id(audio.tags.cover()),
        **_artist(fields, artist_separators),
        **_composer(fields, artist_separators),
        **_album(fields, artist_separators),
        **_track_number(fields),
        **_gain("track", fields),
        **_stream(audio, size_bytes),
    )
    if tags.year is None and "original_date" in fields:
        return tags._replace(year=cleaning.year(fields["original_date"]))
    return tags


@of_fields("artist", "artists", "artist_sort", "musicbrainz_artists")
def _artist(fields: Fields, artist_separators: tuple[str, ...]) -> dict[str, Any]:
    artist = credit("artist", fields, artist_separators)
    if not artist.names:
        artist = Credit(UNKNOWN_ARTIST, (UNKNOWN_ARTIST,))
    return {
        "artist": artist.text,
        "artists": artist.names,
        "artist_sort_names": artist.sort_names,
        "musicbrainz_artist_ids": artist.ids,
    }


@of_fields("composer", "composers")
def _composer(fields: Fields, artist_separators: tuple[str, ...]) -> dict[str, Any]:
    composer = credit("composer", fields, artist_separators)
    return {"composer": composer.text, "composers": composer.names}


@of_fields(
    *("album", "album_artist", "album_artists", "album_artist_sort", "musicbrainz_album_artists"),
    *("date", "genre", "compilation", "musicbrainz_release", "disc", "disc_total"),
    *("r128_album_gain", "album_gain", "album_peak"),
)
def _album(fields: Fields, artist_separators: tuple[str, ...]) -> dict[str, Any]:
    """The values that are usually equal for all tracks of an album."""
    album_artist = credit("album_artist", fields, artist_separators)
    number, total = _number_and_total("disc", fields)
    return {
        "album": cleaning.first_text(fields.get("album", ())),
        "album_artist": album_artist.text,
        "album_artists": album_artist.names,
        "album_artist_sort_names": album_artist.sort_names,
        "musicbrainz_album_artist_ids": album_artist.ids,
        "year": cleaning.year(fields.get("date", ())),
        "genre": cleaning.text("; ".join(cleaning.texts(fields.get("genre", ())))),
        "compilation": cleaning.is_true(fields.get("compilation", ())),
        "musicbrainz_release_id": _only(fields.get("musicbrainz_release", ())),
        "disc_number": number,
        "disc_total": total,
        **_gain("album", fields),
    }


def _only(values: Sequence[str]) -> str:
    """The id, if there is exactly one. Of several it is unknown which one is meant."""
    ids = set(cleaning.musicbrainz_ids(values))
    return ids.pop() if len(ids) == 1 else ""


def _track_number(fields: Fields) -> dict[str, Any]:
    number, total = _number_and_total("track", fields)
    return {"track_number": number, "track_total": total}


def _number_and_total(kind: str, fields: Fields) -> tuple[int | None, int | None]:
    number, total = cleaning.number_and_total(fields.get(kind, ()))
    if total is None:
        total, _ = cleaning.number_and_total(fields.get(f"{kind}_total", ()))
    return number, total


def _gain(scope: str, fields: Fields) -> dict[str, Any]:
    """The gain and peak of `scope`, "track" or "album". Opus has its own tags for gains (R128),
    which take precedence."""
    gain_db = cleaning.r128_gain_db(fields.get(f"r128_{scope}_gain", ()))
    if gain_db is None:
        gain_db = cleaning.gain_db(fields.get(f"{scope}_gain", ()))
    return {
        f"replaygain_{scope}_gain_db": gain_db,
        f"replaygain_{scope}_peak": cleaning.peak(fields.get(f"{scope}_peak", ())),
    }


def _stream(audio: Audio, size_bytes: int) -> dict[str, Any]:
    info = audio.info
    seconds = cleaning.seconds(getattr(info, "length", 0) or 0)
    bits_per_second = cleaning.count(getattr(info, "bitrate", 0) or 0, MAX_INTEGER)
    if not seconds and bits_per_second:
        # Some readers find no length where a file does not state it, such as fragmented MP4. Sound
        # that is empty has no bit rate.
        seconds = cleaning.seconds(size_bytes * 8 / bits_per_second)
    if not bits_per_second and seconds:
        bits_per_second = cleaning.count(size_bytes * 8 / seconds, MAX_INTEGER)
    bits = getattr(info, "bits_per_sample", 0) or 0
    rate_hz = OPUS_RATE_HZ if audio.codec == "opus" else getattr(info, "sample_rate", 0) or 0
    return {
        "duration_s": seconds,
        "bitrate_kbps": round(bits_per_second / 1000),
        "sample_rate_hz": cleaning.count(rate_hz, MAX_INTEGER),
        "bit_depth": bits if audio.codec in LOSSLESS and 0 < bits <= MAX_BIT_DEPTH else 0,
        "channels": cleaning.count(getattr(info, "channels", 0) or 0, MAX_SMALL_INTEGER),
    }
