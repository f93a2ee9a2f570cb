"""Who is credited on which albums: kept by each process, since counting all credits takes a tenth
of a second for 100,000 tracks.

Only what changed since the last time is counted anew. The library's revision in tracks, albums and
folders tells what that is; see `library.queries.changes`.

The tracks of a folder that are on no album are taken together as well, as an album of the folder.
Its number here is the folder's id with a minus. 0 is the number of tracks that have no folder yet.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from django.db.models import Avg, BigIntegerField, Case, Count, F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from library.models.albums import Album
from library.models.catalogue import ArtistRole, Track, TrackArtist
from library.models.folders import Folder
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value
from library.queries.revision import library_revision

Value = TypeVar("Value")

_FEW = 2_000
"""If more albums than this changed, all are counted anew."""
_NOWHERE = 0
PLAYING_ROLES = (ArtistRole.ARTIST, ArtistRole.ALBUM_ARTIST, ArtistRole.PERFORMER)


class Cover(NamedTuple):
    """An album's picture. `date`: of the album, by which the newest one is found."""

    date: str
    track_id: int
    cover_id: str


class Credit(NamedTuple):
    """An artist of an album: the roles in its tracks, and whether it is the artist's own album. It
    is if the tracks name the artist as album artist, or, where none names any, as artist."""

    artist_id: int
    roles: frozenset[str]
    is_own: bool


class AlbumCredits(NamedTuple):
    """`artists`: the ids of those that the album's tracks name as album artist; if none does, of
    those who are the artist of all of them. `credits`: of everybody, in every role."""

    artists: tuple[int, ...]
    credits: tuple[Credit, ...]
    cover: Cover | None


@dataclass(frozen=True, slots=True)
class Discography:
    """The albums of an artist. `others`: those of other artists that the artist plays on; of an
    artist who plays on none at all, those with another role, such as the composer's."""

    own: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    cover: Cover | None = None

    @property
    def album_count(self) -> int:
        return len(self.own) + len(self.others)

    def limited_to(self, numbers: Collection[int]) -> "Discography":
        own, others = (
            tuple(each for each in part if each in numbers) for part in (self.own, self.others)
        )
        return replace(self, own=own, others=others)


@dataclass(frozen=True, slots=True)
class Discographies:
    """What is known of all albums by their number, and of all artists by their id. It is never
    changed: each state of the library has another one."""

    albums: Mapping[int, AlbumCredits] = field(default_factory=dict)
    artists: Mapping[int, Discography] = field(default_factory=dict)

    def limited_to(self, numbers: Collection[int]) -> "Discographies":
        """As if there were no other albums than these; covers stay."""
        limited = ((pk, each.limited_to(numbers)) for pk, each in self.artists.items())
        return Discographies(self.albums, {pk: each for pk, each in limited if each.album_count})


def discographies() -> Discographies:
    """As of now. One query if nothing changed."""
    return _kept().now()


def numbers_in(root: str) -> set[int]:
    """The numbers of the albums that have present tracks in this music folder."""
    tracks = Track.objects.present().filter(root=root).order_by()
    albums = tracks.filter(album__isnull=False).values_list("album", flat=True).distinct()
    folders = tracks.filter(album=None, folder__isnull=False).values_list("folder", flat=True)
    return {*albums, *(-pk for pk in folders.distinct())}


def in_release_order(numbers: Iterable[int]) -> list[int]:
    """These albums by year, title and id; those of folders come last."""
    known = sorted(numbers)
    albums = _ordered.rows(ids_value([number for number in known if number > 0]))
    return [*(pk for (pk,) in albums), *(number for number in reversed(known) if number < 0)]


