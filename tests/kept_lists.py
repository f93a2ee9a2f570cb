"""What a server process keeps of lists from request to request."""

from library.postgresql_lists import _last_counts, kept_counts
from library.postgresql_stretches import kept_stretches
from library.track_selection import kept_count


def forget_lists() -> None:
    """As a process that has just started, and as one that is in another library."""
    for kept in (kept_count, kept_counts, kept_stretches):
        kept.cache_clear()
    _last_counts.clear()
