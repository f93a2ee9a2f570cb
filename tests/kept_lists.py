"""What a server process keeps of lists from request to request."""

from library.queries import (
    corrections,
    discographies,
    groupings,
    id_arrays,
    letters,
    lists,
    numbered_albums,
    rankings,
    scan_changes,
    search_pages,
    searched_names,
    similar_artists,
    standing,
)
from library.scanning import words
from listening.play_totals import kept_totals
from listening.playlists.rows import forget_covers
from listening.searching.filters import kept_ids_of
from listening.statistics import kept_statistics
from opensubsonic.kept_answers import kept_answers
from opensubsonic.sync_positions import kept_walks


def forget_lists() -> None:
    """As a process that has just started, and as one that is in another library."""
    of_lists = (
        *(lists.kept_matches, lists.kept_ids, lists.kept_order, lists.kept_values_order),
        *(lists.checked_rows, lists.walked_rows, lists.kept_set, rankings.kept_ranking),
    )
    of_searches = (standing.kept_standing, searched_names.kept_names, *search_pages.KEPT)
    of_pages = (letters.letters_of, similar_artists.similar_artists, scan_changes.days_of)
    of_arrays = (id_arrays.kept_id_array, id_arrays.kept_list_ids, *numbered_albums.KEPT)
    more = (groupings.kept_groups, kept_totals, kept_ids_of, *of_pages)
    for kept in (*of_lists, *of_arrays, *of_searches, *more):
        kept.cache_clear()
    forget_covers()
    discographies.forget()
    words.forget()
    kept_statistics.forget()
    kept_walks.forget()
    kept_answers.forget()
    for searches in corrections.KEPT:
        searches.cache_clear()
