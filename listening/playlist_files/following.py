"""Playlists that follow files in music folders: scans tell of the files that came, changed or went.

They belong to the first active administrator, and all users see them. The file alone changes them,
until their owner makes one of them a playlist of their own.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from typing import Any, NamedTuple

from accounts.roles import first_administrator
from library.models.folding import search_text, sort_key
from library.models.paths import path_to_text
from library.playlist_followers import (
    Place,
    PlaylistFollower,
    ReadPlaylist,
    Taken,
    Version,
)
from listening.models import Playlist, Sharing, SourceState
from listening.playlist_files import locations
from listening.playlist_files.entries import BadPlaylistFile, PlaylistFile
from listening.playlist_files.importing import LONGEST_NAME
from listening.playlist_files.lost import ATTEMPTS, TARGETS_GO, targets_of
from listening.playlist_files.matching import Wanted, find_tracks
from listening.playlist_files.reading import read_playlist
from listening.playlist_files.replacing import replace_entries
from listening.playlists.changing import change_playlist
from listening.playlists.contents import targets_of as targets_in
from listening.playlists.counting import Targets
from listening.playlists.editing import make
from listening.playlists.owners import hand_over
from listening.playlists.refusals import NoSuchPlaylist, Refused
from listening.playlists.rights import Right
from runtime.turns import write_in_turn

Work = Callable[[Playlist], None]

_ANY_OTHER: Version = (-1, -1)
"""The version of a file that is gone: if it comes back, it is read again."""


class _Source(NamedTuple):
    """A playlist file, and what it says."""

    place: Place
    version: Version
    digest: str
    file: PlaylistFile

    @property
    def name(self) -> str:
        stem = os.path.splitext(os.path.basename(self.place[1]))[0]
        return (self.file.name or path_to_text(stem).strip() or "Playlist")[:LONGEST_NAME]

    @property
    def columns(self) -> dict[str, Any]:
        root, path = self.place
        mtime_ns, size_bytes = self.version
        return {
            "source_root": root,
            "source_path": path,
            "source_mtime_ns": mtime_ns,
            "source_size_bytes": size_bytes,
            "source_digest": self.digest,
        }


class FolderPlaylists(PlaylistFollower):
    """Keeps the playlists of files in music folders."""

    def known(self) -> Mapping[Place, Version]:
        rows = _made_of_files().values_list(
            *("source_root", "source_path", "source_mtime_ns", "source_size_bytes", "source_state")
        )
        return {
            (root, path): _ANY_OTHER if state == SourceState.GONE else (mtime_ns, size_bytes)
            for root, path, mtime_ns, size_bytes, state in rows
        }

    def take(self, files: Sequence[ReadPlaylist], gone: Collection[Place]) -> Taken:
        owner_id = first_administrator()
        if owner_id is None:  # nobody has set mus up yet: a later scan takes the files
            return Taken(0, {})
        hand_over()
        sources, refused = _read(files)
        changed = 0
        for source, targets in zip(sources, _targets_of(sources), strict=True):
            try:
                changed += _take_until_targets_stay(owner_id, source, targets, gone)
            except Refused as refusal:
                refused[source.place] = str(refusal)
        return Taken(changed, refused)

    def note_gone(self, places: Collection[Place]) -> int:
        hand_over()
        rows = _made_of_files().values_list(
            *("pk", "user_id", "source_root", "source_path", "source_state", "deleted_at")
        )
        changed = 0
        for pk, owner_id, root, path, state, deleted_at in rows if places else ():
            if (root, path) not in places:
                continue
            if deleted_at is not None or state == SourceState.DETACHED:
                _forget_source(pk)
            elif state == SourceState.FOLLOWS:
                _change(owner_id, pk, _set_gone)
                changed += 1
        return changed


def detach(user_id: int, playlist_id: int) -> None:
    """Let a playlist of the user's own stay as it is, whatever becomes of the file that it follows.
    Raises what a change of a playlist raises."""

    def work(playlist: Playlist) -> None:
        if playlist.source_state == SourceState.GONE:
            for name, value in _NO_SOURCE.items():
                setattr(playlist, name, value)
        elif playlist.source_state == SourceState.FOLLOWS:
            # The place is kept, so that scans do not make another playlist of the file.
            playlist.source_key, playlist.source_state = "", SourceState.DETACHED

    change_playlist(user_id, playlist_id, work, Right.OWN)


def source_key(place: Place) -> str:
    """Identifies the file."""
    text = "\n".join(map(path_to_text, place))
    return blake2b(text.encode(), digest_size=16).hexdigest()


_NO_SOURCE = {
    "source_root": "",
    "source_path": "",
    "source_key": "",
    "source_mtime_ns": 0,
    "source_size_bytes": 0,
    "source_digest": "",
    "source_state": "",
}


def _made_of_files() -> Any:
    return Playlist.objects.exclude(source_state="").order_by("pk")


def _read(files: Sequence[ReadPlaylist]) -> tuple[list[_Source], dict[Place, str]]:
    """What the files say, and why some of them cannot be used."""
    sources, refused = [], {}
    for place, version, content in files:
        digest = blake2b(content, digest_size=16).hexdigest()
        try:
            sources.append(_Source(place, version, digest, read_playlist(content)))
        except BadPlaylistFile as error:
            refused[place] = str(error)
    return sources, refused


def _targets_of(sources: Sequence[_Source]) -> Iterator[Targets]:
    """What the entries of each playlist are of. The tracks of all are searched together."""
    wanted = [
        Wanted(entry, locations.Place(source.place[0], os.path.dirname(source.place[1])))
        for source in sources
        for entry in source.file.entries
    ]
    targets = targets_of(wanted, find_tracks(wanted))
    start = 0
    for source in sources:
        stop = start + len(source.file.entries)
        yield targets[start:stop]
        start = stop


def _take_until_targets_stay(
    owner_id: int, source: _Source, targets: Targets, gone: Collection[Place]
) -> bool:
    for _ in range(ATTEMPTS - 1):
        try:
            return _take(owner_id, source, targets, gone)
        except TARGETS_GO:
            [targets] = _targets_of([source])
    return _take(owner_id, source, targets, gone)


def _take(owner_id: int, source: _Source, targets: Targets, gone: Collection[Place]) -> bool:
    """Make or change the playlist of this file. Returns whether anything that is shown changed."""
    playlist = _playlist_of(source, gone)
    if playlist is None:
        values = {
            "name": source.name,
            "description": source.file.description,
            "sharing": Sharing.READ,
            "source_key": source_key(source.place),
            "source_state": SourceState.FOLLOWS,
            **source.columns,
        }
        make(owner_id, values, targets, needs_all=True)
        return True
    if playlist.source_state == SourceState.DETACHED:
        _note_columns(playlist, source.columns)
        return False
    return _update(playlist, source, targets)


def _playlist_of(source: _Source, gone: Collection[Place]) -> Playlist | None:
    """The playlist of this file, also if it is a known file that was renamed."""
    root, path = source.place
    found: Playlist | None = _made_of_files().filter(source_root=root, source_path=path).first()
    if found is not None:
        return found
    alike = _made_of_files().filter(source_digest=source.digest)
    return next((each for each in alike if _is_gone(each, gone)), None)


def _is_gone(playlist: Playlist, gone: Collection[Place]) -> bool:
    place = (playlist.source_root, playlist.source_path)
    return playlist.source_state == SourceState.GONE or place in gone


def _note_columns(playlist: Playlist, columns: Mapping[str, Any]) -> None:
    """Note what nobody sees."""
    write_in_turn(partial(Playlist.objects.filter(pk=playlist.pk).update, **columns))


def _update(playlist: Playlist, source: _Source, targets: Targets) -> bool:
    columns = {
        "source_key": source_key(source.place),
        "source_state": SourceState.FOLLOWS,
        **source.columns,
    }
    shown = (source.name, source.file.description, source.place[1], SourceState.FOLLOWS)
    present = (playlist.name, playlist.description, playlist.source_path, playlist.source_state)
    if shown == present and [*targets_in(playlist)] == [*targets]:
        _note_columns(playlist, columns)
        return False

    def work(locked: Playlist) -> None:
        for name, value in columns.items():
            setattr(locked, name, value)
        locked.name, locked.description = source.name, source.file.description
        locked.name_key = sort_key(locked.name)
        locked.search_text = search_text([locked.name, locked.description])
        replace_entries(locked, targets, locked.user_id)

    if playlist.deleted_at is not None:
        write_in_turn(partial(_change_deleted, playlist.pk, work))
        return False
    return _change(playlist.user_id, playlist.pk, work)


def _change_deleted(playlist_id: int, work: Work) -> None:
    """Nobody sees it, but it may be restored."""
    locked = Playlist.objects.select_for_update().filter(pk=playlist_id).first()
    if locked is not None:
        work(locked)
        locked.save()


def _change(owner_id: int, playlist_id: int, work: Work) -> bool:
    try:
        change_playlist(owner_id, playlist_id, work, Right.OWN)
    except NoSuchPlaylist:  # deleted a moment ago
        return False
    return True


def _set_gone(playlist: Playlist) -> None:
    playlist.source_state = SourceState.GONE


def _forget_source(playlist_id: int) -> None:
    row = Playlist.objects.filter(pk=playlist_id)
    write_in_turn(partial(row.update, **_NO_SOURCE))
