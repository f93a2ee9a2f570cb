"""Files of popular taggers: every field of each is what its tagger was told."""

from pathlib import Path

import pytest

from library.tags.reader import read_fully, read_quickly
from musproject.environment import DEFAULT_ARTIST_SEPARATORS
from tests.library.tags.styles.expecting import STREAM, expected
from tests.library.tags.styles.records import TRACKS, Track
from tests.library.tags.styles.taggers import STYLES, Style
from tests.library.tags.styles.writing import write


@pytest.mark.parametrize("track", TRACKS.values(), ids=TRACKS)
@pytest.mark.parametrize("style", STYLES, ids=str)
def test_every_field_of_a_taggers_file_is_read(tmp_path: Path, style: Style, track: Track) -> None:
    path = tmp_path / f"a{style.suffix}"
    write(path, track, style)
    tags = read_fully(str(path), DEFAULT_ARTIST_SEPARATORS)
    read = {field: value for field, value in tags._asdict().items() if field not in STREAM}
    awaited = {
        field: pytest.approx(value, abs=0.001) if isinstance(value, float) else value
        for field, value in expected(track, style).items()
    }
    assert read == awaited
    assert read_quickly(str(path), DEFAULT_ARTIST_SEPARATORS) in {None, tags}


def test_there_are_two_hundred_files() -> None:
    assert len(STYLES) * len(TRACKS) >= 200
