"""What tests ask about the rows of folders."""

import os

from django.db.models import Sum

from library.models.catalogue import Track
from library.models.folders import Folder
from library.models.revision import Revision

Counts = dict[str, tuple[int, int]]


def assert_counts_are_right() -> None:
    """The counts of all folders fit the tracks and the folders below them."""
    for folder in Folder.objects.all():
        own = Track.objects.present().filter(folder=folder).count()
        below = folder.folders.aggregate(total=Sum("total_track_count"))["total"] or 0
        assert (folder.track_count, folder.total_track_count) == (own, own + below), folder.path
        parent = os.path.dirname(folder.path) if folder.path else None
        assert (folder.parent.path if folder.parent else None) == parent


def counts() -> Counts:
    """The counts of the listed folders, by path."""
    return {
        folder.path: (folder.track_count, folder.total_track_count)
        for folder in Folder.objects.listed()
    }


def ids() -> dict[str, int]:
    return dict(Folder.objects.listed().values_list("path", "pk"))


def revision() -> int:
    return Revision.objects.get().number