class _Kept:
    """What a process keeps, and how far it has been brought up to date."""

    def __init__(self) -> None:
        self._found = Discographies()
        self._epoch, self._revision = "", -1
        self._lock = Lock()

    def now(self) -> Discographies:
        with self._lock:
            # First: what changes afterwards is counted again the next time.
            revision, token = library_revision()
            epoch = token.rpartition("-")[0]
            if (epoch, revision) != (self._epoch, self._revision):
                changed = self._changed() if epoch == self._epoch else None
                self._found = _all() if changed is None else _with(self._found, changed)
            self._epoch, self._revision = epoch, revision
            return self._found

    def _changed(self) -> set[int] | None:
        """The numbers of albums whose credits may be others now; None if there are many."""
        newer = {"revision__gt": self._revision}
        tracks = Track.objects.filter(**newer).order_by()
        parts: tuple[tuple[int, QuerySet[Any, Any]], ...] = (
            (1, Album.objects.filter(**newer).order_by().values_list("pk", flat=True)),
            (-1, Folder.objects.filter(**newer).order_by().values_list("pk", flat=True)),
            (1, tracks.values_list("album", flat=True).distinct()),
            (-1, tracks.values_list("folder", flat=True).distinct()),
        )
        changed = set[int]()
        for sign, ids in parts:
            changed.update(sign * (pk or _NOWHERE) for pk in ids[: _FEW + 1])
            if len(changed) > _FEW:
                return None
        return changed | self._gone()

    def _gone(self) -> set[int]:
        """Rows that were deleted have no revision any more: albums, and folders that a purge or a
        rename took away. What has no folder is counted anew each time."""
        listed = Album.objects.listed().order_by().values_list("pk", flat=True)
        folders = Folder.objects.order_by().values_list("pk", flat=True)
        return self._found.albums.keys() - {*listed, *(-pk for pk in folders)}


@lru_cache(maxsize=1)
def _kept() -> _Kept:
    return _Kept()


forget = _kept.cache_clear


class _Counted(NamedTuple):
    """`track_count`: in how many of the album's tracks the artist has the role; `leads`: in how
    many as the first. `place`: the mean one in the credits."""

    role: str
    artist_id: int
    track_count: int
    leads: int
    place: float


def _all() -> Discographies:
    albums = _albums(_credits.rows(), _covers.rows())
    return Discographies(albums, _artists(albums))


def _with(before: Discographies, changed: Collection[int]) -> Discographies:
    """`before` with these albums counted anew."""
    if not changed:
        return before
    albums_, folders = (
        ids_value([abs(number) for number in changed if number * sign > 0]) for sign in (1, -1)
    )
    rows = [*_credits_of_albums.rows(albums_), *_credits_of_folders.rows(folders)]
    if _NOWHERE in changed:
        rows += _credits_nowhere.rows()
    anew = _albums(rows, _covers_of.rows(albums_))
    touched = {
        credit.artist_id
        for albums in (before.albums, anew)
        for number in albums.keys() & changed
        for credit in albums[number].credits
    }
    albums = {pk: each for pk, each in before.albums.items() if pk not in changed} | anew
    artists = {pk: each for pk, each in before.artists.items() if pk not in touched}
    return Discographies(albums, artists | _artists(albums, touched))


def _albums(credit_rows: Iterable[Any], cover_rows: Iterable[Any]) -> dict[int, AlbumCredits]:
    counted: dict[int, list[_Counted]] = {}
    for number, *row in credit_rows:
        counted.setdefault(number, []).append(_Counted(*row))
    covers = {pk: Cover(*cover) for pk, *cover in cover_rows}
    same = dict[Any, Any]()  # most albums of an artist have equal credits: each is held once
    return {
        number: AlbumCredits(
            _held_once(_leading(each), same),
            tuple(_held_once(credit, same) for credit in _credits_in(each)),
            covers.get(number),
        )
        for number, each in counted.items()
    }


def _held_once(value: Value, same: dict[Any, Any]) -> Value:
    found: Value = same.setdefault(value, value)
    return found


