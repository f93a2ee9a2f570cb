"""Making playlists; their names, descriptions and sharing; deleting and restoring them."""

from collections.abc import Mapping
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.translation import gettext

from library.models.folding import search_text, sort_key
from listening.changes import Area, change_of_several
from listening.models import Playlist, PlaylistFolder, Sharing
from listening.playlists.changing import change_playlist
from listening.playlists.counting import Targets
from listening.playlists.entries import insert
from listening.playlists.refusals import Invalid, NoSuchPlaylist, Refused
from listening.playlists.rights import Right, check_follows_no_file, viewers_of
from listening.smart.rules import BadRules, parse_rules

MOST_PLAYLISTS = 10_000
"""Of one user, the deleted ones included."""
_OF_FILE = {"name", "description"}
_OF_OWNER = {"sharing", "folder_id"}


def make(
    user_id: int, values: Mapping[str, Any], targets: Targets = (), *, needs_all: bool = False
) -> int:
    """Make a playlist with these fields and entries. Returns its id. `needs_all`: see `insert`.
    Raises Refused and Invalid."""
    playlist = Playlist(user_id=user_id)
    set_fields(playlist, values)

    def work(_: object) -> int:
        _check_folder(playlist)
        if Playlist.objects.filter(user=user_id).count() >= MOST_PLAYLISTS:
            raise Refused(
                "too_many_playlists",
                gettext("You have %(count)s playlists already.")
                % {"count": intcomma(MOST_PLAYLISTS)},
            )
        playlist.save(force_insert=True)
        if targets:
            insert(playlist, targets, user_id, needs_all=needs_all)
            playlist.save()
        return playlist.pk

    return change_of_several(viewers_of(playlist), work, Area.PLAYLISTS)


def edit(
    user_id: int, playlist_id: int, values: Mapping[str, Any], version: int | None = None
) -> None:
    """Set these fields. Sharing and the folder are for the owner alone.

    Raises what `change_playlist` does, and Invalid.
    """
    is_in_file = not _OF_FILE.isdisjoint(values)
    is_for_owner = not _OF_OWNER.isdisjoint(values)

    def work(playlist: Playlist) -> None:
        if is_in_file:
            check_follows_no_file(playlist)
        if "rules" in values and (playlist.rules is None) != (values["rules"] is None):
            message = gettext(
                "A playlist with entries cannot become a smart one, nor the other way round."
            )
            raise Refused("other_kind", message)
        set_fields(playlist, values)
        _check_folder(playlist)

    change_playlist(
        user_id,
        playlist_id,
        work,
        Right.OWN if is_for_owner else Right.WRITE,
        version=version,
        also_shared=values.get("sharing", Sharing.PRIVATE) != Sharing.PRIVATE,
    )


def delete(user_id: int, playlist_id: int) -> None:
    """Delete a playlist of the user's own; `restore` undoes that for as long as it is kept."""

    def work(playlist: Playlist) -> None:
        playlist.deleted_at = timezone.now()

    change_playlist(user_id, playlist_id, work, Right.OWN)


def restore(user_id: int, playlist_id: int) -> None:
    """Take back that it was deleted; no error if it was not. Raises NoSuchPlaylist."""
    seen = Playlist.objects.filter(pk=playlist_id, user=user_id).first()
    if seen is None:
        raise NoSuchPlaylist

    def work(_: object) -> None:
        playlist = Playlist.objects.select_for_update().filter(pk=playlist_id).first()
        if playlist is None:  # swept a moment ago
            raise NoSuchPlaylist
        if playlist.deleted_at is not None:
            playlist.deleted_at = None
            playlist.version += 1
            playlist.save()

    change_of_several(viewers_of(seen), work, Area.PLAYLISTS)


def set_fields(playlist: Playlist, values: Mapping[str, Any]) -> None:
    """Does not save the playlist. Raises Invalid."""
    for name, value in values.items():
        setattr(playlist, name, value)
    if playlist.rules is not None and "rules" in values:
        playlist.rules = _checked(playlist.rules)
    playlist.name_key = sort_key(playlist.name)
    playlist.search_text = search_text([playlist.name, playlist.description])


def _checked(rules: Any) -> dict[str, Any]:
    try:
        return parse_rules(rules).as_json()
    except BadRules as error:
        raise Invalid(gettext("rules: %(why)s") % {"why": error}) from None


def _check_folder(playlist: Playlist) -> None:
    if playlist.folder_id is None:
        return
    own = PlaylistFolder.objects.filter(pk=playlist.folder_id, user=playlist.user_id)
    if not own.exists():
        raise Invalid(gettext("folder_id: you have no folder %(id)s.") % {"id": playlist.folder_id})
