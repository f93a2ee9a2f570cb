"""Makes `TrackTags` of a file's native tags and of what its stream says (duration, bit rate, …)."""

from collections.abc import Sequence
from typing import Any

from library.tags import cleaning, contributors, numbering, places, release
from library.tags.audio import Audio
from library.tags.credits import Credit, credit
from library.tags.lyrics_text import SYNCED, kind_of
from library.tags.native_tags import NativeTags, cover_id
from library.tags.remembering import Fields, of_fields
from library.tags.track_tags import UNKNOWN_ARTIST, TrackTags
from library.tags.vocabularies import SPARE

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


_DEFAULTS = TrackTags("")._asdict()
"""All fields in their order."""


def track_tags(
    audio: Audio, path: str, size_bytes: int, artist_separators: tuple[str, ...] = ()
) -> TrackTags:
    fields = audio.tags.values
    album = _album(fields, artist_separators)
    found: dict[str, Any] = {
        **_DEFAULTS,
        "title": cleaning.first_text(fields.get("title", ())) or cleaning.title_from(path),
        "musicbrainz_recording_id": _only(fields.get("musicbrainz_recording", ())),
        "musicbrainz_track_id": _only(fields.get("musicbrainz_track", ())),
        "codec": audio.codec,
        "audio_digest": audio.digest,
        "embedded_cover_id": cover_id(audio.tags.cover()),
        **_artist(fields, artist_separators),
        **(_composer(fields, artist_separators) if not _COMPOSED.isdisjoint(fields) else {}),
        **(_contributors(fields, artist_separators) if not _CREDITED.isdisjoint(fields) else {}),
        **(_details(fields, ()) if not _SELDOM.isdisjoint(fields) else {}),
        **_dates_and_genres(fields, ()),
        **album,
        **places.of_track(fields, album),
        **_lyrics(audio.tags),
        **_gain("track", fields),
        **_stream(audio, size_bytes),
    }
    # Given by keyword, more than 60 values would take several times as long. A wrong name is still
    # noticed, since there would be too many values.
    return TrackTags._make(found.values())


def _lyrics(tags: NativeTags) -> dict[str, Any]:
    """The kind and language of the best lyrics: synced ones before plain ones."""
    first: dict[str, Any] = {}
    for each in tags.lyrics():
        kind = kind_of(each.text)
        if kind == SYNCED or (kind and not first):
            first = {"lyrics_kind": kind, "lyrics_language": each.language}
        if kind == SYNCED:
            break
    return first


@of_fields("artist", "artists", "artist_sort", "musicbrainz_artists")
def _artist(fields: Fields, artist_separators: tuple[str, ...]) -> dict[str, Any]:
    artist = credit("artist", fields, artist_separators)
    if not artist.names:
        artist = Credit(UNKNOWN_ARTIST, "", (UNKNOWN_ARTIST,))
    return {
        "artist": artist.text,
        "artist_sort": artist.sort_text,
        "artists": artist.names,
        "artist_sort_names": artist.sort_names,
        "musicbrainz_artist_ids": artist.ids,
    }


_COMPOSED = frozenset({"composer", "composers"})


@of_fields("composer", "composers", "composer_sort")
def _composer(fields: Fields, artist_separators: tuple[str, ...]) -> dict[str, Any]:
    composer = credit("composer", fields, artist_separators)
    return {
        "composer": composer.text,
        "composer_sort": composer.sort_text,
        "composers": composer.names,
        "composer_sort_names": composer.sort_names,
    }


_CREDITED = frozenset(contributors.FIELDS)


@of_fields(*contributors.FIELDS)
def _contributors(fields: Fields, artist_separators: tuple[str, ...]) -> dict[str, Any]:
    return {"contributors": contributors.contributors(fields, artist_separators)}


