"""Makes `TrackTags` of a file's native tags and of what its stream says (duration, bit rate, …)."""

import re
from collections.abc import Sequence
from typing import Any

from library.tags import cleaning, contributors, numbering, release
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
_NUMBER_AND_TITLE = re.compile(
    r"(?:(?:cd|disc|disk)\s*)?[0-9]{1,2}\s*[-:.]\s*([^\W\d].*)", re.IGNORECASE
)
OPUS_RATE_HZ = 48_000
"""Opus is always decoded at this rate, whatever the rate of the original (RFC 7845, section 5.1).
"""


def track_tags(
    audio: Audio, path: str, size_bytes: int, artist_separators: tuple[str, ...] = ()
) -> TrackTags:
    fields = audio.tags.values
    return TrackTags(
        title=cleaning.first_text(fields.get("title", ())) or cleaning.title_from(path),
        musicbrainz_recording_id=_only(fields.get("musicbrainz_recording", ())),
        musicbrainz_track_id=_only(fields.get("musicbrainz_track", ())),
        codec=audio.codec,
        audio_digest=audio.digest,
        embedded_cover_id=cover_id(audio.tags.cover()),
        **_artist(fields, artist_separators),
        **_composer(fields, artist_separators),
        **_album(fields, artist_separators),
        **_lyrics(audio.tags),
        **_details(fields, artist_separators),
        **_place(fields),
        **_gain("track", fields),
        **_stream(audio, size_bytes),
    )


def _lyrics(tags: NativeTags) -> dict[str, Any]:
    """The kind and language of the best lyrics: synced ones before plain ones."""
    for is_synced in (True, False):
        for each in tags.lyrics():
            if (kind := kind_of(each.text)) and (kind == SYNCED) == is_synced:
                return {"lyrics_kind": kind, "lyrics_language": each.language}
    return {}


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


@of_fields("composer", "composers", "composer_sort", *contributors.FIELDS)
def _composer(fields: Fields, artist_separators: tuple[str, ...]) -> dict[str, Any]:
    composer = credit("composer", fields, artist_separators)
    return {
        "composer": composer.text,
        "composer_sort": composer.sort_text,
        "composers": composer.names,
        "composer_sort_names": composer.sort_names,
        "contributors": contributors.contributors(fields, artist_separators),
    }


@of_fields(
    *("album", "album_sort", "album_artist", "album_artists", "album_artist_sort"),
    *("musicbrainz_album_artists", "musicbrainz_release", "musicbrainz_release_group"),
    *("date", "release_date", "original_date", "genre", "compilation", "release_type"),
    *("edition", "label", "catalogue_number"),
    *("r128_album_gain", "album_gain", "album_peak"),
)
def _album(fields: Fields, artist_separators: tuple[str, ...]) -> dict[str, Any]:
    """The values that are usually equal for all tracks of an album."""
    album_artist = credit("album_artist", fields, artist_separators)
    found = release.genres(fields)
    return {
        "album": cleaning.first_text(fields.get("album", ())),
        "album_sort": cleaning.first_text(fields.get("album_sort", ())),
        "album_artist": album_artist.text,
        "album_artist_sort": album_artist.sort_text,
        "album_artists": album_artist.names,
        "album_artist_sort_names": album_artist.sort_names,
        "musicbrainz_album_artist_ids": album_artist.ids,
        "genre": found[0] if found else "",
        "genres": found,
        "compilation": cleaning.is_true(fields.get("compilation", ())),
        "release_types": release.types(fields),
        "edition": cleaning.first_text(fields.get("edition", ())),
        "labels": release.labels(fields),
        "catalogue_number": release.catalogue_number(fields),
        "musicbrainz_release_id": _only(fields.get("musicbrainz_release", ())),
        "musicbrainz_release_group_id": _only(fields.get("musicbrainz_release_group", ())),
        **release.release_dates(fields),
        **_gain("album", fields),
    }


_SELDOM = (
    *("title_sort", "mood", "bpm", "comment", "grouping", "isrc", "work", "movement"),
    *("movement_number", f"movement_number{SPARE}", "movement_total", "explicit", "rating"),
)


@of_fields(*_SELDOM)
def _details(fields: Fields, _: tuple[str, ...]) -> dict[str, Any]:
    """The values that most files do not have."""
    if fields.keys().isdisjoint(_SELDOM):
        return {}
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
    if not values:
        return ""
    ids = set(cleaning.musicbrainz_ids(values))
    return ids.pop() if len(ids) == 1 else ""


def _place(fields: Fields) -> dict[str, Any]:
    """The track's place in the release: the numbers of track and disc."""
    disc = _disc(fields, ())
    track = numbering.numbers(fields.get("track", ()))
    spare = (
        numbering.numbers(fields.get(f"track{SPARE}", ())) if f"track{SPARE}" in fields else track
    )
    if spare.side and spare.number == track.number:
        return _place_on_side(spare, disc)
    return {
        "track_number": track.number,
        "track_total": track.total or spare.total or _total("track_total", fields),
        **disc,
        **({"disc_number": track.disc} if track.disc and not disc["disc_number"] else {}),
    }


@of_fields("disc", f"disc{SPARE}", "disc_total", "disc_subtitle")
def _disc(fields: Fields, _: tuple[str, ...]) -> dict[str, Any]:
    disc, spare = (numbering.numbers(fields.get(name, ())) for name in ("disc", f"disc{SPARE}"))
    is_lettered = bool(disc.side)
    return {
        "disc_number": numbering.side_index(disc.side) if is_lettered else disc.number,
        "disc_total": disc.total or spare.total or _total("disc_total", fields),
        "disc_subtitle": cleaning.first_text(fields.get("disc_subtitle", ()))
        or _disc_title(fields),
    }


def _disc_title(fields: Fields) -> str:
    """The title of a disc that stands behind its number: `Disc 1: The Early Days`."""
    found = _NUMBER_AND_TITLE.fullmatch(cleaning.first_text(fields.get("disc", ())))
    return found[1] if found else ""


def _place_on_side(on_side: numbering.Number, disc: dict[str, Any]) -> dict[str, Any]:
    """The place of a track of a record, whose number counts from 1 on each side.

    Each side counts as a disc, since lists are sorted by disc and track. A running number would
    need the other tracks. Totals are left out: they are of the discs or of the whole release. If
    the file has a disc number and its sides start again at A on each disc, they follow those of
    the discs before.
    """
    index = numbering.side_index(on_side.side)
    first_of_disc = 2 * ((disc["disc_number"] or 1) - 1) + 1
    if index < first_of_disc:
        index = first_of_disc + (index - 1) % 2
    return {
        "track_number": on_side.number,
        "disc_number": index,
        "disc_subtitle": disc["disc_subtitle"] or f"Side {on_side.side}",
    }


def _total(field: str, fields: Fields) -> int | None:
    held = fields.get(field)
    return numbering.numbers(held).number if held else None


def _gain(scope: str, fields: Fields) -> dict[str, Any]:
    """The gain and peak of `scope`, "track" or "album". Opus has its own tags for gains (R128),
    which take precedence. iTunes' Sound Check stands in for a track's gain."""
    gain_db = cleaning.r128_gain_db(fields.get(f"r128_{scope}_gain", ()))
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
