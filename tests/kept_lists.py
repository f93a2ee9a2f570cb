"""What a server process keeps of lists from request to request."""

from library.queries.matches import kept_matches
from library.queries.shuffles import _last_counts
from library.queries.stretches import kept_span, kept_stretches
from library.queries.track_counts import kept_counts


def forget_lists() -> None:
    """As a process that has just started, and as one that is in another library."""
    for kept in (kept_counts, kept_matches, kept_span, kept_stretches):
        kept.cache_clear()
    _last_counts.clear()
