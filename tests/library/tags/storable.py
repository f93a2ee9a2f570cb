"""What every `TrackTags` must be, whatever file it came from: fit for the database."""

import math
import re
import uuid

from library.tags import TrackTags
from library.tags.assembly import MAX_INTEGER, MAX_SMALL_INTEGER
from library.tags.cleaning import MAX_NUMBER, MAX_TEXT_LENGTH, MAX_VALUES


def assert_storable(tags: TrackTags) -> None:
    for field, value in tags._asdict().items():
        if isinstance(value, tuple):
            assert len(value) <= MAX_VALUES
            assert all(value), field
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                assert_storable_text(text)
    for contributor in tags.contributors:
        assert contributor.name
        for text in contributor:
            assert_storable_text(text)
    assert tags.title
    assert tags.artist
    assert tags.artists
    assert_storable_numbers(tags)
    assert_aligned(tags)


def assert_storable_text(text: str) -> None:
    text.encode("utf-8")  # PostgreSQL and SQLite take no lone surrogate, PostgreSQL no NUL
    assert "\0" not in text
    assert len(text) <= MAX_TEXT_LENGTH
    assert text == text.strip()


def assert_storable_numbers(tags: TrackTags) -> None:
    assert math.isfinite(tags.duration_s)
    assert tags.duration_s >= 0
    for value in (tags.bitrate_kbps, tags.sample_rate_hz):
        assert type(value) is int
        assert 0 <= value <= MAX_INTEGER
    assert type(tags.channels) is int
    assert 0 <= tags.channels <= MAX_SMALL_INTEGER
    assert len(tags.codec) <= 16
    numbers = (
        *(tags.track_number, tags.track_total, tags.disc_number, tags.disc_total),
        *(tags.movement_number, tags.movement_total),
    )
    assert all(number is None or 0 < number <= MAX_NUMBER for number in numbers)
    assert tags.year is None or 1000 <= tags.year <= 9999
    assert tags.bpm is None or 0 < tags.bpm <= 1000
    for date in (tags.original_date, tags.release_date):
        assert re.fullmatch("|([1-9][0-9]{3}(-[01][0-9](-[0-3][0-9])?)?)", date)
    assert tags.explicit_status in {"", "explicit", "clean"}
    gains = (tags.replaygain_track_gain_db, tags.replaygain_album_gain_db)
    assert all(gain is None or abs(gain) <= 100 for gain in gains)
    peaks = (tags.replaygain_track_peak, tags.replaygain_album_peak)
    assert all(peak is None or 0 <= peak <= 100 for peak in peaks)


def assert_aligned(tags: TrackTags) -> None:
    """What belongs to names by position is there for each, or for none."""
    assert len(tags.artist_sort_names) in {0, len(tags.artists)}
    assert len(tags.album_artist_sort_names) in {0, len(tags.album_artists)}
    assert len(tags.composer_sort_names) in {0, len(tags.composers)}
    assert len(tags.musicbrainz_artist_ids) in {0, len(tags.artists)}
    assert len(tags.musicbrainz_album_artist_ids) in {0, len(tags.album_artists)}
    ids = (*tags.musicbrainz_artist_ids, *tags.musicbrainz_album_artist_ids)
    single = (
        *(tags.musicbrainz_recording_id, tags.musicbrainz_track_id),
        *(tags.musicbrainz_release_id, tags.musicbrainz_release_group_id),
    )
    for each in (*ids, *single):
        assert not each or str(uuid.UUID(each)) == each
