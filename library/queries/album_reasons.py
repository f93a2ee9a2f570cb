"""Why the tracks of an album are one, and why other albums of its name are not part of it: what the
admin shows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from library.albums.members import COLUMNS, Member, member_of
from library.albums.reasons import Apart, Rule, Together, sentence_of
from library.albums.releases import Release, release_of
from library.albums.why import why_apart, why_together
from library.models.albums import Album
from library.models.catalogue import Track
from runtime.visible_text import printable

NAMESAKES_AT_MOST = 50
FOLDERS_AT_MOST = 50

_Rule = TypeVar("_Rule", Together, Apart)


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """What the rules compare, of an album's present tracks in one folder."""

    path: str
    track_count: int
    album_artists: Sequence[str]
    titles: Sequence[str]
    release_ids: Sequence[str]
    years: Sequence[str]
    codecs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Namesake:
    """Another album of the same name. `sentence`: why it is apart."""

    album: Album
    sentence: str
    folders: Sequence[FolderFacts]


@dataclass(frozen=True, slots=True)
class Explanation:
    """`sentences`: why the tracks are one album, the most important first."""

    sentences: Sequence[str]
    folders: Sequence[FolderFacts]
    namesakes: Sequence[Namesake]


def explain(album: Album) -> Explanation:
    """Takes two queries."""
    others = Album.objects.listed().filter(name_key=album.name_key).exclude(pk=album.pk)
    namesakes = list(others.order_by("pk")[:NAMESAKES_AT_MOST]) if album.name_key else []
    members = _members_of([album.pk, *(each.pk for each in namesakes)])
    own = members[album.pk]
    if not own:
        return Explanation([], [], [])
    release = _release(album, own)
    return Explanation(
        sentences=[sentence_of(rule) for rule in why_together(release)],
        folders=_facts_of(own),
        namesakes=[
            Namesake(each, _why_apart(_release(each, tracks), release), _facts_of(tracks))
            for each in namesakes
            if (tracks := members[each.pk])
        ],
    )


def _release(album: Album, members: Iterable[Member]) -> Release:
    """The album as the rules see it, with the rules that are stored."""
    release = release_of(members)
    return replace(
        release,
        key=album.name_key,
        together_by=_stored_rule(Together, album.together_by) or release.together_by,
        apart_by=_stored_rule(Apart, album.apart_by),
    )


def _stored_rule(rules: type[_Rule], value: str) -> _Rule | None:
    """None for a value of another version of mus."""
    return rules(value) if value in set(rules) else None


def _why_apart(one: Release, other: Release) -> str:
    """Empty if their files changed, and the albums have not been worked out since."""
    rule: Rule | None = why_apart(one, other)
    return "" if rule is None else sentence_of(rule)


def _members_of(album_ids: Sequence[int]) -> Mapping[int, list[Member]]:
    """The present tracks of these albums, by the albums' ids."""
    tracks = Track.objects.present().filter(album__in=album_ids).order_by("path", "pk")
    found = defaultdict[int, list[Member]](list)
    for member in map(member_of, tracks.values_list(*COLUMNS)):
        found[member.album_id or 0].append(member)
    return found


def _facts_of(members: Iterable[Member]) -> list[FolderFacts]:
    folders = defaultdict[tuple[str, str], list[Member]](list)
    for each in members:
        folders[each.root, each.folder].append(each)
    return [
        FolderFacts(
            path=printable(f"{root}/{folder}".rstrip("/")),
            track_count=len(tracks),
            album_artists=_by_frequency(each.album_artist for each in tracks),
            titles=_by_frequency(each.album_title for each in tracks),
            release_ids=_by_frequency(each.release_id for each in tracks),
            years=_by_frequency(str(each.year or "") for each in tracks),
            codecs=_by_frequency(each.codec for each in tracks),
        )
        for (root, folder), tracks in [*folders.items()][:FOLDERS_AT_MOST]
    ]


def _by_frequency(values: Iterable[str]) -> list[str]:
    """The distinct values, the most frequent first; empty ones are left out."""
    return [value for value, _ in Counter(filter(None, values)).most_common()]
