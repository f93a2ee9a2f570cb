"""Compares what playlist files say of a track with its tags."""

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from django.conf import settings

from library.models.folding import fold, without_article
from listening.playlist_files.entries import FileEntry
from listening.playlist_files.m3u import parts_of
from listening.playlist_files.survey import Candidate

SAME_LENGTH_S = 3.0
"""Programs round lengths, and estimate those of files with a variable bit rate."""
OTHER_LENGTH_S = 10.0
"""With a larger difference it is another recording: live, extended, or cut for the radio."""
_SHORTEST_TITLE = 3

Names = tuple[str, str]
"""Artist and title, as `artist_key` and `title_key` make them."""


class PossibleNames(NamedTuple):
    """What an entry may mean. `reversed`: for programs that write the title first."""

    usual: tuple[Names, ...]
    reversed: tuple[Names, ...]


def artist_key(name: str) -> str:
    return fold(without_article(name, tuple(settings.IGNORED_ARTICLES)))


def title_key(title: str) -> str:
    return fold(title)


def names_of(entry: FileEntry) -> PossibleNames:
    """The names that the entry may mean; none without an artist and a title."""
    pairs = [(entry.artist, entry.title), *parts_of(entry.text.strip('"'))]
    usual = dict.fromkeys(_keys(artist, title) for artist, title in pairs if artist and title)
    turned = (_keys(title, artist) for artist, title in parts_of(entry.text.strip('"')))
    return PossibleNames((*usual,), (*dict.fromkeys(turned),))


def names_of_track(candidate: Candidate) -> Iterator[Names]:
    title = title_key(candidate.title)
    names = (candidate.artist, candidate.album_artist, *candidate.artists)
    return ((artist, title) for artist in {artist_key(name) for name in names if name})


def best_named(entry: FileEntry, candidates: Collection[Candidate]) -> Candidate | None:
    """The one of these tracks, which all have the entry's names, that the entry means."""
    fitting: Sequence[Candidate]
    present = [each for each in candidates if not each.is_missing] or list(candidates)
    fitting = [each for each in present if not is_other_length(entry, each)]
    if len(fitting) > 1:
        fitting = narrowed(entry, fitting)
    return fitting[0] if len(fitting) == 1 else None


def narrowed(entry: FileEntry, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Those with the length and on the album that the entry states, if it does and any are."""
    if length_s := entry.duration_s:
        is_near = partial(_is_near, length_s)
        candidates = [*filter(is_near, candidates)]
    if album := fold(entry.album):
        return [each for each in candidates if fold(each.album) == album] or candidates
    return candidates


def is_other_length(entry: FileEntry, candidate: Candidate) -> bool:
    """Whether the track is so much longer or shorter that it is another recording."""
    if not entry.duration_s or not candidate.duration_s:
        return False
    return abs(entry.duration_s - candidate.duration_s) > OTHER_LENGTH_S


def has_names(entry: FileEntry, candidate: Candidate) -> bool:
    """Whether the entry states the track's artist and title."""
    names = names_of(entry)
    return not {*names.usual, *names.reversed}.isdisjoint(names_of_track(candidate))


def names_track(text: str, candidate: Candidate) -> bool:
    """Whether the track's title and artist occur in the text, such as a path."""
    title, folded = title_key(candidate.title), fold(text)
    if len(title) < _SHORTEST_TITLE or title not in folded:
        return False
    artists = {artist for artist, _ in names_of_track(candidate)}
    return any(artist and artist in folded for artist in artists)


def is_other_title(entry: FileEntry, candidate: Candidate) -> bool:
    """Whether the entry states a title that has nothing to do with the track's."""
    stated, title = fold(entry.text or entry.title), title_key(candidate.title)
    return bool(stated) and title not in stated and stated not in title


def _is_near(length_s: float, candidate: Candidate) -> bool:
    return abs(candidate.duration_s - length_s) <= SAME_LENGTH_S


def _keys(artist: str, title: str) -> Names:
    return artist_key(artist), title_key(title)
