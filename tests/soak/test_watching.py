"""`python -m soak.watching` knows what it has done to the files."""

import os
import random
from pathlib import Path

import pytest

from library.tags.reader import read_tags
from soak.watching import file_changes, folder_changes
from soak.watching.arrivals import moved
from soak.watching.hand import Change, Hand
from soak.watching.kinds import KINDS, Kind
from soak.watching.shelves import Shelves, Shown
from soak.watching.sounds import SUFFIXES, make_sound
from soak.watching.whole import differences, wrong_titles

CHANGES = 80
QUICK = {kind: often for kind, often in KINDS.items() if kind is not file_changes.copy_file}
"""Without what takes seconds."""


@pytest.fixture
def hand(tmp_path: Path) -> Hand:
    music, staging, trash, outside = (tmp_path / name for name in ("m", "staging", "trash", "out"))
    for folder in (music, staging, trash, outside):
        folder.mkdir()
    hand = Hand(Shelves(music, staging, random.Random(1)), (trash,), outside)
    hand.stopping.set()
    for _ in range(4):
        folder = hand.new_folder()
        for _ in range(4):
            hand.bring(folder, moved)
    return hand


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_sound_has_a_digest_of_its_own(tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{number}{suffix}" for number in (1, 2)]
    for number, path in enumerate(paths):
        make_sound(path, number, 40_000, {"title": "a"})
    digests = {read_tags(str(path)).audio_digest for path in paths}
    assert len(digests - {""}) == 2


def test_the_record_equals_the_files(hand: Hand) -> None:
    for _ in range(CHANGES):
        kind: Kind = random.choices(list(QUICK), weights=list(QUICK.values()))[0]
        change = kind(hand)
        assert files_below(hand) == set(hand.shelves.files), kind
        if change:
            assert change.expected == hand.shelves.expected(change.expected)


def test_a_deleted_title_is_expected_to_be_gone(hand: Hand) -> None:
    change = file_changes.delete_file(hand)
    assert change
    assert [*change.expected.values()] == [frozenset()]


def test_many_files_are_counted_and_go_again(hand: Hand) -> None:
    for _ in range(folder_changes.MOST_BULKS):
        change = folder_changes.fill_folder(hand, 3)
        assert change
        assert [*change.counts.values()] == [3]
    gone: Change | None = folder_changes.fill_folder(hand, 3)
    assert gone
    assert [*gone.counts.values()] == [0]
    assert len(hand.bulks) == folder_changes.MOST_BULKS - 1


def test_differences_are_told() -> None:
    track = {
        "id": 1, "title": "Song w1", "album": "a", "path": "a.mp3", "artist": "x",
        "size_bytes": 3, "cover_id": "", "lyrics_kind": "",
    }  # fmt: skip
    shown = Shown("a.mp3", "x", 3, "", has_lyrics=False)
    assert wrong_titles({1: track}, {"w1": frozenset({shown})}) == []
    assert len(wrong_titles({1: track}, {})) == 1
    assert len(wrong_titles({}, {"w1": frozenset({shown})})) == 1
    before, after = {"tracks": {1: track}}, {"tracks": {1: track | {"path": "b.mp3"}}}
    assert differences(before, before) == []
    assert differences(before, after) == ["tracks 1: path was 'a.mp3', is 'b.mp3'"]
    assert differences(before, {"tracks": {}}) == ["tracks 1: a.mp3 is gone"]


def files_below(hand: Hand) -> set[Path]:
    """The audio files in the music folder, and those that links out of it lead to."""
    places = [hand.shelves.root, *hand.links]
    found = set()
    for place in places:
        for above, folders, names in os.walk(place):
            folders[:] = [name for name in folders if name not in ("@eaDir", ".cache")]
            found |= {Path(above) / name for name in names if name.endswith(SUFFIXES)}
    return found
