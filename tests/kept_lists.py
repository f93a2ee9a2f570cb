"""What a server process keeps of lists from request to request."""

from library.matches import kept_matches
from library.shuffles import _last_counts
from library.stretches import kept_span, kept_stretches
from library.track_counts import kept_counts


def forget_lists() -> None:
    """As a process that has just started, and as one that is in another library."""
    for kept in (kept_counts, kept_matches, kept_span, kept_stretches):
        kept.cache_clear()
    _last_counts.clear()
