"""Finds the music folder that a list is to be restricted to."""

from django.db.models import Exists, OuterRef

from library.models.folders import Folder, MusicFolder


class NoSuchMusicFolder(LookupError):
    """No music folder has this number."""


def root_to_filter_by(number: int) -> str | None:
    """The root that the music folder with this number is; None if no other holds present tracks,
    so that there is nothing to filter. Raises NoSuchMusicFolder."""
    tops = Folder.objects.listed().filter(parent=None).order_by()
    others = tops.exclude(root=OuterRef("root"))
    found = MusicFolder.objects.filter(pk=number).annotate(has_others=Exists(others))
    for root, has_others in found.values_list("root", "has_others"):
        return root if has_others else None
    raise NoSuchMusicFolder(number)
