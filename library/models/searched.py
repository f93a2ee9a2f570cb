"""What of a track is searched, and the year by which lists sort it. Scans compute both for the
files they read, migrations for the rows that are stored."""

from collections.abc import Iterable

from library.models.folding import search_text


def searched_text(
    names: Iterable[str], genres: Iterable[str], years: Iterable[int | str | None]
) -> str:
    """The search text: names first, then genres and years. Of a date only its year counts."""
    texts = [*names, *genres, *(str(year)[:4] for year in years if year)]
    return search_text(dict.fromkeys(texts))


def first_year(original_date: str, year: int | None) -> int | None:
    """The year of the original release, else that of this one."""
    return int(original_date[:4]) if original_date else year
