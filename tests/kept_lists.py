"""What a server process keeps of lists from request to request."""

from library.postgresql_halves import span_of
from library.postgresql_lists import do_most_match
from library.track_selection import kept_count, kept_matches


def forget_lists() -> None:
    """As a process that has just started, and as one that is in another library."""
    for kept in (kept_count, kept_matches, do_most_match, span_of):
        kept.cache_clear()
