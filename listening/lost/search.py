"""Finds the tracks that imported things are about, by the facts that come with them.

Most are found by their paths, by an index. For the others there is no index: all tracks are read,
once for all that is searched, which takes about a second for 100,000 tracks. So pass everything
that one file or one server tells at once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from hashlib import md5
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import MD5

from library.models.catalogue import Track
from library.models.folding import identity_key
from library.models.paths import path_to_text
from listening.lost.facts import (
    TOLD_TOLERANCE_S,
    Facts,
    common_parts,
    folded_path,
    is_as_long,
    is_sure_path,
    path_parts,
)

ROWS_AT_ONCE = 2_000
PATHS_AT_ONCE = 500
_COLUMNS = (
    *("pk", "root", "path", "title", "artist", "album_title", "duration_s"),
    *("musicbrainz_recording_id", "audio_digest", "missing_since"),
)


class Matched(StrEnum):
    """By what a track was found."""

    PATH = "path"
    MUSICBRAINZ_ID = "MusicBrainz id"
    SOUND = "sound"
    TAGS = "title, artist, album and length"
    TITLE_AND_ARTIST = "title, artist and length"


class Found(NamedTuple):
    track_id: int
    matched: Matched


class _Candidate(NamedTuple):
    """A track of the library that has something in common with what is searched. `depth`: how many
    names its path has below the music folder."""

    pk: int
    facts: Facts
    depth: int
    is_present: bool


def find_track(facts: Facts) -> Found | None:
    """The track that these facts describe, or None."""
    return find_tracks([facts])[0]


def find_tracks(wanted: Sequence[Facts]) -> list[Found | None]:
    """For each of `wanted` the track that it describes. None where none fits, or where several do
    and nothing tells which. Missing tracks are found as well."""
    found = _found_at_paths(wanted)
    if left := [facts for facts in dict.fromkeys(wanted) if facts not in found]:
        index = _Index(left)
        found |= {facts: best for facts in left if (best := index.best(facts))}
    return [found.get(facts) for facts in wanted]


def _found_at_paths(wanted: Iterable[Facts]) -> dict[Facts, Found]:
    """Those that are found by exactly their path below a music folder, wherever that folder lies.

    A file of another title may have come to that path since, so that the title has to agree. The
    rest of a path of which all folders but the file's own are others is left to `_Index`.
    """
    suffixes = {facts: _suffixes(facts.path) for facts in wanted if facts.path}
    paths = {path for some in suffixes.values() for path in some}
    by_path = defaultdict[str, list[_Candidate]](list)
    for candidate, path in _at_paths(sorted(paths)):
        by_path[path].append(candidate)
    found: dict[Facts, Found] = {}
    for facts, some in suffixes.items():
        near = (each for path in some for each in by_path.get(path, ()))
        if best := _nearest(facts, [each for each in near if _by_path_and_title(facts, each)]):
            found[facts] = Found(best.pk, Matched.PATH)
    return found


def _suffixes(path: str) -> list[str]:
    """The path below each of its folders."""
    if "/" not in path:
        path = path.replace("\\", "/")
    parts = [part for part in path.split("/") if part not in {"", "."}]
    return ["/".join(parts[start:]) for start in range(len(parts))]


def _at_paths(paths: Sequence[str]) -> Iterator[tuple[_Candidate, str]]:
    """The tracks at these paths below any root, each with its path."""
    roots = (
        list(Track.objects.order_by().values_list("root", flat=True).distinct()) if paths else []
    )
    for start in range(0, len(paths), PATHS_AT_ONCE):
        rows = _rows_at(Track.objects.filter(root__in=roots), paths[start : start + PATHS_AT_ONCE])
        for row in rows.values_list(*_COLUMNS):
            yield _candidate(row), row[_COLUMNS.index("path")]


def _rows_at(tracks: QuerySet[Track], paths: Collection[str]) -> QuerySet[Track]:
    """By the index that keeps paths unique; see `library.models.paths.unique_path_sql`."""
    if connection.vendor != "postgresql":
        return tracks.filter(path__in=paths)
    texts = (path_to_text(path).encode() for path in paths)
    digests = [md5(text, usedforsecurity=False).hexdigest() for text in texts]
    return tracks.alias(path_digest=MD5("path")).filter(path_digest__in=digests)


class _Index:
    """The candidates for all that is searched, by what they have in common with it."""

    def __init__(self, wanted: Iterable[Facts]) -> None:
        keys = {key for facts in wanted for key in _keys(facts)}
        keys.discard("")
        self._by_key = defaultdict[str, list[_Candidate]](list)
        if not keys:
            return
        for row in Track.objects.order_by("pk").values_list(*_COLUMNS).iterator(ROWS_AT_ONCE):
            for key in keys.intersection(_keys_of_row(row)):
                self._by_key[key].append(_candidate(row))

    def best(self, facts: Facts) -> Found | None:
        keys = [key for key in _keys(facts) if key]
        found = {each.pk: each for key in keys for each in self._by_key.get(key, ())}
        for matched, rule in _RULES:
            if fitting := [each for each in found.values() if rule(facts, each)]:
                is_sure = matched not in {Matched.PATH, Matched.TITLE_AND_ARTIST}
                if best := _nearest(facts, fitting, is_sure=is_sure):
                    return Found(best.pk, matched)
        return None


def _candidate(row: Sequence[Any]) -> _Candidate:
    pk, root, path, *columns, missing_since = row
    facts = Facts(*(*columns, f"{root}/{path}"))
    return _Candidate(pk, facts, path.count("/") + 1, missing_since is None)


def _keys(facts: Facts) -> tuple[str, ...]:
    return (
        _tail(facts.path),
        facts.musicbrainz_id,
        facts.audio_digest,
        _names_key(facts.title, facts.artist),
    )


def _keys_of_row(row: Sequence[Any]) -> tuple[str, ...]:
    _, root, path, title, artist, _, _, recording_id, digest, _ = row
    if "/" not in path:
        path = f"{root}/{path}"
    return _tail(path), recording_id, digest, _names_key(title, artist)


def _tail(path: str) -> str:
    """The last two names of a path. Empty for a file's name alone: many files have the same."""
    if "/" not in path:
        path = path.replace("\\", "/")
    folder, _, name = path.rpartition("/")
    folder = folder.rpartition("/")[2]
    return folded_path(f"{folder}/{name}") if folder else ""


