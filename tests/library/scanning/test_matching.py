"""The rules by which files are known tracks, without a database or real files."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.scanning.agreement import StatedTags, agree, stated_tags
from library.scanning.matching import (
    Assignment,
    Candidate,
    Joined,
    Known,
    ReadFrom,
    Traits,
    assign,
    assign_without_digests,
    several_recordings,
)

NOTHING = StatedTags(None, None, None, "")


def traits(
    path: str,
    digest: str = "d",
    *,
    root: str = "/music",
    inode: int = 0,
    stated: StatedTags = NOTHING,
    size_bytes: int = 1000,
    duration_s: float = 60,
) -> Traits:
    return Traits(
        *(root, path, 1, inode, 5, size_bytes, digest, stated, None),
        *(("mp3", 44100, 2), duration_s),
    )


def tags(title: str, artist: str = "Ann", album: str = "Day") -> StatedTags:
    return stated_tags("x.mp3", title, artist, album, "")


def new(*files: Traits) -> list[ReadFrom]:
    return [ReadFrom(file, None) for file in files]


def gone(*tracks: Traits) -> list[Candidate]:
    """Candidates with the ids 1, 2, …, each added by the scan before the next one's."""
    return [Candidate(pk, track, pk) for pk, track in enumerate(tracks, 1)]


def test_a_new_file_is_the_lost_track_of_its_sound_whatever_else_differs() -> None:
    assignment = assign(
        new(traits("z/b.mp3", inode=7, stated=tags("Other", "Bob"))),
        gone(traits("a.mp3", inode=3, stated=tags("Song"))),
        several=(),
    )
    assert assignment == Assignment({0: 1}, [], [], [])


def test_it_is_no_track_of_another_sound_even_if_everything_else_is_equal() -> None:
    file = traits("a.mp3", "d", root="/new", inode=3, stated=tags("Song"))
    track = traits("a.mp3", "e", root="/old", inode=3, stated=tags("Song"))
    assert assign(new(file), gone(track), several=()) == Assignment({}, [0], [], [])
    assert assign_without_digests(new(file), gone(track)) == {}


BEST_FIRST = (
    traits("x/new.mp3", inode=3),
    traits("a/song.mp3", root="/other", inode=9),
    traits("y/song.mp3", stated=tags("Song")),
    traits("y/other.mp3", stated=tags("Song")),
    traits("z/song.mp3", stated=tags("Another", "Bob", "Sea")),
    traits("z/first.mp3", stated=tags("Another", "Bob", "Sea")),
    traits("z/second.mp3", stated=tags("Another", "Bob", "Sea")),
)


@pytest.mark.parametrize("place", range(len(BEST_FIRST) - 1))
def test_of_several_files_the_best_one_is_the_track(place: int) -> None:
    """Inode, path below another root, tags and name, tags, name, order of paths."""
    track = traits("a/song.mp3", inode=3, stated=tags("Song"))
    files = BEST_FIRST[place:]
    assert assign(new(*files), gone(track), several=()).taken == {0: 1}
    backwards = assign(new(*reversed(files)), gone(track), several=())
    assert backwards.taken == {len(files) - 1: 1}


def test_silences_are_matched_only_where_tags_or_the_name_agree() -> None:
    tracks = gone(
        traits("one/a.mp3", stated=tags("Silence")), traits("two/b.mp3", stated=tags("Pause"))
    )
    files = new(
        traits("x/c.mp3", stated=tags("Pause")),
        traits("y/a.mp3", stated=tags("Nothing", "Bob", "Sea")),
        traits("z/d.mp3", stated=tags("Break", "Cid", "Sun")),
    )
    assert assign(files, tracks, several={"d"}) == Assignment({0: 2, 1: 1}, [2], [], [])
    assert assign(files[2:], tracks, several={"d"}).new == [0]


def known(title: str, scan: int, *, is_fresh: bool = False) -> Known:
    return Known("d", (title, "ann"), scan, is_fresh)


@pytest.mark.parametrize(
    ("tracks", "are_several"),
    [
        ([known("a", 1)], False),
        ([known("a", 1), known("a", 1)], False),
        ([known("a", 1), known("b", 1)], True),
        ([known("a", 1), known("b", 2)], True),
        ([known("a", 1), known("b", 2, is_fresh=True)], False),
        ([known("a", 0, is_fresh=True), known("b", 0, is_fresh=True)], True),
        ([known("a", 1), known("b", 2, is_fresh=True), known("c", 2, is_fresh=True)], True),
        ([known("a", 1), known("b", 2, is_fresh=True), known("c", 3, is_fresh=True)], True),
    ],
)
def test_a_digest_stands_for_several_recordings_if_titles_differ(
    tracks: list[Known],
    are_several: bool,  # noqa: FBT001
) -> None:
    assert several_recordings(tracks) == ({"d"} if are_several else set())


def test_a_new_rip_over_the_old_one_is_joined_and_the_older_id_stays() -> None:
    old, rip = traits("a.mp3", "old", stated=tags("Song")), traits("rip.mp3", "new")
    rip = rip._replace(stated=tags("Song"))
    file = [ReadFrom(traits("a.mp3", "new", stated=tags("Song")), 1)]
    assert assign(file, gone(old, rip), ()).joined == [Joined(1, 2, keeps_file=False)]
    file = [ReadFrom(traits("a.mp3", "new", stated=tags("Song")), 2)]
    newer = [Candidate(1, rip, 1), Candidate(2, old, 1)]
    assert assign(file, newer, ()).joined == [Joined(1, 2, keeps_file=True)]


