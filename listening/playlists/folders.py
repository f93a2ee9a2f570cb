"""The folders that users sort their own playlists into."""

from collections.abc import Mapping
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, F
from django.utils.translation import gettext

from library.models.folding import sort_key
from listening.changes import Area, change
from listening.models import Playlist, PlaylistFolder
from listening.playlists.refusals import Invalid, Refused

MOST_FOLDERS = 1_000
MOST_DEPTH = 8


class NoSuchFolder(Exception):
    """The user has no folder of this id."""


def folder_rows(user_id: int) -> list[dict[str, Any]]:
    """The user's folders by their names, each with the number of playlists directly in it."""
    counts = dict(
        Playlist.objects.filter(user=user_id, deleted_at=None, folder__isnull=False)
        .order_by()
        .values_list("folder")
        .annotate(number=Count("pk"))
    )
    folders = PlaylistFolder.objects.filter(user=user_id)
    return [
        {**row, "playlist_count": counts.get(row["id"], 0)}
        for row in folders.values("id", "name", "parent_id")
    ]


def make_folder(user_id: int, values: Mapping[str, Any]) -> int:
    """Returns the id of the new folder. Raises Refused and Invalid."""

    def work(number: int) -> int:
        if PlaylistFolder.objects.filter(user=user_id).count() >= MOST_FOLDERS:
            raise Refused(
                "too_many_folders",
                gettext("You have %(count)s folders already.") % {"count": intcomma(MOST_FOLDERS)},
            )
        folder = PlaylistFolder(user_id=user_id)
        _save(folder, values, number)
        return folder.pk

    return change(user_id, work, Area.PLAYLISTS)


def edit_folder(user_id: int, folder_id: int, values: Mapping[str, Any]) -> None:
    """Rename or move a folder. Raises NoSuchFolder and Invalid."""

    def work(number: int) -> None:
        _save(_own(user_id, folder_id), values, number)

    change(user_id, work, Area.PLAYLISTS)


def delete_folder(user_id: int, folder_id: int) -> None:
    """Delete a folder. What is in it moves to the folder above. Raises NoSuchFolder."""

    def work(number: int) -> None:
        folder = _own(user_id, folder_id)
        in_it = Playlist.objects.filter(folder=folder)
        in_it.update(folder=folder.parent_id, version=F("version") + 1)
        below = PlaylistFolder.objects.filter(parent=folder)
        below.update(parent=folder.parent_id, number=number)
        folder.delete()

    change(user_id, work, Area.PLAYLISTS)


def _own(user_id: int, folder_id: int) -> PlaylistFolder:
    folder = PlaylistFolder.objects.filter(pk=folder_id, user=user_id).first()
    if folder is None:
        raise NoSuchFolder
    return folder


def _save(folder: PlaylistFolder, values: Mapping[str, Any], number: int) -> None:
    for name, value in values.items():
        setattr(folder, name, value)
    folder.name_key = sort_key(folder.name)
    folder.number = number
    _check_parent(folder)
    folder.save()


def _check_parent(folder: PlaylistFolder) -> None:
    """Raises Invalid if the folder would be in itself, too deep, or in nobody's folder."""
    parents = dict(
        PlaylistFolder.objects.filter(user=folder.user_id).values_list("pk", "parent_id")
    )
    at, above = folder.parent_id, 0
    if at is not None and at not in parents:
        raise Invalid(gettext("parent_id: you have no folder %(id)s.") % {"id": at})
    while at is not None:
        above += 1
        if at == folder.pk:
            raise Invalid(gettext("parent_id: a folder cannot be in itself."))
        at = parents[at]
    if above + _height(folder.pk, parents) > MOST_DEPTH:
        raise Invalid(
            gettext("parent_id: folders are at most %(depth)d deep.") % {"depth": MOST_DEPTH}
        )


def _height(folder_id: int | None, parents: Mapping[int, int | None]) -> int:
    """How many levels of folders begin with this one."""
    level, height = {folder_id}, 0
    while level and height <= MOST_DEPTH:
        height += 1
        level = {pk for pk, parent in parents.items() if parent is not None and parent in level}
    return height
