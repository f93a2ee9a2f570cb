"""Why the tracks of an album are one, and why other albums of its name are not part of it: what the
admin shows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from library.albums.reasons import Apart, Together, sentence_of
from library.models.albums import Album
from library.models.catalogue import Track
from library.models.folders import Folder
from runtime.visible_text import printable

NAMESAKES_AT_MOST = 50
FOLDERS_AT_MOST = 50


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
    """`sentence`: why the tracks are one album. `apart`: why it is none with its namesakes."""

    sentence: str
    apart: str
    folders: Sequence[FolderFacts]
    namesakes: Sequence[Namesake]


def explain(album: Album) -> Explanation:
    """Takes three queries."""
    others = Album.objects.listed().filter(name_key=album.name_key).exclude(pk=album.pk)
    namesakes = list(others.order_by("pk")[:NAMESAKES_AT_MOST]) if album.name_key else []
    facts = _facts_of([album.pk, *(each.pk for each in namesakes)])
    return Explanation(
        sentence=_sentence(Together, album.together_by),
        apart=_sentence(Apart, album.apart_by),
        folders=facts[album.pk],
        namesakes=[
            Namesake(each, _sentence(Apart, each.apart_by or album.apart_by), facts[each.pk])
            for each in namesakes
        ],
    )


def _sentence(rules: type[Together] | type[Apart], value: str) -> str:
    """Empty for a value of another version of mus."""
    return sentence_of(rules(value)) if value in set(rules) else ""


_COLUMNS = (
    *("album_id", "folder_id", "album_artist", "album_title", "musicbrainz_release_id"),
    *("year", "codec"),
)


def _facts_of(album_ids: Sequence[int]) -> dict[int, list[FolderFacts]]:
    tracks = Track.objects.present().filter(album__in=album_ids).order_by("album_id", "folder_id")
    rows = defaultdict[tuple[int, int], list[tuple[str, ...]]](list)
    for album_id, folder_id, *values in tracks.values_list(*_COLUMNS):
        rows[album_id or 0, folder_id or 0].append(tuple(map(_as_text, values)))
    folders = Folder.objects.in_bulk({folder_id for _, folder_id in rows})
    facts: dict[int, list[FolderFacts]] = {album_id: [] for album_id in album_ids}
    for (album_id, folder_id), values in rows.items():
        folder = folders.get(folder_id)
        path = printable(f"{folder.root}/{folder.path}".rstrip("/")) if folder else ""
        if len(facts[album_id]) < FOLDERS_AT_MOST:
            columns = [_by_frequency(each) for each in zip(*values, strict=True)]
            facts[album_id].append(FolderFacts(path, len(values), *columns))
    return facts


def _as_text(value: object) -> str:
    return "" if value is None else str(value)


def _by_frequency(values: Iterable[str]) -> list[str]:
    """The distinct values, the most frequent first; empty ones are left out."""
    return [value for value, _ in Counter(filter(None, values)).most_common()]
