"""Which albums and artists an upgrade changed, why, and what their ids became."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bench.upgrade.databases import Database, Row

EXAMPLES = 3
ON_ALBUMS = "SELECT id, path, title, album_id, added_at, missing_since FROM library_track"
STONES = "SELECT kind, row_id, replaced_by FROM library_tombstone"


class Before(NamedTuple):
    """What is compared later: rows of before, by id."""

    tracks: dict[int, Row]
    albums: dict[int, Row]
    artists: dict[int, Row]

    @classmethod
    def of(cls, database: Database) -> "Before":
        return cls(
            _by_id(database.rows(ON_ALBUMS)),
            _by_id(database.rows("SELECT * FROM library_album")),
            _by_id(database.rows("SELECT * FROM library_artist")),
        )


class Change(NamedTuple):
    """An album or artist that is not as before. `rule`: that made it so."""

    kind: str
    rule: str
    name: str
    old_ids: tuple[int, ...]
    new_ids: tuple[int, ...]


def changes(before: Before, now: Before, database: Database) -> list[Change]:
    came_from, went_to = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    for pk, track in before.tracks.items():
        old, new = track["album_id"], now.tracks[pk]["album_id"]
        if old is not None and new is not None:
            came_from[new].add(old)
            went_to[old].add(new)
    return [
        *_joined(came_from, now),
        *_parted(went_to, before, now),
        *(
            change
            for old, news in went_to.items()
            if news == {old} and came_from[old] == {old}
            for column in ("title", "album_artist")
            for change in _renamed(column, before.albums[old], now.albums[old])
        ),
        *_got_or_lost_albums(before, now),
        *_of_artists(before, now, database),
    ]


def _joined(came_from: Mapping[int, set[int]], now: Before) -> Iterator[Change]:
    for new, olds in came_from.items():
        album = now.albums[new]
        if len(olds) > 1:
            yield Change(
                "joined", album["together_by"], album["title"], tuple(sorted(olds)), (new,)
            )


def _parted(went_to: Mapping[int, set[int]], before: Before, now: Before) -> Iterator[Change]:
    for old, news in went_to.items():
        if len(news) > 1:
            rules = {now.albums[new]["apart_by"] for new in news} - {""}
            rule = ", ".join(sorted(rules)) or "no other of its name"
            title = before.albums[old]["title"]
            yield Change("parted", rule, title, (old,), tuple(sorted(news)))


def _got_or_lost_albums(before: Before, now: Before) -> Iterator[Change]:
    for pk, track in before.tracks.items():
        old, new = track["album_id"], now.tracks[pk]["album_id"]
        if (old is None) != (new is None):
            kind = "track on no album any more" if new is None else "track on an album now"
            yield Change(kind, "", track["path"], (old,) if old else (), (new,) if new else ())


def _renamed(column: str, album: Row, other: Row) -> Iterator[Change]:
    if album[column] != other[column]:
        name = f"{album[column]} → {other[column]}"
        yield Change(f"other {column}", other["together_by"], name, (album["id"],), (other["id"],))


def _of_artists(before: Before, now: Before, database: Database) -> Iterator[Change]:
    rows = database.rows(STONES)
    stones = {row["row_id"]: row["replaced_by"] for row in rows if row["kind"] == "artist"}
    for pk, artist in before.artists.items():
        if pk not in now.artists:
            heir = stones.get(pk)
            kind = "artist joined" if heir else "artist gone"
            yield Change(kind, "", artist["name"], (pk,), (heir,) if heir else ())
        elif now.artists[pk]["name"] != artist["name"]:
            name = f"{artist['name']} → {now.artists[pk]['name']}"
            yield Change("artist renamed", "", name, (pk,), (pk,))
    for pk in now.artists.keys() - before.artists.keys():
        yield Change("new artist", "", now.artists[pk]["name"], (), (pk,))


def table(found: list[Change]) -> Iterator[str]:
    """Lines: how often each kind of change was made by each rule, with examples."""
    by_kind = defaultdict[tuple[str, str], list[Change]](list)
    for change in found:
        by_kind[change.kind, change.rule].append(change)
    for (kind, rule), each in sorted(by_kind.items()):
        yield f"{kind}{f' by {rule}' if rule else ''}: {len(each):,}"
        for change in each[:EXAMPLES]:
            yield f"    {change.name}: {_ids(change.old_ids)} → {_ids(change.new_ids)}"


def lost(before: Before, now: Before) -> Iterator[str]:
    """A line for each track whose id or time is another one."""
    for pk, track in before.tracks.items():
        other = now.tracks.get(pk)
        if other is None or other["title"] != track["title"]:
            yield f"track {pk} is not {track['title']} any more"
        elif other["added_at"] != track["added_at"]:
            yield f"track {pk} was added at {track['added_at']}, not {other['added_at']}"


def kept_ids(before: Before, now: Before) -> dict[int, int]:
    """Of each present track whose album has an id of before, that id."""
    return {
        pk: track["album_id"]
        for pk, track in now.tracks.items()
        if track["album_id"] in before.albums and track["missing_since"] is None
    }


def _ids(ids: tuple[int, ...]) -> str:
    return ", ".join(map(str, ids)) or "none"


def _by_id(rows: list[Row]) -> dict[int, Row]:
    return {row["id"]: row for row in rows}
