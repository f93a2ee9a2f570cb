"""Credits: the artists, album artists or composers that a file names, with sort names and ids."""

from typing import NamedTuple

from library.tags import cleaning
from library.tags.remembering import Fields
from library.tags.separation import DOUBLE_BACKSLASH, only_listing, separated


class Credit(NamedTuple):
    """`text`: the credit as shown, `sort_text`: the same by sort names. `names`: the single names.
    `sort_names` and `ids` (MusicBrainz) belong to the names at the same positions, or are empty."""

    text: str = ""
    sort_text: str = ""
    names: tuple[str, ...] = ()
    sort_names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


def credit(role: str, fields: Fields, separators: tuple[str, ...]) -> Credit:
    """The credit for `role`: "artist", "album_artist" or "composer".

    Picard writes the credit as shown ("A feat. B") to one field, such as "artist", and the single
    names to another, "artists". Other taggers repeat the first field for each name. Only a credit
    that is not listed in one of these ways is split at `separators`.
    """
    if role not in fields and f"{role}s" not in fields:
        return Credit()
    credited = cleaning.texts(fields.get(role, ()))
    listed = cleaning.texts(fields.get(f"{role}s", ()))
    sort_texts = cleaning.texts(fields.get(f"{role}_sort", ()))
    ids = cleaning.musicbrainz_ids(fields.get(f"musicbrainz_{role}s", ()))
    text = cleaning.text(", ".join(credited or listed))
    names = listed or credited
    if len(names) == 1:
        names = _names_in(names[0], text, separators, sort_texts, ids)
    if not names:
        return Credit()
    sort_names = _sort_names(sort_texts, len(names), separators)
    return Credit(
        text=text,
        sort_text=cleaning.text("; ".join(sort_texts)),
        names=tuple(names),
        sort_names=tuple(sort_names),
        ids=ids if len(ids) == len(names) else (),
    )


def _names_in(
    value: str,
    text: str,
    separators: tuple[str, ...],
    sort_texts: list[str],
    ids: tuple[str, ...],
) -> list[str]:
    """The names in a single value: one, if the file's ids or sort names say that there is one.

    `text`: the credit as shown, which differs from the value if that comes from a list.
    """
    if DOUBLE_BACKSLASH in value:
        return cleaning.texts(value.split(DOUBLE_BACKSLASH))
    names = _joined_list(value, text) or separated(value, separators)
    if len(names) < 2 or len(ids) == len(names):  # noqa: PLR2004
        return names
    is_one = len(ids) == 1 or _sort_count(value, names, sort_texts, separators) != len(names)
    return [value] if is_one else names


def _sort_count(
    value: str, names: list[str], sort_texts: list[str], separators: tuple[str, ...]
) -> int:
    """How many names the file has sort names for. Those of a single text are only counted if the
    names were not split at commas, which single sort names contain: `Palmer, Amanda`."""
    if len(sort_texts) > 1:
        return len(sort_texts)
    listing = only_listing(separators)
    if not sort_texts or len(separated(value, listing)) != len(names):
        return len(names)
    return len(separated(sort_texts[0], listing))


def _joined_list(value: str, text: str) -> list[str]:
    """The names in a list that a tagger wrote as one value, as ID3v2.3 requires. It is one if the
    credit as shown has all of its names, but with other words between them."""
    if value not in text:
        for separator in (";", "/"):
            names = [name for part in value.split(separator) if (name := part.strip())]
            if len(names) > 1 and all(name in text for name in names):
                return names
    return []


def _sort_names(sort_texts: list[str], count: int, separators: tuple[str, ...]) -> list[str]:
    """One sort name for each of `count` names, or none."""
    if len(sort_texts) == 1 and count > 1:
        sort_texts = separated(sort_texts[0], only_listing(separators))
    return sort_texts if len(sort_texts) == count else []
