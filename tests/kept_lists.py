"""What a server process keeps of lists from request to request."""

from library.queries.lists import kept_matches


def forget_lists() -> None:
    """As a process that has just started, and as one that is in another library."""
    kept_matches.cache_clear()
