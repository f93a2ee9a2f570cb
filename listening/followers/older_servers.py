"""Keeps what people made of rows that a server of the version before deletes.

While several servers are upgraded one after the other, the older ones go on scanning and purging
the database that the first has brought up to date. They do not know the tables of this app: where
anything in these points at a row, the database would not delete it, and the scan would fail. So
triggers of the database do what `OwnThings.purge` does. Where this version deletes a row, nothing
points at it any more, and they do nothing.

The triggers know no match keys, and nothing of joins. `heal` makes up for both.

They are dropped before each migration and made after it: SQLite loses those of a table that a
migration makes anew, and makes no table anew that a trigger names.

The next version of mus will not need this module.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from library.models.tombstones import Catalogue, Tombstone
from library.queries.tombstones import living_ids
from listening.followers.lost import FOLLOWERS, give
from listening.lost import add_match_keys
from listening.models import LostItem, LostKind, NowPlaying
from runtime.turns import write_in_turn

PORTION = 500
CATALOGUE: dict[LostKind, Catalogue] = {
    LostKind.TRACK: Track,
    LostKind.ALBUM: Album,
    LostKind.ARTIST: Artist,
    LostKind.FOLDER: Folder,
}

_NOTHING = "''"
_FACTS: dict[LostKind, tuple[str, ...]] = {
    LostKind.TRACK: (
        *("OLD.title", "OLD.artist", "OLD.album_title", "OLD.duration_s"),
        *("OLD.musicbrainz_recording_id", "OLD.audio_digest", "OLD.root || '/' || OLD.path"),
    ),
    LostKind.ALBUM: (
        *("OLD.title", "OLD.album_artist", _NOTHING, "NULL"),
        *("OLD.musicbrainz_release_id", _NOTHING, _NOTHING),
    ),
    LostKind.ARTIST: (
        *("OLD.name", _NOTHING, _NOTHING, "NULL"),
        *("OLD.musicbrainz_artist_id", _NOTHING, _NOTHING),
    ),
    LostKind.FOLDER: (
        *("OLD.name", _NOTHING, _NOTHING, "NULL"),
        *(_NOTHING, _NOTHING, "OLD.root || '/' || OLD.path"),
    ),
}
"""The columns of a lost item: title, artist, album, duration_s, musicbrainz_id, audio_digest,
path."""
_INSERT = """
INSERT INTO listening_lostitem (
    kind, former_id, lost_at, match_key, path_key,
    title, artist, album, duration_s, musicbrainz_id, audio_digest, path
) SELECT '{kind}', OLD.id, {now}, '', '', {facts}
WHERE NOT EXISTS (SELECT 1 FROM listening_lostitem WHERE kind = '{kind}' AND former_id = OLD.id);
"""
_UPDATE = """
UPDATE {table} SET {column} = NULL, lost_id = (
    SELECT id FROM listening_lostitem WHERE kind = '{kind}' AND former_id = OLD.id
) WHERE {column} = OLD.id;
"""
_IS_USED = "EXISTS (SELECT 1 FROM {table} WHERE {column} = OLD.id)"
_NOW = {"sqlite": "STRFTIME('%Y-%m-%d %H:%M:%f', 'now')", "postgresql": "NOW()"}
_CREATE = {
    "sqlite": (
        "CREATE TRIGGER {name} BEFORE DELETE ON {table} WHEN {is_used} BEGIN {statements} END",
    ),
    "postgresql": (
        """CREATE FUNCTION {name}() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN IF {is_used} THEN {statements} END IF; RETURN OLD; END $$""",
        "CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ),
}
_FORGET = {"name": "listening_forget_playing", "table": Track._meta.db_table}
"""The trigger that forgets what apps play: no person's thing, so nothing is kept of it."""
_FORGET_STATEMENT = "DELETE FROM {table} WHERE track_id = OLD.id;"
_DROP = {
    "sqlite": ("DROP TRIGGER IF EXISTS {name}",),
    "postgresql": ("DROP FUNCTION IF EXISTS {name}() CASCADE",),
}


def drop_triggers(*, using: str, **_: Any) -> None:
    """Receives the signal that migrations begin."""
    connection = connections[using]
    drops = _DROP[connection.vendor]
    named = [*map(_named, LostKind), _FORGET]
    _execute(connection, (each.format(**names) for names in named for each in drops))


def create_triggers(*, using: str, **_: Any) -> None:
    """Receives the signal that migrations are over. Does nothing if these stopped before there are
    all tables."""
    connection = connections[using]
    models: set[Any] = {LostItem, NowPlaying, *(each.model for each in FOLLOWERS)}
    needed = {each._meta.db_table for each in models}
    if needed <= {*connection.introspection.table_names()}:
        drop_triggers(using=using)
        for kind in LostKind:
            _execute(connection, _created(kind, connection.vendor))
        _execute(connection, _created_to_forget(connection.vendor))


def heal() -> int:
    """Give lost items of the triggers their match keys, and those whose row was joined with another
    that one. Returns how many they were, PORTION of each kind at most."""
    return sum(_heal(kind) for kind in LostKind)


def _heal(kind: LostKind) -> int:
    purged = LostItem.objects.filter(kind=kind, former_id__isnull=False)
    joined = Tombstone.objects.filter(kind=kind, replaced_by__isnull=False)
    is_joined = Q(former_id__in=joined.values("row_id"))
    is_without_key = Q(match_key="") & ~Q(title="")
    found = purged.filter(is_joined | is_without_key).order_by("pk")[:PORTION]
    items = {each.former_id: each for each in found if each.former_id is not None}
    if items:
        write_in_turn(partial(_heal_items, kind, items))
    return len(items)


def _heal_items(kind: LostKind, items: Mapping[int, LostItem]) -> None:
    model = CATALOGUE[kind]
    living = living_ids(model, items.keys())
    there = {*model.objects.filter(pk__in=living.values()).values_list("pk", flat=True)}
    give(model, {items[pk].pk: row_id for pk, row_id in living.items() if row_id in there})
    add_match_keys(item for pk, item in items.items() if living.get(pk) not in there)


def _created(kind: LostKind, vendor: str) -> Iterator[str]:
    following = [each for each in FOLLOWERS if each.followed is CATALOGUE[kind]]
    keys = [(each.model._meta.db_table, f"{each.field_name}_id") for each in following]
    used = (_IS_USED.format(table=table, column=column) for table, column in keys)
    insert = _INSERT.format(kind=kind, now=_NOW[vendor], facts=", ".join(_FACTS[kind]))
    updates = [_UPDATE.format(kind=kind, table=table, column=column) for table, column in keys]
    values = {"is_used": " OR ".join(used), "statements": "".join([insert, *updates])}
    for each in _CREATE[vendor]:
        yield each.format(**_named(kind), **values)


def _created_to_forget(vendor: str) -> Iterator[str]:
    table = NowPlaying._meta.db_table
    is_used = _IS_USED.format(table=table, column="track_id")
    values = {"is_used": is_used, "statements": _FORGET_STATEMENT.format(table=table)}
    for each in _CREATE[vendor]:
        yield each.format(**_FORGET, **values)


def _named(kind: LostKind) -> dict[str, str]:
    return {"name": f"listening_keep_{kind}", "table": CATALOGUE[kind]._meta.db_table}


def _execute(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each)
