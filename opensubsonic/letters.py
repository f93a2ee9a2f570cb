"""The letters under which artists and folders are listed: A to Z, then `#` for the rest."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

OTHERS = "#"


def letter_of(sort_key: str) -> str:
    """`sort_key`: of the name, in plain small letters without a leading article."""
    first = sort_key[:1].upper()
    return first if "A" <= first <= "Z" else OTHERS


def index_of(named: Iterable[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The entries, each with its sort key, by their letters; they are in order."""
    entries: dict[str, list[dict[str, Any]]] = {}
    for sort_key, entry in named:
        entries.setdefault(letter_of(sort_key), []).append(entry)
    in_order = sorted(entries, key=lambda letter: (letter == OTHERS, letter))
    return [{"name": letter, "artist": entries[letter]} for letter in in_order]


def ignored_articles() -> str:
    return " ".join(settings.IGNORED_ARTICLES)
