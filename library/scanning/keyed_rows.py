"""Rows that are found by the key of their name: genres and record labels.

A batch first finds out which of its rows are stored (`prepare`, outside the transaction), then
writes the others (`store`, inside it).
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from library.models.folding import identity_key, sort_key
from library.models.genres import Genre, Label
from library.models.revision import NextRevision
from library.scanning.lookup import newest_id, rows_among, rows_made_after
from library.scanning.upsert import Row, Upsert

Keyed = type[Genre] | type[Label]


class PreparedRows(NamedTuple):
    """Rows of a batch, by key: `ids` of those that are stored, `rows` of those to write."""

    ids: dict[str, int]
    rows: dict[str, Row]


def prepare_names(model: Keyed, names: Iterable[str]) -> PreparedRows:
    """Find out which of these genres or labels are new. Only reads the database."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(identity_key(name), name)
    ids = dict(rows_among(model, ("key", "id"), "key", by_key))
    new = ((key, name) for key, name in by_key.items() if key not in ids)
    return PreparedRows(ids, {key: (key, name, sort_key(name)) for key, name in new})


def store_names(model: Keyed, prepared: PreparedRows, revision: NextRevision) -> dict[str, int]:
    """Write the new genres or labels in the caller's transaction. Returns the ids of all that were
    prepared, by key."""
    if not prepared.rows:
        return prepared.ids
    newest = newest_id(model)
    _NAMES[model].execute([(*row, revision.number) for row in prepared.rows.values()])
    ids = prepared.ids | dict(rows_made_after(model, ("key", "id"), newest))
    # Rows that were inserted by an earlier attempt: its commit succeeded, but the connection was
    # lost before the answer arrived.
    return ids | _stored_ids(model, prepared.rows.keys() - ids.keys())


def _stored_ids(model: Keyed, keys: Collection[str]) -> dict[str, Any]:
    return dict(rows_among(model, ("key", "id"), "key", keys))


_NAME_COLUMNS = ("key", "name", "sort_key", "revision")
_NAMES = {
    model: Upsert(model, _NAME_COLUMNS, unique=("key",), kept=_NAME_COLUMNS)
    for model in (Genre, Label)
}
