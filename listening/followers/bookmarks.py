"""Bookmarks in tracks."""

from listening import bookmarks
from listening.changes import Area
from listening.followers.one_for_each import OneForEach
from listening.models import Bookmark


class Bookmarks(OneForEach):
    """Of two, the later one stays."""

    model = Bookmark
    field_name = "track"
    noun = "bookmark"
    area = Area.BOOKMARKS
    what = bookmarks.WHAT
    kept = ("position_s", "comment", "is_by_hand", "created_at", "changed_at")

    def unite(self, stays: Bookmark, goes: Bookmark) -> bool:
        is_later = goes.changed_at > stays.changed_at
        if is_later:
            for name in self.kept:
                setattr(stays, name, getattr(goes, name))
        return is_later
