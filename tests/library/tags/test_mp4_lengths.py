"""How long MP4 files are said to be: what the container states, else what its samples add up to."""

from pathlib import Path

import pytest

from tests.audio_files import JPEG
from tests.library.tags import mp4_files as made
from tests.library.tags.mp4_files import MDAT, RATE, SOUND, UNKNOWN, read_alike

BOOK_S = 40 * 60 * 60
"""Longer than 32 bits hold at 44.1 kHz."""


@pytest.mark.parametrize(
    ("track", "seconds"),
    [
        (made.track(), 10),
        (made.track(is_long=True), 10),
        (made.track(samples=None), 10),
        (made.track(length=0), 10),
        (made.track(length=UNKNOWN), 10),
        (made.track(length=2**64 - 1, is_long=True), 10),
        (made.track(length=0, scale=0), 10),
        (made.track(length=BOOK_S * RATE, samples=(BOOK_S, RATE), is_long=True), BOOK_S),
        (made.track(length=BOOK_S * RATE % 2**32, samples=(BOOK_S, RATE)), BOOK_S),
        # Nothing but the header of the whole movie.
        (made.track(length=0, samples=None), 9),
        # More than there is: what there is.
        (made.track(length=99 * RATE), 10),
    ],
)
def test_the_length_is_stated_or_that_of_the_samples(
    tmp_path: Path, track: bytes, seconds: float
) -> None:
    tags = read_alike(tmp_path / "a.m4a", MDAT, made.movie(track, length=9_000))
    assert tags.duration_s == seconds


def test_a_file_without_any_length_takes_it_from_its_sound(tmp_path: Path) -> None:
    """The size of its audio data counts, not that of a picture; without any there is no length."""
    description = made.entry(b"mp4a", made.esds(bitrate=8 * len(SOUND)))
    track = made.track(description, length=0, samples=None)
    index = made.movie(track, made.tagged(made.item("covr", JPEG + bytes(50_000))))
    assert read_alike(tmp_path / "a.m4a", MDAT, index).duration_s == 1
    assert read_alike(tmp_path / "a.m4a", index).duration_s == 0


@pytest.mark.parametrize(
    ("edits", "seconds"),
    [
        (made.edits((9_000, 1024)), 9),
        (made.edits((9_000, 1024), is_long=True), 9),
        (made.edits((500, -1), (9_000, 0)), 9),
        (made.edits((2_000, 0), (3_000, 5 * RATE)), 5),
        # To the end, longer than the sound, at half the speed: nothing to go by.
        (made.edits((0, 1024)), 10),
        (made.edits((99_000, 0)), 10),
        (made.edits((20_000, 0), speed=1 << 15), 10),
        (made.edits((500, -1)), 10),
        (made.edits(), 10),
    ],
)
def test_what_an_edit_leaves_out_does_not_count(
    tmp_path: Path, edits: bytes, seconds: float
) -> None:
    tags = read_alike(tmp_path / "a.m4a", MDAT, made.movie(made.track(None, edits)))
    assert tags.duration_s == seconds


EMPTY = made.track(length=0, samples=None)
SECOND = made.fragment(made.run(*[RATE // 10] * 10))


@pytest.mark.parametrize(
    ("index", "fragments", "seconds"),
    [
        ((EMPTY, made.extends()), [SECOND, MDAT] * 3, 3),
        ((EMPTY,), [SECOND, MDAT] * 3, 3),
        ((EMPTY, made.extends(total=5_000)), [SECOND, MDAT] * 3, 5),
        ((EMPTY, made.extends(total=5_000, is_long=True)), [SECOND, MDAT] * 3, 5),
        ((EMPTY, made.extends(total=UNKNOWN)), [SECOND, MDAT] * 3, 3),
        ((made.track(length=5 * RATE, samples=None), made.extends()), [SECOND, MDAT] * 3, 5),
        # The index holds the beginning; the fragments come on top.
        ((made.track(), made.extends()), [SECOND, MDAT] * 3, 13),
        ((made.track(), made.extends()), [], 10),
        # Lengths by default: of the movie, and of the fragment.
        ((EMPTY, made.extends(default=RATE)), [made.fragment(made.run(count=4)), MDAT], 4),
        (
            (EMPTY, made.extends(default=1)),
            [made.fragment(made.run(count=4), default=RATE), MDAT],
            4,
        ),
        (
            (EMPTY, made.extends()),
            [made.fragment(made.run(count=2), made.run(count=3), default=RATE, base=True), MDAT],
            5,
        ),
        ((EMPTY, made.extends()), [made.fragment(made.run(RATE, RATE, other_fields=True))], 2),
        # Of another track.
        ((EMPTY, made.extends()), [SECOND, made.fragment(made.run(RATE), number=2), MDAT], 1),
        # An index of segments, several, one of another track, and one that points to another.
        ((EMPTY, made.extends()), [made.segments(RATE, RATE), SECOND, MDAT], 2),
        ((EMPTY, made.extends()), [made.segments(1, 1, scale=1, is_long=True), SECOND, MDAT], 2),
        ((EMPTY, made.extends()), [made.segments(RATE), SECOND, MDAT] * 3, 3),
        ((EMPTY, made.extends()), [made.segments(RATE * 9, number=2), SECOND, MDAT], 1),
        (
            (EMPTY, made.extends()),
            [made.segments(RATE * 9, to_index=True), made.segments(RATE), SECOND, MDAT],
            1,
        ),
        ((EMPTY, made.extends()), [made.box(b"moof", b"short"), SECOND, MDAT], 1),
        # Nothing says anything but the header of the movie.
        ((EMPTY, made.extends()), [made.fragment(made.run(count=4)), MDAT], 9),
    ],
)
def test_fragments_are_counted(
    tmp_path: Path, index: tuple[bytes, ...], fragments: list[bytes], seconds: float
) -> None:
    tags = read_alike(tmp_path / "a.m4a", made.movie(*index, length=9_000), *fragments)
    assert tags.duration_s == pytest.approx(seconds)
