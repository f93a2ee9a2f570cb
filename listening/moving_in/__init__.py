"""Brings in what users made on another server: favourites, ratings, play counts, plays, bookmarks
and playlists.

- `brought`: what a source tells, in one form for all sources.
- `navidrome`, `subsonic`: the sources.
- `targets`: which tracks, albums and artists of this library it is about.
- `storing`: writes what is new.
- `bringing_in`: the whole way, and the report.
"""

from listening.moving_in.bringing_in import Report, bring_in
from listening.moving_in.brought import CannotRead

__all__ = ["CannotRead", "Report", "bring_in"]
