"""Stores the artists that the credits of a batch of tracks name (`library.scanning.credits`).

An artist is known by the key of its name and by the MusicBrainz id that files state for that name.
Files without an id say only the name; if several artists have that name, the batch credits any of
them, and `library.scanning.namesakes` finds out later which one is meant.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from library import followers
from library.models.catalogue import Artist, TrackArtist, name_key_of, namesake_key
from library.models.folding import name_key, sort_key
from library.models.revision import NextRevision
from library.models.searched import artist_text
from library.scanning.credits import ArtistKey, Credited, Named, Position
from library.scanning.lookup import newest_id, rows_among, rows_made_after
from library.scanning.upsert import Row, Update, Upsert

_COLUMNS = ("name", "sort_name", "musicbrainz_artist_id", "sort_key", "name_key", "search_text")
_NEW = Upsert(
    Artist,
    ("key", *_COLUMNS, "revision"),
    unique=("key",),
    kept=("key", *_COLUMNS, "revision"),
)
_CHANGED = Update(Artist, (*_COLUMNS, "revision"))

CREDIT_COLUMNS = ("track_id", "artist_id", "role", "position", "instrument")
_PLAIN_CREDITS = Upsert(TrackArtist, CREDIT_COLUMNS)
_OTHER_CREDITS = Upsert(TrackArtist, (*CREDIT_COLUMNS, "is_identified", "credited_as"))


class StoredArtist(NamedTuple):
    """A row of the table of artists."""

    id: int
    named: Named


ArtistIds = Mapping[ArtistKey, int]


class CreditRows(NamedTuple):
    """Rows of credits. `plain`: those with the values of CREDIT_COLUMNS alone, which are most.
    `others`: those whose file states an id or spells the artist otherwise."""

    plain: list[Row]
    others: list[Row]


class PreparedArtists(NamedTuple):
    """What `store_artists` has to write, and to which row each name goes.

    `ids`: of artists that are stored. `names`: how artists are shown. `new` and `changed`: rows to
    insert and to update. `same_as`: of names for which a file states no id, the artist that they
    belong to, or one of several of that name. `kept`: of known tracks, by the track's id and the
    key of such a name, the one of several artists that the track credits already.
    """

    ids: dict[ArtistKey, int]
    names: dict[ArtistKey, str]
    new: dict[ArtistKey, Row]
    changed: list[Row]
    same_as: dict[ArtistKey, ArtistKey]
    kept: dict[tuple[int, str], StoredArtist]

    def id_of(self, track_id: int, position: Position) -> int | None:
        """The id of the artist at this position of a known track; None if it is not stored yet."""
        if kept := self._kept(track_id, position):
            return kept.id
        return self.ids.get(self.same_as.get(position.artist, position.artist))

    def _kept(self, track_id: int, position: Position) -> StoredArtist | None:
        key, musicbrainz_artist_id = position.artist
        return None if musicbrainz_artist_id else self.kept.get((track_id, key))

    def credit_rows(self, tracks: Iterable[tuple[int, Credited]], ids: ArtistIds) -> CreditRows:
        """A row for each credit of the tracks, which come with their ids. `ids`: those of all
        artists of the batch."""
        plain: list[Row] = []
        others: list[Row] = []
        names = self.names
        for track_id, track in tracks:
            for position in track.positions:
                role, place, artist, name, instrument = position
                if self.kept and (kept := self._kept(track_id, position)):
                    credited_as = None if name == kept.named.name else name
                    others.append((track_id, kept.id, role, place, instrument, False, credited_as))
                elif artist[1] or name != names[artist]:
                    credited_as = None if name == names[artist] else name
                    is_identified = bool(artist[1])
                    row = track_id, ids[artist], role, place, instrument, is_identified, credited_as
                    others.append(row)
                else:
                    plain.append((track_id, ids[artist], role, place, instrument))
        return CreditRows(plain, others)


def prepare_artists(
    batch: Collection[Credited], known_tracks: Collection[int] = ()
) -> PreparedArtists:
    """Find out which artists `store_artists` has to write: new ones, and stored ones that lack a
    sort name or id which the tags of this batch state. Only reads the database.

    `known_tracks`: the ids of those tracks of the batch that are stored already.
    """
    wanted = _wanted(batch)
    stored = _stored(wanted)
    prepared = PreparedArtists({}, {}, {}, [], {}, {})
    for key, by_id in wanted.items():
        if key in stored or len(by_id) > 1:
            rows = {row.named.musicbrainz_artist_id: row for row in stored[key].values()}
            if "" in rows and (learned := _learned_id(batch, key, by_id.keys() - rows.keys())):
                rows[learned] = rows.pop("")
            _assign(prepared, key, by_id, rows, is_taken=key in stored[key])
        else:  # the usual case, done quickly
            for musicbrainz_artist_id, named in by_id.items():
                _add_new(prepared, (key, musicbrainz_artist_id), key, named)
    if known_tracks:
        prepared.kept.update(_kept_namesakes(known_tracks))
    return prepared


def search_texts_of(prepared: PreparedArtists) -> Iterator[str]:
    """The search texts of the artists that `store_artists` writes."""
    place = _COLUMNS.index("search_text")
    yield from (str(row[1 + place]) for row in prepared.new.values())
    yield from (str(row[place]) for row in prepared.changed)


def store_artists(prepared: PreparedArtists, revision: NextRevision) -> dict[ArtistKey, int]:
    """Write the artists in the caller's transaction. Returns the ids of the batch's artists."""
    ids = dict(prepared.ids)
    _CHANGED.execute([(*row[:-1], revision.number, row[-1]) for row in prepared.changed])
    if prepared.new:
        newest, number = newest_id(Artist), revision.number
        _NEW.execute([(*row, number) for row in prepared.new.values()])
        made = dict(rows_made_after(Artist, ("key", "id"), newest))
        followers.link(Artist, [*made.values()], revision)
        if missed := {str(row[0]) for row in prepared.new.values()} - made.keys():
            # An earlier attempt inserted them: its commit succeeded, but the connection was lost
            # before the answer arrived.
            made |= dict(rows_among(Artist, ("key", "id"), "key", missed))
        ids |= {artist: made[row[0]] for artist, row in prepared.new.items()}
    return ids | {name: ids[artist] for name, artist in prepared.same_as.items()}


def store_credits(rows: CreditRows) -> None:
    """Write credits of tracks that have none in the caller's transaction."""
    _PLAIN_CREDITS.execute(rows.plain)
    _OTHER_CREDITS.execute(rows.others)


