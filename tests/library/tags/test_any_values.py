"""Whatever the values of a tag are, what is made of them can be stored, and in a short time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.tags import vorbis
from library.tags.assembly import track_tags
from library.tags.audio import Audio, Stream
from library.tags.id3_values import native_tags
from library.tags.native_tags import NativeTags
from library.tags.vocabularies import ID3, names_in
from musproject.environment import DEFAULT_ARTIST_SEPARATORS
from tests.library.tags.storable import assert_storable

FRAMES = sorted({name.partition(":")[0] for name in names_in(ID3)} - {"TXXX"})
FREE = sorted({name.removeprefix("TXXX:") for name in names_in(ID3) if name.startswith("TXXX:")})

words = st.sampled_from(
    [
        "A",
        "B feat. C",
        "; ",
        "/",
        "3/12",
        "B2",
        "2003-05",
        "0000",
        "(",
        ")",
        "\0",
        "\ud800",
        "é",
        "ß",
    ]
)
texts = st.text(st.characters(exclude_categories=()), max_size=12) | st.lists(words).map("".join)
often = settings(max_examples=200, deadline=None, database=None)


def stored_of(tags: NativeTags, separators: tuple[str, ...]) -> None:
    audio = Audio(Stream(1.0, 128_000, 44_100, 2), tags, "mp3")
    assert_storable(track_tags(audio, "/music/a.mp3", 1000, separators))


separators = st.sampled_from([(), DEFAULT_ARTIST_SEPARATORS, (",", "&"), ("(",), (" ",)])


@often
@given(comments=st.lists(st.tuples(st.sampled_from(FREE), texts)), separators=separators)
def test_of_any_comments(comments: list[tuple[str, str]], separators: tuple[str, ...]) -> None:
    stored_of(vorbis.native_tags(comments), separators)


@often
@given(
    frames=st.lists(
        st.tuples(
            st.sampled_from(FRAMES),
            st.binary(max_size=20)
            | st.tuples(st.binary(min_size=1, max_size=1), texts).map(
                lambda pair: pair[0] + pair[1].encode("utf-16-le", "surrogatepass")
            ),
        )
    ),
    separators=separators,
)
def test_of_any_frames(frames: list[tuple[str, bytes]], separators: tuple[str, ...]) -> None:
    stored_of(native_tags(iter(frames)), separators)


@pytest.mark.parametrize(
    "text",
    [
        *(" " * 1999 + "x", "(" * 2000, "; " * 1000, "A feat. " * 250, "A (" * 600),
        *("1" * 2000, "1-" * 1000, "A/" * 1000, "é" * 2000, "Я" * 2000, "АБВ " * 500),
    ],
)
def test_long_texts_in_all_fields_take_no_time(text: str) -> None:
    """Patterns that take quadratic time would take minutes."""
    comments = [(name, text + str(number)) for name in FREE for number in range(100)]
    stored_of(vorbis.native_tags(comments), DEFAULT_ARTIST_SEPARATORS)