def _names_key(title: str, artist: str) -> str:
    return f"\n{identity_key(title, artist)}" if title and artist else ""


def _has_path(facts: Facts, candidate: _Candidate) -> bool:
    """Whether its path identifies the track, if need be together with title and artist."""
    parts = path_parts(facts.path)
    common = _common(parts, candidate)
    if is_sure_path(common, candidate.depth):
        return True
    key, other = _names_key(facts.title, facts.artist), candidate.facts
    is_alike = len(parts) > 0 and common >= min(2, len(parts))
    return is_alike and bool(key) and key == _names_key(other.title, other.artist)


def _common(parts: Sequence[str], candidate: _Candidate) -> int:
    return common_parts(parts, path_parts(candidate.facts.path))


def _is_long(facts: Facts, candidate: _Candidate) -> bool:
    return is_as_long(facts.duration_s, candidate.facts.duration_s, TOLD_TOLERANCE_S)


def _by_path_and_title(facts: Facts, candidate: _Candidate) -> bool:
    """A path without a title is enough."""
    has_title = not facts.title or _is_same(facts.title, candidate.facts.title)
    return has_title and _has_path(facts, candidate)


def _by_path_and_length(facts: Facts, candidate: _Candidate) -> bool:
    has_length = bool(facts.duration_s) and _is_long(facts, candidate)
    return has_length and _has_path(facts, candidate)


def _by_id(facts: Facts, candidate: _Candidate) -> bool:
    its_id = facts.musicbrainz_id
    return bool(its_id) and its_id == candidate.facts.musicbrainz_id and _is_long(facts, candidate)


def _by_sound(facts: Facts, candidate: _Candidate) -> bool:
    digest = facts.audio_digest
    return bool(digest) and digest == candidate.facts.audio_digest


def _by_title_and_artist(facts: Facts, candidate: _Candidate) -> bool:
    key = _names_key(facts.title, facts.artist)
    other = candidate.facts
    return bool(key) and key == _names_key(other.title, other.artist) and _is_long(facts, candidate)


def _by_tags(facts: Facts, candidate: _Candidate) -> bool:
    has_album = bool(facts.album) and _is_same(facts.album, candidate.facts.album)
    return has_album and _by_title_and_artist(facts, candidate)


def _is_same(one: str, other: str) -> bool:
    return identity_key(one) == identity_key(other)


_RULES = (
    (Matched.PATH, _by_path_and_title),
    (Matched.MUSICBRAINZ_ID, _by_id),
    (Matched.SOUND, _by_sound),
    (Matched.TAGS, _by_tags),
    (Matched.PATH, _by_path_and_length),
    (Matched.TITLE_AND_ARTIST, _by_title_and_artist),
)
"""From the surest one to the least sure."""


def _nearest(
    facts: Facts, fitting: Sequence[_Candidate], *, is_sure: bool = False
) -> _Candidate | None:
    """Of several that fit, the one whose path has most in common, then one on the same album, then
    one whose file is there. None if several fit equally well, unless each of them `is_sure` to be
    the same recording."""
    parts, album = path_parts(facts.path), facts.album
    ranks = {
        each: (_common(parts, each), _is_same(album, each.facts.album), each.is_present)
        for each in fitting
    }
    best = [each for each in ranks if ranks[each] == max(ranks.values())]
    return best[0] if len(best) == 1 or (best and is_sure) else None
