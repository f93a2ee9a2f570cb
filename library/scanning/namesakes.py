"""Artists of one name: which of them a credit means whose file states no MusicBrainz id.

Files state ids for some tracks and none for others, in any order. So a batch credits any of the
artists of that name, and this module works out the right one from all files, when the albums of the
tracks are known:

1. the one that other credits of the album identify,
2. else the one that credits in the track's folder identify,
3. else the one that most tracks identify.

If no file states an id for the name any more, there is one artist of that name.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from library.models.albums import Album
from library.models.catalogue import Artist, Track, TrackArtist, name_key_of
from library.models.revision import NextRevision
from library.models.successions import Succession
from library.scanning.artist_totals import touch_artists
from library.scanning.upsert import Update

_TO_ARTIST = Update(TrackArtist, ("artist_id", "credited_as"))
_KEY = Update(Artist, ("key",))
_OF_PRESENT_TRACKS = Q(track__missing_since__isnull=True)


class Namesake(NamedTuple):
    """One of several artists of a name."""

    id: int
    name: str
    musicbrainz_artist_id: str


class Move(NamedTuple):
    """A credit that means another artist than it says. `is_left`: no credit identifies the artist
    that it said, who therefore loses all credits."""

    credit_id: int
    track_id: int
    album_id: int | None
    artist_id: int
    successor_id: int
    credited_as: str | None
    is_left: bool


class _Credit(NamedTuple):
    """A credit whose file states no id."""

    id: int
    artist_id: int
    credited_as: str | None
    track_id: int
    album_id: int | None
    folder_id: int | None


class _Votes:
    """How many tracks name each artist, by album, by folder and in all. Tracks that are present
    count before missing ones; of two equal artists the one with the lower MusicBrainz id wins,
    which every order of files gives."""

    def __init__(self, namesakes: Iterable[Namesake]) -> None:
        self._ids = {each.id: each.musicbrainz_artist_id for each in namesakes}
        self._in = defaultdict[tuple[str, int], Counter[int]](Counter)
        self._present_in = defaultdict[tuple[str, int], Counter[int]](Counter)

    def add(
        self, artist_id: int, album: int | None, folder: int | None, tracks: int, present: int
    ) -> None:
        for place in _places(album, folder):
            self._in[place][artist_id] += tracks
            self._present_in[place][artist_id] += present

    def winner(self, album: int | None, folder: int | None) -> int:
        place = next(place for place in _places(album, folder) if place in self._in)
        counts, present = self._in[place], self._present_in[place]
        return min(counts, key=lambda pk: (-present[pk], -counts[pk], self._ids[pk], pk))


def names_of_several() -> list[list[Namesake]]:
    """The artists whose name another artist has as well, by name."""
    further = Artist.objects.filter(key__contains="\n").order_by().values_list("key", flat=True)
    names = sorted({name_key_of(key) for key in further})
    if not names:
        return []
    artists = Artist.objects.filter(Q(key__in=names) | Q(key__contains="\n")).order_by("key")
    groups: dict[str, list[Namesake]] = {name: [] for name in names}
    for key, pk, *shown in artists.values_list("key", "pk", "name", "musicbrainz_artist_id"):
        groups[name_key_of(key)].append(Namesake(pk, *map(str, shown)))
    return list(groups.values())


def misplaced_credits(namesakes: Sequence[Namesake]) -> list[Move]:
    """The credits without an id that mean another of these artists. Only reads the database."""
    of_these = TrackArtist.objects.filter(artist__in=[each.id for each in namesakes]).order_by()
    columns = ("pk", "artist", "credited_as", "track", "track__album", "track__folder")
    unidentified = of_these.filter(is_identified=False)
    credits_ = [_Credit(*row) for row in unidentified.values_list(*columns)]
    if not credits_:
        return []
    votes, identified = _votes(of_these, namesakes)
    names = {each.id: each.name for each in namesakes}
    moves = (
        _move(each, votes.winner(each.album_id, each.folder_id), names, identified)
        for each in credits_
    )
    return sorted(move for move in moves if move.artist_id != move.successor_id)


def move_credits(moves: Sequence[Move], revision: NextRevision) -> None:
    """Write the moves in the caller's transaction."""
    _TO_ARTIST.execute([(each.successor_id, each.credited_as, each.credit_id) for each in moves])
    number = revision.number
    Track.objects.filter(pk__in={each.track_id for each in moves}).update(revision=number)
    touch_artists({each.artist_id for each in moves}, revision)
    albums = {each.album_id for each in moves if each.album_id}
    Album.objects.filter(pk__in=albums).update(revision=number)
    left = {each.artist_id: each.successor_id for each in moves if each.is_left}
    Succession.objects.bulk_create(
        [Succession(artist_id=pk, successor_id=successor) for pk, successor in left.items()],
        ignore_conflicts=True,
    )


def free_keys() -> list[tuple[str, int]]:
    """The keys of names that no artist has, since the one that had it is gone; each with the id of
    the oldest artist of that name."""
    further = Artist.objects.filter(key__contains="\n").order_by("-pk").values_list("key", "pk")
    oldest = {name_key_of(key): pk for key, pk in further}
    taken = Artist.objects.filter(key__in=oldest).values_list("key", flat=True)
    return [(key, oldest[key]) for key in sorted(oldest.keys() - set(taken))]


def give_keys(keys: Sequence[tuple[str, int]], _: NextRevision) -> None:
    """Give the keys to these artists, in the caller's transaction. Lists show nothing of that."""
    _KEY.execute(keys)


def _votes(
    of_these: QuerySet[TrackArtist], namesakes: Sequence[Namesake]
) -> tuple[_Votes, Collection[int]]:
    """The votes, and which artists are identified by any credit. If none is, all credits vote for
    one artist."""
    credits_ = of_these.filter(is_identified=True)
    identified = set(credits_.values_list("artist", flat=True).distinct())
    votes = _Votes(namesakes)
    counted = credits_ if identified else of_these
    places = ("artist", "track__album", "track__folder") if identified else ("artist",)
    tracks = {
        "tracks": Count("track", distinct=True),
        "present": Count("track", distinct=True, filter=_OF_PRESENT_TRACKS),
    }
    for row in counted.values_list(*places).annotate(**tracks):
        artist_id, *where, all_tracks, present = row
        album, folder = where or (None, None)
        votes.add(artist_id, album, folder, all_tracks, present)
    return votes, identified


def _move(
    credit: _Credit, winner: int, names: Mapping[int, str], identified: Collection[int]
) -> Move:
    name = credit.credited_as or names[credit.artist_id]
    return Move(
        credit_id=credit.id,
        track_id=credit.track_id,
        album_id=credit.album_id,
        artist_id=credit.artist_id,
        successor_id=winner,
        credited_as=None if name == names[winner] else name,
        is_left=credit.artist_id not in identified,
    )


def _places(album: int | None, folder: int | None) -> list[tuple[str, int]]:
    """The places whose credits count, the nearest first."""
    places = [("album", album)] if album else []
    return [*places, *([("folder", folder)] if folder else []), ("library", 0)]