def test_files_that_say_nothing_are_not_joined() -> None:
    old, rip = traits("a.mp3", "old"), traits("rip.mp3", "new")
    assignment = assign([ReadFrom(traits("a.mp3", "new"), 1)], gone(old, rip), ())
    assert assignment == Assignment({0: 2}, [], [1], [])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine
@given(st.data())
def test_every_track_follows_its_sound_over_any_exchange_of_paths(data: st.DataObject) -> None:
    """Tracks 1 to n lie at paths 1 to n, each with its own sound. Then any sounds, old and new, lie
    at any paths, old and new."""
    count = data.draw(st.integers(1, 6))
    tracks = gone(
        *(traits(f"{pk}.mp3", f"{pk}", stated=tags(f"{pk}")) for pk in range(1, count + 1))
    )
    old = [str(each) for each in range(1, count + 1)]
    sounds = data.draw(st.permutations([*old, *(f"new {each}" for each in old)]))
    paths = data.draw(st.lists(st.integers(1, 2 * count), unique=True))
    sound_at = dict(zip(paths, sounds, strict=False))
    files = [
        ReadFrom(traits(f"{path}.mp3", sound), path if path <= count else None)
        for path, sound in sound_at.items()
        if sound != str(path)
    ]
    unchanged = {path for path, sound in sound_at.items() if sound == str(path)}
    candidates = [track for track in tracks if track.track_id not in unchanged]
    data.draw(st.randoms()).shuffle(files)
    assignment = assign(files, candidates, several=())
    track_at = {files[at].traits.path: pk for at, pk in assignment.taken.items()}
    track_at |= {f"{path}.mp3": path for path in unchanged}
    path_of = {sound: f"{path}.mp3" for path, sound in sound_at.items()}
    expected = {path_of[str(pk)]: pk for pk in range(1, count + 1) if str(pk) in path_of}
    for path in sound_at:
        own = f"{path}.mp3"
        if path <= count and own not in expected and str(path) not in path_of:
            expected[own] = path  # its own sound is nowhere, and what it has is nobody's
    assert track_at == expected
    lost = {path for path in sound_at if path <= count} - set(track_at.values())
    assert set(assignment.lost) == lost


CHOICES = st.tuples(
    st.sampled_from(["a.mp3", "b.mp3", "x/a.mp3", "y/b.mp3", "y/c.mp3"]),
    st.sampled_from(["", "d", "e"]),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([NOTHING, tags("One"), tags("One", "Bob"), tags("Two")]),
    st.sampled_from([1000, 2000]),
)


@given(st.lists(CHOICES, max_size=6), st.lists(CHOICES, max_size=6), st.booleans(), st.randoms())
def test_the_order_of_files_and_tracks_makes_no_difference(
    files: list[tuple[str, str, int, StatedTags, int]],
    tracks: list[tuple[str, str, int, StatedTags, int]],
    are_several: bool,  # noqa: FBT001
    shuffled: random.Random,
) -> None:
    of_files = new(*(_made(f"/new{at}", each) for at, each in enumerate(files)))
    candidates = gone(*(_made("/old", each) for each in tracks))
    several = {"d"} if are_several else set[str]()
    expected = _by_file(of_files, candidates, several)
    for taken in expected:
        assert len(set(taken.values())) == len(taken)
    shuffled.shuffle(of_files)
    shuffled.shuffle(candidates)
    assert _by_file(of_files, candidates, several) == expected
    by_id = {each.track_id: each.traits for each in candidates}
    for file, pk in expected[0].items():
        assert file.digest == by_id[pk].digest != ""
    for file, pk in expected[1].items():
        assert not (file.digest and by_id[pk].digest)
        same_size = file.size_bytes == by_id[pk].size_bytes
        assert file.path == by_id[pk].path or agree(
            by_id[pk].stated, file.stated, same_size=same_size
        )


def _made(root: str, choice: tuple[str, str, int, StatedTags, int]) -> Traits:
    path, digest, inode, stated, size = choice
    return traits(path, digest, root=root, inode=inode, stated=stated, size_bytes=size)


def _by_file(
    files: Sequence[ReadFrom], candidates: Sequence[Candidate], several: set[str]
) -> tuple[dict[Traits, int], dict[Traits, int]]:
    taken = assign(files, candidates, several).taken
    without = assign_without_digests(files, candidates)
    return (
        {files[at].traits: pk for at, pk in taken.items()},
        {files[at].traits: pk for at, pk in without.items()},
    )


def test_of_several_equal_sounds_the_tags_say_more_than_an_inode_that_was_reused() -> None:
    tracks = gone(
        traits("one.mp3", inode=3, stated=tags("Song", album="One")),
        traits("two.mp3", inode=4, stated=tags("Song", album="Two")),
    )
    file = traits("new.mp3", inode=3, stated=tags("Song", album="Two"))
    assert assign(new(file), tracks, several=()).taken == {0: 2}
    assert assign(new(file), tracks[:1], several=()).taken == {0: 1}
