"""What a server process keeps of lists from request to request."""

from library.queries import corrections, groupings, lists, search


def forget_lists() -> None:
    """As a process that has just started, and as one that is in another library."""
    of_lists = (lists.kept_matches, lists.kept_order, lists.checked_rows, lists.walked_rows)
    of_searches = (search.kept_standing, search.kept_names)
    for kept in (*of_lists, *of_searches, groupings.kept_groups):
        kept.cache_clear()
    for searches in corrections.KEPT:
        searches.cache_clear()
