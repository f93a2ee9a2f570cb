"""Makes `LostItem`s, inside the caller's transaction."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from django.conf import settings

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from library.models.paths import path_from_text, path_of_file, path_to_text
from listening.lost.facts import (
    TOLD_TOLERANCE_S,
    Facts,
    folder_key,
    is_as_long,
    match_key,
    path_key,
    track_key,
    track_keys,
)
from listening.models import LostItem, LostKind


def lost_items(kind: LostKind, ids: Collection[int]) -> dict[int, int]:
    """The ids of the lost items for these rows of the catalogue, which are about to be deleted.
    Made unless they are there."""
    former = LostItem.objects.filter(kind=kind, former_id__in=ids)
    found = dict(former.values_list("former_id", "pk"))
    if missing := {*ids} - found.keys():
        made = LostItem.objects.bulk_create(_DESCRIBE[kind](missing))
        found |= {item.former_id: item.pk for item in made}
    return {former_id: pk for former_id, pk in found.items() if former_id is not None}


def lost_of(facts: Facts) -> LostItem:
    """The lost item of an imported track that the library does not have."""
    return lost_of_each([facts])[0]


def lost_of_each(wanted: Sequence[Facts]) -> list[LostItem]:
    """The same for several tracks. An imported track that was described the same way before is the
    same lost item, so that importing twice makes none twice."""
    items = [_imported(facts) for facts in wanted]
    known = _Known(items)
    new: list[LostItem] = []
    found = []
    for item in items:
        same = known.find(item)
        if same is None:
            same = item
            new.append(item)
            known.add(item)
        found.append(same)
    LostItem.objects.bulk_create(new)
    return found


def lost_named(kind: LostKind, name: str, artist: str = "", musicbrainz_id: str = "") -> LostItem:
    """The lost item of an imported album or artist that the library does not have. `artist`: of an
    album."""
    names = (name, artist) if kind is LostKind.ALBUM else (name,)
    key = match_key(kind, *names)
    imported = LostItem.objects.filter(kind=kind, former_id=None, match_key=key)
    if lost := imported.filter(musicbrainz_id=musicbrainz_id).first():
        return lost
    return LostItem.objects.create(
        kind=kind, title=name, artist=artist, musicbrainz_id=musicbrainz_id, match_key=key
    )


def waiting_for(found: Mapping[Facts, int]) -> dict[int, int]:
    """Imported lost items, by id, that are the tracks of these ids: tracks whose tags or path were
    mended since the import."""
    items = {facts: _imported(facts) for facts in found}
    known = _Known(items.values())
    lost = ((known.find(item), found[facts]) for facts, item in items.items())
    return {item.pk: track_id for item, track_id in lost if item is not None}


def add_match_keys(items: Iterable[LostItem]) -> None:
    """Store the match keys of purged rows that the database itself has kept."""
    keyed = [*items]
    for each in keyed:
        each.match_key = _key_of(each)
    LostItem.objects.bulk_update(keyed, ["match_key"])


def _key_of(item: LostItem) -> str:
    if item.kind == LostKind.TRACK:
        return track_keys(item.title, item.artist, item.album)[0]
    if item.kind == LostKind.ALBUM:
        return match_key(LostKind.ALBUM, item.title, item.artist)
    if item.kind == LostKind.ARTIST:
        return match_key(LostKind.ARTIST, item.title)
    path = path_from_text(item.path)
    roots = (str(root) for root in settings.MUSIC_DIRS)
    root = next((each for each in roots if path.startswith(f"{each}/")), "")
    return folder_key(root, path[len(root) + 1 :] if root else path)


class _Known:
    """Imported lost items that are stored, or about to be."""

    def __init__(self, like: Iterable[LostItem]) -> None:
        keys = {each.match_key for each in like} - {""}
        path_keys = {each.path_key for each in like} - {""}
        imported = LostItem.objects.filter(kind=LostKind.TRACK, former_id=None)
        self._items: dict[str, list[LostItem]] = {}
        stored = [*imported.filter(match_key__in=keys), *imported.filter(path_key__in=path_keys)]
        for item in {each.pk: each for each in stored}.values():
            self.add(item)

    def add(self, item: LostItem) -> None:
        for key in {item.match_key, item.path_key}:
            self._items.setdefault(key, []).append(item)

    def find(self, item: LostItem) -> LostItem | None:
        keys = (item.match_key, item.path_key)
        near = (each for key in keys if key for each in self._items.get(key, ()))
        return next((each for each in near if _are_one(each, item)), None)


def _are_one(one: LostItem, other: LostItem) -> bool:
    def agree(name: str) -> bool:
        mine, theirs = getattr(one, name), getattr(other, name)
        return not mine or not theirs or bool(mine == theirs)

    return all(map(agree, ("match_key", "path", "musicbrainz_id"))) and is_as_long(
        one.duration_s, other.duration_s, TOLD_TOLERANCE_S
    )


def _imported(facts: Facts) -> LostItem:
    return LostItem(
        kind=LostKind.TRACK,
        audio_digest=facts.audio_digest,
        musicbrainz_id=facts.musicbrainz_id,
        title=facts.title or facts.path.rpartition("/")[2],
        artist=facts.artist,
        album=facts.album,
        duration_s=facts.duration_s or None,
        path=path_to_text(facts.path),
        match_key=track_key(facts),
        path_key=path_key(facts.path),
    )


def _tracks(ids: Collection[int]) -> list[LostItem]:
    rows = Track.objects.filter(pk__in=ids).values_list(
        *("pk", "audio_digest", "musicbrainz_recording_id", "title", "artist", "album_title"),
        *("duration_s", "root", "path"),
    )
    return [
        LostItem(
            kind=LostKind.TRACK,
            former_id=pk,
            audio_digest=digest,
            musicbrainz_id=recording_id,
            title=title,
            artist=artist,
            album=album,
            duration_s=duration_s,
            path=path_to_text(f"{root}/{path_of_file(path)}"),
            match_key=track_keys(title, artist, album)[0],
        )
        for pk, digest, recording_id, title, artist, album, duration_s, root, path in rows
    ]


def _albums(ids: Collection[int]) -> list[LostItem]:
    rows = Album.objects.filter(pk__in=ids)
    names = ("pk", "title", "album_artist", "musicbrainz_release_id")
    return [
        LostItem(
            kind=LostKind.ALBUM,
            former_id=pk,
            title=title,
            artist=artist,
            musicbrainz_id=release_id,
            match_key=match_key(LostKind.ALBUM, title, artist),
        )
        for pk, title, artist, release_id in rows.values_list(*names)
    ]


def _artists(ids: Collection[int]) -> list[LostItem]:
    rows = Artist.objects.filter(pk__in=ids).values_list("pk", "name", "musicbrainz_artist_id")
    return [
        LostItem(
            kind=LostKind.ARTIST,
            former_id=pk,
            title=name,
            musicbrainz_id=artist_id,
            match_key=match_key(LostKind.ARTIST, name),
        )
        for pk, name, artist_id in rows
    ]


def _folders(ids: Collection[int]) -> list[LostItem]:
    rows = Folder.objects.filter(pk__in=ids).values_list("pk", "name", "root", "path")
    return [
        LostItem(
            kind=LostKind.FOLDER,
            former_id=pk,
            title=path_to_text(name),
            path=path_to_text(f"{root}/{path}"),
            match_key=folder_key(root, path),
        )
        for pk, name, root, path in rows
    ]


_DESCRIBE: dict[LostKind, Callable[[Collection[int]], list[LostItem]]] = {
    LostKind.TRACK: _tracks,
    LostKind.ALBUM: _albums,
    LostKind.ARTIST: _artists,
    LostKind.FOLDER: _folders,
}