def _wanted(batch: Iterable[Credited]) -> dict[str, dict[str, Named]]:
    """The artists that the batch names: by the key of the name, and then by id."""
    wanted: defaultdict[str, dict[str, Named]] = defaultdict(dict)
    # Equal credits are mostly one object, see `_one_role`.
    shared = {id(role): role for each in batch for role in each.roles}
    for role in shared.values():
        for key, each in role.named:
            by_id = wanted[key]
            known = by_id.get(each.musicbrainz_artist_id)
            if known is None:
                by_id[each.musicbrainz_artist_id] = each
            elif not known.sort_name:
                by_id[each.musicbrainz_artist_id] = _fuller(known, each)
    return wanted


def _stored(wanted: Mapping[str, Collection[str]]) -> defaultdict[str, dict[str, StoredArtist]]:
    """The stored artists that may be those of `wanted`, by the key of the name, and then by their
    own: the one that has the name's key, and those that have one of the ids."""
    namesakes = (namesake_key(key, id_) for key, ids in wanted.items() for id_ in ids if id_)
    columns = ("key", "id", "name", "sort_name", "musicbrainz_artist_id")
    found: defaultdict[str, dict[str, StoredArtist]] = defaultdict(dict)
    for key, pk, *named in sorted(rows_among(Artist, columns, "key", [*wanted, *namesakes])):
        found[name_key_of(key)][key] = StoredArtist(pk, Named(*named))
    return found


def _learned_id(batch: Iterable[Credited], key: str, new_ids: Collection[str]) -> str:
    """The id that the artist without one takes: of the new ids that the batch states for the name,
    the one of most tracks. Each further id makes an artist of its own."""
    if len(new_ids) <= 1:
        return next(iter(new_ids), "")
    counts = Counter(
        position.artist[1]
        for each in batch
        for position in each.positions
        if position.artist[0] == key and position.artist[1] in new_ids
    )
    return min(counts, key=lambda new_id: (-counts[new_id], new_id))


