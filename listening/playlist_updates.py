"""Changes of playlists as apps ask for them that know entries by their places in a list.

Such an app sees the present tracks of a playlist alone. What it does not see stays where it is:
tracks that are missing while a disk is away, and lost ones.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from listening.models import Playlist, Sharing
from listening.playlist_files.replacing import replace_entries
from listening.playlists.changing import change_playlist
from listening.playlists.contents import seen_entries_of, track_ids_of
from listening.playlists.counting import Targets
from listening.playlists.editing import make, set_fields
from listening.playlists.entries import MOST_ENTRIES, insert, take_out
from listening.playlists.refusals import Refused, TargetsGone
from listening.playlists.rights import (
    Right,
    check,
    check_entries_are_kept,
    check_follows_no_file,
    find_playlist,
)
from listening.playlists.sources import Sources, gather

LONGEST_NAME = 500
LONGEST_DESCRIPTION = 10_000
_ATTEMPTS = 3


class NothingFound(LookupError):
    """None of the tracks is there."""


@dataclass(frozen=True, kw_only=True)
class PlaylistUpdate:
    """What is to be changed; None stays as it is. `is_public`: whether the other users see it.
    `add`: ids of tracks for the end. `remove_at`: places among the present tracks, counted from 0,
    as they were before."""

    name: str | None = None
    description: str | None = None
    is_public: bool | None = None
    add: Sequence[int] = ()
    remove_at: Collection[int] = ()


def present_tracks(user_id: int, playlist_id: int) -> list[int]:
    """The present tracks of a playlist, in order. Raises NoSuchPlaylist."""
    return track_ids_of(find_playlist(user_id, playlist_id))


def make_of_tracks(user_id: int, name: str, track_ids: Sequence[int]) -> int:
    """Make a playlist. Returns its id. Raises NothingFound and Refused."""
    return make(user_id, {"name": name[:LONGEST_NAME]}, _found(user_id, track_ids))


def replace_tracks(
    user_id: int, playlist_id: int, track_ids: Sequence[int], name: str | None = None
) -> None:
    """Make these its present tracks, and rename it if a name is given, in one transaction. Entries
    that go can be restored for a while. Raises what `change_playlist` does, NothingFound and
    Refused."""
    wanted = PlaylistUpdate(name=name)
    for attempt in range(1, _ATTEMPTS + 1):
        targets = _found(user_id, track_ids)

        def work(playlist: Playlist, targets: Targets = targets) -> None:
            check_entries_are_kept(playlist)
            _set_fields(playlist, user_id, wanted)
            seen = ((target, is_seen) for _, target, is_seen in seen_entries_of(playlist))
            all_targets = with_unseen(seen, targets)
            if len(all_targets) > MOST_ENTRIES:
                message = f"A playlist has at most {MOST_ENTRIES:,} entries."
                raise Refused("too_many_entries", message)
            replace_entries(playlist, all_targets, user_id, can_be_undone=True)

        try:
            change_playlist(user_id, playlist_id, work)
        except TargetsGone:  # a track was purged or joined a moment ago
            if attempt == _ATTEMPTS:
                raise
        else:
            return


def update(user_id: int, playlist_id: int, wanted: PlaylistUpdate) -> None:
    """All of it in one transaction. Places that the list does not have are passed over. Raises what
    `change_playlist` does, NothingFound and Refused."""
    targets = _found(user_id, wanted.add)

    def work(playlist: Playlist) -> None:
        _set_fields(playlist, user_id, wanted)
        if wanted.remove_at or targets:
            check_entries_are_kept(playlist)
        if wanted.remove_at:
            take_out(playlist, _at(playlist, wanted.remove_at))
        if targets:
            insert(playlist, targets, user_id)

    change_playlist(user_id, playlist_id, work, also_shared=bool(wanted.is_public))


def with_unseen(before: Iterable[tuple[int, bool]], targets: Targets) -> list[int]:
    """`targets`, which are to replace those of `before` that are seen, together with those that are
    not. Each of these stays behind the seen one that it stood behind and that is still there.
    `before`: what each entry is of, and whether it is seen."""
    wanted = Counter(targets)
    times, unseen = Counter[int](), defaultdict[tuple[int, int], list[int]](list)
    place = (0, 0)  # the last seen entry that stays: what it is of, and the how manieth of these
    for target, is_seen in before:
        if not is_seen:
            unseen[place].append(target)
        elif times[target] < wanted[target]:
            times[target] += 1
            place = (target, times[target])
    found = [*unseen[0, 0]]
    times.clear()
    for target in targets:
        times[target] += 1
        found += [target, *unseen.get((target, times[target]), ())]
    return found


def _found(user_id: int, track_ids: Sequence[int]) -> Targets:
    """Without those of which nothing is known. Raises NothingFound if there are no others."""
    targets = gather(user_id, Sources(track_ids=track_ids)).targets
    if track_ids and not targets:
        raise NothingFound
    return targets


def _at(playlist: Playlist, places: Collection[int]) -> list[int]:
    """The ids of the entries at these places among those that are seen."""
    seen = [pk for pk, _, is_seen in seen_entries_of(playlist) if is_seen]
    return [seen[place] for place in {*places} if 0 <= place < len(seen)]


def _set_fields(playlist: Playlist, user_id: int, wanted: PlaylistUpdate) -> None:
    """Only what is another value than before: apps send all of them with each change, which would
    otherwise be refused to users who may change the entries alone."""
    values: dict[str, Any] = {}
    if wanted.name is not None and wanted.name != playlist.name:
        values["name"] = wanted.name[:LONGEST_NAME]
    if wanted.description is not None and wanted.description != playlist.description:
        values["description"] = wanted.description[:LONGEST_DESCRIPTION]
    if values:
        check_follows_no_file(playlist)
    is_public = playlist.sharing != Sharing.PRIVATE
    if wanted.is_public is not None and wanted.is_public != is_public:
        check(playlist, user_id, Right.OWN)
        values["sharing"] = Sharing.READ if wanted.is_public else Sharing.PRIVATE
    set_fields(playlist, values)
