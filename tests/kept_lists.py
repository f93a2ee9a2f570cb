"""What a server process keeps of lists from request to request."""

from library.queries import groupings, lists, search


def forget_lists() -> None:
    """As a process that has just started, and as one that is in another library."""
    for kept in (lists.kept_matches, lists.kept_order, lists.checked_rows, lists.walked_rows):
        kept.cache_clear()
    for kept in (groupings.kept_groups, search.kept_standing, search.kept_names):
        kept.cache_clear()