@of_fields(
    *("album", "album_sort", "album_artist", "album_artists", "album_artist_sort"),
    *("musicbrainz_album_artists", "musicbrainz_release", "musicbrainz_release_group"),
    *("compilation", "release_type", "edition", "label", "catalogue_number", *places.OF_DISC),
    *("r128_album_gain", "album_gain", "album_peak"),
)
def _album(fields: Fields, artist_separators: tuple[str, ...]) -> dict[str, Any]:
    """The values that are usually equal for all tracks of an album."""
    album_artist = credit("album_artist", fields, artist_separators)
    return {
        "album": cleaning.first_text(fields.get("album", ())),
        "album_sort": cleaning.first_text(fields.get("album_sort", ())),
        "album_artist": album_artist.text,
        "album_artist_sort": album_artist.sort_text,
        "album_artists": album_artist.names,
        "album_artist_sort_names": album_artist.sort_names,
        "musicbrainz_album_artist_ids": album_artist.ids,
        "compilation": cleaning.is_true(fields.get("compilation", ())),
        "release_types": release.types(fields),
        "edition": cleaning.first_text(fields.get("edition", ())),
        "labels": release.labels(fields),
        "catalogue_number": release.catalogue_number(fields),
        "musicbrainz_release_id": _only(fields.get("musicbrainz_release", ())),
        "musicbrainz_release_group_id": _only(fields.get("musicbrainz_release_group", ())),
        **places.of_disc(fields),
        **_gain("album", fields),
    }


@of_fields("date", "release_date", "original_date", "genre")
def _dates_and_genres(fields: Fields, _: tuple[str, ...]) -> dict[str, Any]:
    """The values that are often equal for all tracks of an album, and often not."""
    found = release.genres(fields)
    return {
        "genre": found[0] if found else "",
        "genres": found,
        **release.release_dates(fields),
    }


_SELDOM = frozenset(
    {
        *("title_sort", "mood", "bpm", "comment", "grouping", "isrc", "work", "movement"),
        *("movement_number", f"movement_number{SPARE}", "movement_total", "explicit", "rating"),
    }
)


@of_fields(*_SELDOM)
def _details(fields: Fields, _: tuple[str, ...]) -> dict[str, Any]:
    """The values that most files do not have."""
    number = numbering.numbers(fields.get("movement_number", ()))
    total = numbering.numbers(fields.get("movement_total", ()))
    return {
        "title_sort": cleaning.first_text(fields.get("title_sort", ())),
        "moods": release.listed(fields.get("mood", ())),
        "bpm": cleaning.bpm(fields.get("bpm", ())),
        "comment": cleaning.first_text(fields.get("comment", ())),
        "grouping": cleaning.first_text(fields.get("grouping", ())),
        "isrc": cleaning.isrcs(fields.get("isrc", ())),
        "work": cleaning.first_text(fields.get("work", ())),
        "movement": cleaning.first_text(fields.get("movement", ())) or _movement(fields),
        "movement_number": number.number,
        "movement_total": number.total or total.number,
        "explicit_status": cleaning.explicit_status(
            (*fields.get("explicit", ()), *filter(str.isalpha, fields.get("rating", ())))
        ),
    }


def _movement(fields: Fields) -> str:
    """The name of the movement, if it stands where other taggers write its number."""
    for field in (f"movement_number{SPARE}", "movement_number"):
        text = cleaning.first_text(fields.get(field, ()))
        if any(map(str.isalpha, text)) and not numbering.number(text).total:
            return text
    return ""


def _only(values: Sequence[str]) -> str:
    """The id, if there is exactly one. Of several it is unknown which one is meant."""
    ids = cleaning.musicbrainz_ids(values) if values else ()
    return ids[0] if len(ids) == 1 else ""


def _gain(scope: str, fields: Fields) -> dict[str, Any]:
    """The gain and peak of `scope`, "track" or "album". Opus has its own tags for gains (R128),
    which take precedence. iTunes' Sound Check stands in for a track's gain."""
    in_r128 = fields.get(f"r128_{scope}_gain")
    gain_db = cleaning.r128_gain_db(in_r128) if in_r128 else None
    if gain_db is None:
        gain_db = cleaning.gain_db(fields.get(f"{scope}_gain", ()))
    if gain_db is None and scope == "track":
        gain_db = cleaning.sound_check_gain_db(fields.get("sound_check", ()))
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
