"""Splits a text that names several artists, such as `A feat. B; C`."""

import re
from collections.abc import Sequence
from functools import lru_cache

from library.tags import cleaning
from library.tags.undivided_names import UNDIVIDED_NAME

DOUBLE_BACKSLASH = "\\\\"
"""Stands between the values of a list in Mp3tag's window; some programs write it to files."""
_PLACE = "\ue000{}\ue001"
_PLACES = re.compile("\ue000([0-9]+)\ue001")
# Bounded, since a search would take quadratic time in long rows of blanks.
_BLANKS = r"\s{1,9}"
_BLANKS_OR_BRACKET = r"(?:\s{1,9}|\s{0,9}[(\[])"
_BRACKETS = {")": "(", "]": "["}


def separated(text: str, separators: tuple[str, ...]) -> list[str]:
    """The names in `text`, which is split at each of `separators`, whatever their case.

    Names in `undivided_names` stay whole. A separator that begins with a space also matches behind
    an opening bracket: `A (feat. B)`.
    """
    lowered = text.lower()
    for core in _cores(separators):
        if core in lowered:
            break
    else:
        return [text]
    at = _pattern(separators)
    if not at.search(text):
        return [text]
    whole: list[str] = []

    def keep_whole(found: re.Match[str]) -> str:
        whole.append(found[0])
        return _PLACE.format(len(whole) - 1)

    text = UNDIVIDED_NAME.sub(keep_whole, text.replace("\ue000", "").replace("\ue001", ""))
    parts = (_PLACES.sub(lambda found: whole[int(found[1])], part) for part in at.split(text))
    return cleaning.texts([*map(_without_half_brackets, parts)])


@lru_cache(maxsize=16)
def _cores(separators: tuple[str, ...]) -> tuple[str, ...]:
    """Texts of which a text that any separator splits has one: a quick test before the search."""
    cores = {each.strip().lower() or " " for each in separators if each}
    return tuple(
        core for core in cores if not any(other in core for other in cores if other != core)
    )


@lru_cache(maxsize=16)
def _pattern(separators: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(filter(None, separators), key=len, reverse=True)
    return re.compile("|".join(map(_escaped, longest_first)), re.IGNORECASE)


def _escaped(separator: str) -> str:
    pattern = _BLANKS.join(map(re.escape, separator.split(" "))) if separator.strip() else _BLANKS
    if separator.startswith(" ") and any(map(str.isalpha, separator)):
        return _BLANKS_OR_BRACKET + pattern.removeprefix(_BLANKS)
    return pattern


def _without_half_brackets(part: str) -> str:
    """`B)` → `B`."""
    part = part.strip()
    while part and (opening := _BRACKETS.get(part[-1])) and opening not in part:
        part = part[:-1]
    return part


def outside_brackets(text: str, *separators: str) -> list[str]:
    """`text`, split at each of `separators` that does not stand in brackets, as that in
    `Techno (Peak / Time)` does."""
    if not any(separator in text for separator in separators):
        return [text]
    parts, depth, start, at = [], 0, 0, 0
    while at < len(text):
        depth = max(0, depth + (text[at] in "([") - (text[at] in ")]"))
        ended = () if depth else (each for each in separators if text.startswith(each, at))
        separator = next(iter(ended), "")
        if separator:
            parts.append(text[start:at])
            start = at + len(separator)
        at += len(separator) or 1
    return [*parts, text[start:]]


def only_listing(separators: Sequence[str]) -> tuple[str, ...]:
    """The separators without commas, which stand inside single sort names: `Palmer, Amanda`."""
    return tuple(each for each in separators if "," not in each)
