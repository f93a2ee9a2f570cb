"""Genres, with their counts."""

from typing import Any

from library.queries.groupings import Group


def genre(group: Group) -> dict[str, Any]:
    """A `Genre` of the protocol. All three fields are needed."""
    return {
        "value": group.name,
        "songCount": group.track_count,
        "albumCount": group.album_count,
    }
