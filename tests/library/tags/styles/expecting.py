"""What mus reads of a track that is written in a tagger's style: every field of its tags."""

from typing import Any

from library.tags import TrackTags
from library.tags.track_tags import Contributor
from tests.library.tags.styles import taggers
from tests.library.tags.styles.records import Track, an_id
from tests.library.tags.styles.taggers import Style
from tests.library.tags.styles.writing import values_of

ROLES = ("conductor", "lyricist", "arranger", "remixer", "producer")
TEXTS = ("title_sort", "album_sort", "disc_subtitle", "edition", "comment", "grouping", "work")
STREAM = {
    *("duration_s", "bitrate_kbps", "sample_rate_hz", "bit_depth", "channels", "codec"),
    *("audio_digest", "embedded_cover_id", "lyrics_kind", "lyrics_language"),
}


def expected(track: Track, style: Style) -> dict[str, Any]:
    """All fields of TrackTags except those of the stream."""
    has = style.names.keys()
    found = TrackTags(title=track.title, album=track.album, album_artist=track.album_artist)
    tags: dict[str, Any] = {k: v for k, v in found._asdict().items() if k not in STREAM}
    tags |= {field: getattr(track, field) for field in (*TEXTS, "movement") if field in has}
    tags |= _artists(track, style) | _composers(track, style) | _places(track, style)
    tags |= _dates(track, style) | _lists(track, style) | _ids(track, style)
    tags["contributors"] = _contributors(track, style)
    tags["album_artists"] = track.album_artists
    if "album_artist_sort" in has:
        tags["album_artist_sort_names"] = track.album_artist_sorts
        tags["album_artist_sort"] = track.album_artist_sorts[0]
    return tags | _seldom(track, style)


def _seldom(track: Track, style: Style) -> dict[str, Any]:
    has = style.names.keys()
    found: dict[str, Any] = {
        field: getattr(track, field)
        for field in ("bpm", "compilation", "catalogue_number")
        if field in has
    }
    if "advisory" in has:
        found["explicit_status"] = ("", "explicit", "clean")[track.advisory]
    if "track_gain" in has:
        gains = zip(GAINS, track.gains, strict=True)
        found |= {f"replaygain_{scope}_{kind}": value for (scope, kind), value in gains}
    if "sound_check" in has:
        found["replaygain_track_gain_db"] = -3.01  # ten times the logarithm of 2
    return found


GAINS = (("track", "gain_db"), ("track", "peak"), ("album", "gain_db"), ("album", "peak"))


def _artists(track: Track, style: Style) -> dict[str, Any]:
    is_list = style.repeats or "artists" in style.names
    names = track.artists if is_list else track.credited or track.artists
    found: dict[str, Any] = {
        "artist": ", ".join(track.artists) if style.repeats else track.artist,
        "artists": names,
    }
    if "artist_sort" in style.names:
        texts = values_of("artist_sort", track, style)
        found["artist_sort"] = "; ".join(texts)
        sorts = tuple(texts) if style.repeats else SORTS.get(texts[0], tuple(texts))
        found["artist_sort_names"] = sorts if len(sorts) == len(names) else ()
    return found


SORTS = {
    "Møller, Ana feat. Pedro, Zé": ("Møller, Ana", "Pedro, Zé"),
    "Ruiz, Marta; Berlin Players, Anders, Karl": ("Ruiz, Marta", "Berlin Players, Anders, Karl"),
}


def _composers(track: Track, style: Style) -> dict[str, Any]:
    if not track.composers or "composer" not in style.names:
        return {}
    texts = values_of("composer", track, style)
    found: dict[str, Any] = {
        "composer": (style.joined or ", ").join(texts),
        "composers": tuple(texts),
    }
    if "composer_sort" in style.names:
        sorts = values_of("composer_sort", track, style)
        found |= {"composer_sort": "; ".join(sorts), "composer_sort_names": tuple(sorts)}
    return found


def _places(track: Track, style: Style) -> dict[str, Any]:
    has = style.names.keys()
    is_mp4 = style.family == taggers.MP4
    found: dict[str, Any] = {}
    if track.places and not is_mp4:
        number, disc, subtitle = track.places
        return {"track_number": number, "disc_number": disc, "disc_subtitle": subtitle}
    if "track" in has:
        found["track_number"] = int(track.track.lstrip("AB"))
        if is_mp4 or style.slashed or "track_total" in has:
            found["track_total"] = track.track_total
    if "disc" in has:
        found["disc_number"] = track.disc
        if is_mp4 or style.slashed or "disc_total" in has:
            found["disc_total"] = track.disc_total
    if "movement_number" in has:
        found["movement_number"] = track.movement_number
        if style.names["movement_number"] == "MVIN" or "movement_total" in has:
            found["movement_total"] = track.movement_total
    return found


def _dates(track: Track, style: Style) -> dict[str, Any]:
    date = track.date[:4] if style.names["date"] == "TYER" else track.date
    found: dict[str, Any] = {"year": int(track.date[:4]), "release_date": date}
    if "original_date" in style.names:
        is_year = style.names["original_date"] in {"TORY", "ORIGYEAR"}
        found["original_date"] = track.original_date[:4] if is_year else track.original_date
    return found


def _lists(track: Track, style: Style) -> dict[str, Any]:
    has = style.names.keys()
    found: dict[str, Any] = {"genre": track.genres[0], "genres": track.genres}
    if "type" in has:
        found["release_types"] = track.types
    several = (("moods", "mood"), ("labels", "label"), ("isrc", "isrc"))
    return found | {field: getattr(track, field) for field, name in several if name in has}


def _ids(track: Track, style: Style) -> dict[str, Any]:
    if "musicbrainz_recording" not in style.names:
        return {}
    return {
        "musicbrainz_recording_id": an_id(track.number),
        "musicbrainz_track_id": an_id(track.number + 10),
        "musicbrainz_release_id": an_id(track.number + 20),
        "musicbrainz_release_group_id": an_id(track.number + 30),
        "musicbrainz_artist_ids": track.artist_ids(),
        "musicbrainz_album_artist_ids": track.album_artist_ids(),
    }


def _contributors(track: Track, style: Style) -> tuple[Contributor, ...]:
    found = [
        Contributor(role, name)
        for role in ROLES
        if role in style.names
        for name in getattr(track, role)
    ]
    if "performer" in style.names:
        found.extend(Contributor("performer", *each) for each in track.performers)
    return tuple(found)