def _leading(counted: Collection[_Counted]) -> tuple[int, ...]:
    track_count = sum(each.leads for each in counted if each.role == ArtistRole.ARTIST)
    found = [each for each in counted if each.role == ArtistRole.ALBUM_ARTIST] or [
        each
        for each in counted
        if each.role == ArtistRole.ARTIST and each.track_count == track_count
    ]
    found.sort(key=lambda each: (-each.track_count, each.place, each.artist_id))
    return tuple(each.artist_id for each in found)


def _credits_in(counted: Collection[_Counted]) -> Iterator[Credit]:
    roles: dict[int, set[str]] = {}
    for each in counted:
        roles.setdefault(each.artist_id, set()).add(each.role)
    names_album_artist = any(each.role == ArtistRole.ALBUM_ARTIST for each in counted)
    own = ArtistRole.ALBUM_ARTIST if names_album_artist else ArtistRole.ARTIST
    for artist_id, theirs in roles.items():
        yield Credit(artist_id, frozenset(theirs), own in theirs)


def _artists(
    albums: Mapping[int, AlbumCredits], only: Collection[int] | None = None
) -> dict[int, Discography]:
    """Of all artists, or of these."""
    credited: dict[int, list[tuple[int, Credit]]] = {}
    for number, album in albums.items():
        for credit in album.credits:
            if only is None or credit.artist_id in only:
                credited.setdefault(credit.artist_id, []).append((number, credit))
    return {pk: _discography(each, albums) for pk, each in credited.items()}


def _discography(
    credited: Collection[tuple[int, Credit]], albums: Mapping[int, AlbumCredits]
) -> Discography:
    albumed = [(number, credit) for number, credit in credited if number != _NOWHERE]
    own = tuple(number for number, credit in albumed if credit.is_own)
    played = tuple(
        number
        for number, credit in albumed
        if not credit.is_own and not credit.roles.isdisjoint(PLAYING_ROLES)
    )
    others = played if own or played else tuple(number for number, _ in albumed)
    covers = (albums[number].cover for number in own or others)
    roles = frozenset[str]().union(*(credit.roles for _, credit in credited))
    in_order = tuple(role for role in _ROLES if role in roles)
    return Discography(own, others, in_order, max(filter(None, covers), default=None))


_ROLES = tuple(role.value for role in ArtistRole)
_NUMBER = Case(
    When(track__album__isnull=False, then=F("track__album")),
    default=-Coalesce("track__folder", 0),
    output_field=BigIntegerField(),
)


def _counted_credits(*conditions: Any) -> QuerySet[Any, Any]:
    rows = TrackArtist.objects.filter(*conditions, track__missing_since=None).order_by()
    grouped = rows.annotate(number=_NUMBER).values("number", "role", "artist")
    counted = grouped.annotate(
        tracks=Count("pk"), leads=Count("pk", filter=Q(position=0)), place=Avg("position")
    )
    columns = ("number", "role", "artist", "tracks", "leads", "place")
    found: QuerySet[Any, Any] = counted.values_list(*columns)
    return found


def _with_pictures(*conditions: Any) -> QuerySet[Any, Any]:
    pictured = Album.objects.listed().filter(*conditions, cover_track_id__isnull=False).order_by()
    return pictured.values_list("pk", "first_date", "cover_track_id", "cover_id")


def _in_order() -> QuerySet[Any, Any]:
    albums = Album.objects.listed().filter(_among("pk"))
    by_year = albums.order_by(F("year").asc(nulls_last=True), "title_key", "pk")
    return by_year.values_list("pk")


def _among(column: str) -> IsAmong:
    return IsAmong(F(column), given())


_credits = PreparedQuery(_counted_credits)
_credits_of_albums = PreparedQuery(lambda: _counted_credits(_among("track__album")))
_credits_of_folders = PreparedQuery(
    lambda: _counted_credits(Q(track__album=None), _among("track__folder"))
)
_credits_nowhere = PreparedQuery(lambda: _counted_credits(Q(track__album=None, track__folder=None)))
_covers = PreparedQuery(_with_pictures)
_covers_of = PreparedQuery(lambda: _with_pictures(_among("pk")))
_ordered = PreparedQuery(_in_order)
