"""The results of a search of tracks, albums or artists in pages: every row that fits, once, in one
order whatever the size of the pages.

`library.queries.search` ranks up to MOST_RANKED tracks. Where more fit, the others follow by id:
ranking 100,000 tracks takes longer than people wait.
"""

import re
from array import array
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folding import words_of
from library.models.searched import Sought
from library.queries.albums import AlbumFilter
from library.queries.artists import ArtistFilter
from library.queries.corrections import spelled
from library.queries.filters import RowFilter
from library.queries.id_arrays import kept_id_array
from library.queries.known_words import possible
from library.queries.relevance import Asked
from library.queries.search import (
    artists_by_rank,
    best_albums,
    best_artists,
    best_tracks,
    correction,
    fits_any,
)
from library.queries.standing import kept_standing
from library.queries.tracks import TrackFilter

MOST_RANKED = 1_000
KEPT_RESULTS = 32
"""How many results a process keeps. One of 100,000 ids takes 0.8 MB."""
_ALL = 2**31
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_FILTERS: dict[str, type[TrackFilter | AlbumFilter | ArtistFilter]] = {
    "track": TrackFilter,
    "album": AlbumFilter,
    "artist": ArtistFilter,
}


def found_ids(
    kind: str, text: str, state: str, *, offset: int, limit: int, root: str | None = None
) -> list[int]:
    """`limit` ids of what fits `text`, starting with number `offset`. `kind`: "track", "album" or
    "artist". A text that is a MusicBrainz id finds the rows that have it. `root`: only what has
    present tracks in this music folder. `state`: see `library.queries.revision`."""
    best, is_all = _kept_best(kind, text, state, root)
    if is_all or offset + limit <= len(best):
        return [*best[offset : offset + limit]]
    return [*_kept_whole(kind, text, state, root)[offset : offset + limit]]


def found_count(kind: str, text: str, state: str) -> int:
    """How many rows fit."""
    best, is_all = _kept_best(kind, text, state, None)
    return len(best if is_all else _kept_whole(kind, text, state, None))


@lru_cache(maxsize=KEPT_RESULTS)
def _kept_best(kind: str, text: str, state: str, root: str | None) -> tuple[Sequence[int], bool]:
    """The best ids in order, and whether these are all."""
    best, is_all = _ranked(kind, text, state)
    if root is not None:
        of_root = {*kept_id_array(state, _FILTERS[kind](root=root))}
        best = [pk for pk in best if pk in of_root]
    return array("q", best), is_all


@lru_cache(maxsize=KEPT_RESULTS)
def _kept_whole(kind: str, text: str, state: str, root: str | None) -> Sequence[int]:
    best, _ = _kept_best(kind, text, state, root)
    wanted: RowFilter = _FILTERS[kind](search=text, sought=_kept_sought(text, state), root=root)
    return array("q", dict.fromkeys(chain(best, kept_id_array(state, wanted))))


def _ranked(kind: str, text: str, state: str) -> tuple[Sequence[int], bool]:
    if _UUID.fullmatch(text):
        return _identified(kind, text.lower()), True
    words = _kept_sought(text, state)
    if not words or possible(words, state) is None:
        return (), True
    asked = Asked.of(text, words)
    if kind == "track":
        found = best_tracks(asked, MOST_RANKED, None)
        return found.ids, found.is_counted
    if kind == "album":
        return best_albums(asked, _ALL, None).ids, True
    places = kept_standing(state).artists
    return best_artists(artists_by_rank(asked), places, len(places), None).ids, True


@lru_cache(maxsize=KEPT_RESULTS)
def _kept_sought(text: str, state: str) -> Sought:
    """What is looked for, in all kinds alike: the words of `text` or, if nothing fits them, their
    correction. So a search finds the same whichever kinds a client asks for."""
    if not words_of(text):
        return ()
    words = spelled(text, state)
    if possible(words, state) is not None and fits_any([words], state):
        return words
    return correction(text, state) or words


def _identified(kind: str, uuid: str) -> list[int]:
    """The ids of the rows that a MusicBrainz id names."""
    rows: QuerySet[Any]
    if kind == "artist":
        rows = Artist.objects.listed().filter(musicbrainz_artist_id=uuid)
    elif kind == "album":
        names = Q(musicbrainz_release_id=uuid) | Q(musicbrainz_release_group_id=uuid)
        rows = Album.objects.listed().filter(names)
    else:
        names = Q(musicbrainz_recording_id=uuid) | Q(musicbrainz_track_id=uuid)
        rows = Track.objects.present().filter(names)
    return [*rows.order_by("pk").values_list("pk", flat=True)]


KEPT = (_kept_best, _kept_whole, _kept_sought)
"""What a process keeps, for tests that begin with another library."""
