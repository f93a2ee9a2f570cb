"""What the library does not have (any more), and how it is recognised when it comes.

- `facts`: what is known of a track, album, artist or folder, and the keys made of that.
- `items`: makes a `LostItem` for rows that are purged, and for imported things.
- `search`: finds the tracks that imported things are about.
- `newcomers`: which lost items are the rows that a scan has just added.
- `shown`: what is shown of their paths.
"""

from listening.lost.facts import Facts
from listening.lost.items import (
    add_match_keys,
    lost_items,
    lost_named,
    lost_of,
    lost_of_each,
    waiting_for,
)
from listening.lost.newcomers import found_again
from listening.lost.search import Found, Matched, find_track, find_tracks
from listening.lost.shown import path_in_folder

__all__ = [
    "Facts",
    "Found",
    "Matched",
    "add_match_keys",
    "find_track",
    "find_tracks",
    "found_again",
    "lost_items",
    "lost_named",
    "lost_of",
    "lost_of_each",
    "path_in_folder",
    "waiting_for",
]