def _assign(
    prepared: PreparedArtists,
    key: str,
    named: Mapping[str, Named],
    rows: Mapping[str, StoredArtist],
    *,
    is_taken: bool,
) -> None:
    """Work out which rows the artists of one name go to. `named`: what the batch states, by id.
    `rows`: those that are stored, by id. `is_taken`: one of them has the key of the name."""
    stated = _without_empty_id(prepared, key, named, rows) if "" in named else named
    for musicbrainz_artist_id in dict.fromkeys([*rows, *stated]):
        artist, row = (key, musicbrainz_artist_id), rows.get(musicbrainz_artist_id)
        if row is not None:
            _add_stored(prepared, artist, row, stated.get(musicbrainz_artist_id, row.named))
        else:
            own_key = namesake_key(*artist) if is_taken else key
            _add_new(prepared, artist, own_key, stated[musicbrainz_artist_id])
            is_taken = True
    if (key, "") in prepared.same_as:
        prepared.names[key, ""] = prepared.names[prepared.same_as[key, ""]]


def _without_empty_id(
    prepared: PreparedArtists, key: str, named: Mapping[str, Named], rows: Collection[str]
) -> dict[str, Named]:
    """What the batch states, by id, where a name without an id belongs to one that has one. `rows`:
    the ids of the rows of that name."""
    stated = dict(named)
    without_id = stated.pop("")
    others = {**dict.fromkeys(rows), **dict.fromkeys(stated)}
    target = next(iter(others), "")
    if target:
        prepared.same_as[key, ""] = (key, target)
    if len(others) <= 1:
        known = stated.get(target)
        stated[target] = _fuller(known, without_id) if known else without_id
    return stated


def _add_stored(
    prepared: PreparedArtists, artist: ArtistKey, row: StoredArtist, of_files: Named
) -> None:
    prepared.ids[artist] = row.id
    prepared.names[artist] = row.named.name
    named = _fuller(row.named, of_files)._replace(musicbrainz_artist_id=artist[1])
    if named != row.named:
        prepared.changed.append((*_values(named), row.id))


def _add_new(prepared: PreparedArtists, artist: ArtistKey, own_key: str, of_files: Named) -> None:
    if of_files.musicbrainz_artist_id != artist[1]:
        of_files = of_files._replace(musicbrainz_artist_id=artist[1])
    prepared.new[artist] = (own_key, *_values(of_files))
    prepared.names[artist] = of_files.name


def _kept_namesakes(track_ids: Collection[int]) -> dict[tuple[int, str], StoredArtist]:
    """Which artists the tracks credit that have the name of another."""
    of_credit = ("is_identified", "track_id", "artist_id")
    # Credits without an id come last, and count more than those with one.
    credits_ = sorted(rows_among(TrackArtist, of_credit, "track_id", track_ids), reverse=True)
    artists = {artist_id for _, _, artist_id in credits_}
    columns = ("id", "key", "name", "sort_name", "musicbrainz_artist_id")
    namesakes = {
        pk: (name_key_of(key), StoredArtist(pk, Named(*named)))
        for pk, key, *named in rows_among(Artist, columns, "id", artists)
        if name_key_of(key) != key
    }
    found: dict[tuple[int, str], StoredArtist] = {}
    for _, track_id, artist_id in credits_:
        if artist_id in namesakes:
            key, row = namesakes[artist_id]
            found[track_id, key] = row
    return found


def _values(named: Named) -> Row:
    """The values of _COLUMNS."""
    return (
        *named,
        sort_key(named.name, named.sort_name),
        name_key(named.name),
        artist_text(named.name, named.sort_name),
    )


def _fuller(one: Named, other: Named) -> Named:
    """`one`, with its empty texts filled from `other`."""
    return Named(
        one.name,
        one.sort_name or other.sort_name,
        one.musicbrainz_artist_id or other.musicbrainz_artist_id,
    )
