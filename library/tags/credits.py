"""Who a track is by: names as credited, name by name, with what belongs to each."""

from collections.abc import Sequence
from typing import NamedTuple

from library.tags import cleaning
from library.tags.remembering import Fields


class Credit(NamedTuple):
    """`sort_names` and `ids` are those of `names` by position, or empty."""

    text: str = ""
    names: tuple[str, ...] = ()
    sort_names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


def credit(role: str, fields: Fields, separators: Sequence[str]) -> Credit:
    """The credit for `role`, whose fields are `role`, its plural, `role_sort` and the ids.

    Picard writes the credit as the sleeve has it in one field ("A feat. B"), and its names in
    another; other taggers repeat the one field for each name.
    """
    credited = cleaning.texts(fields.get(role, ()))
    listed = cleaning.texts(fields.get(f"{role}s", ()))
    names = tuple(cleaning.split(listed or credited, separators))
    if not names:
        return Credit()
    sort_names = cleaning.split(cleaning.texts(fields.get(f"{role}_sort", ())), separators)
    ids = cleaning.musicbrainz_ids(fields.get(f"musicbrainz_{role}s", ()))
    return Credit(
        text=cleaning.text(", ".join(credited or listed)),
        names=names,
        sort_names=tuple(sort_names) if len(sort_names) == len(names) else (),
        ids=ids if len(ids) == len(names) else (),
    )
