"""Credits: the artists, album artists or composers that a file names, with sort names and ids."""

from collections.abc import Sequence
from typing import NamedTuple

from library.tags import cleaning
from library.tags.remembering import Fields


class Credit(NamedTuple):
    """`text`: the credit as shown. `names`: the single names. `sort_names` and `ids` (MusicBrainz)
    belong to the names at the same positions, or are empty."""

    text: str = ""
    names: tuple[str, ...] = ()
    sort_names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


def credit(role: str, fields: Fields, separators: Sequence[str]) -> Credit:
    """The credit for `role`: "artist", "album_artist" or "composer".

    Picard writes the credit as shown ("A feat. B") to one field, such as "artist", and the single
    names to another, "artists". Other taggers repeat the first field for each name. `separators`:
    texts at which names are split.
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
