"""Songs that go with others, and the most played songs of an artist. Both are made of what the
library and its users' plays say; no other service is asked."""

import random
from collections.abc import Callable, Iterable, Sequence

from django.utils import timezone

from library.models.folding import identity_key
from library.queries.artists import artist_id_keyed
from library.queries.folders import songs_in
from library.queries.similar import (
    MOST_SEEDS,
    artists_of,
    present_among,
    tracks_by,
    tracks_of_genres_near,
)
from library.queries.track_summaries import ids_on_album
from listening.kinds import living
from listening.plays_together import most_played, played_near
from opensubsonic.call import Body, Call
from opensubsonic.ids import Named, named_by
from opensubsonic.living import MakeObjects, one_object
from opensubsonic.objects.albums import albums
from opensubsonic.objects.artists import artists
from opensubsonic.objects.folders import folder_child
from opensubsonic.objects.songs import songs

_DEFAULT, _MOST = 50, 500


def get_similar_songs(call: Call) -> Body:
    named = call.parameters.named("id", *_TRACKS_OF)
    return {"similarSongs": {"song": songs(call, _similar(call, named))}}


def get_similar_songs2(call: Call) -> Body:
    """Of an artist; clients send ids of songs and albums as well."""
    named = call.parameters.named("id", *_TRACKS_OF)
    return {"similarSongs2": {"song": songs(call, _similar(call, named))}}


def get_top_songs(call: Call) -> Body:
    number = call.parameters.count("count", _DEFAULT, _MOST)
    artist_id = _artist_id(call)
    ids = most_played(tracks_by([artist_id])) if artist_id is not None else []
    return {"topSongs": {"song": songs(call, ids[:number])}}


def _artist_id(call: Call) -> int | None:
    """Of the artist that the parameter `id` names, else `artist`. An unknown artist has no songs:
    clients ask by names that they have from elsewhere. Some send an id as the name (lms#507)."""
    text = call.parameters.text("id") or call.parameters.needed_text("artist")
    named = named_by(text)
    if named and named.kind == "artist":
        return next(iter(living("artist", [named.pk]).values()), None)
    if call.parameters.text("id"):
        return None
    return artist_id_keyed(identity_key(text))


def _similar(call: Call, named: Named) -> list[int]:
    """Up to a third by the same artists, the rest of shared genres and played near, and whatever is
    there if that is not enough. The order is another one each day."""
    number = call.parameters.count("count", _DEFAULT, _MOST)
    seed = random.Random(f"{named.kind}-{named.pk} {timezone.now().date()}")  # noqa: S311
    find, make = _TRACKS_OF[named.kind]
    pk, _ = one_object(call, named, make)
    all_seeds = find(pk)
    seeds = sorted(seed.sample(all_seeds, min(len(all_seeds), MOST_SEEDS)))
    own = all_seeds if named.kind == "artist" else tracks_by(artists_of(seeds))
    near = present_among(played_near(seeds))
    of_genres = tracks_of_genres_near(seeds)
    not_these = () if named.kind == "artist" else all_seeds
    chosen = _chosen(seed, number, not_these, (own, of_genres, near))
    seed.shuffle(chosen)
    return chosen


def _chosen(
    seed: random.Random, number: int, not_these: Iterable[int], groups: Sequence[list[int]]
) -> list[int]:
    """A third of each group, then of the groups in turn until there are enough."""
    chosen: dict[int, None] = {}
    left = [set(group).difference(not_these) for group in groups]
    for share in (-(-number // len(groups)), number):
        for group in left:
            free = sorted(group - chosen.keys())
            wanted = min(share, number - len(chosen), len(free))
            chosen.update(dict.fromkeys(seed.sample(free, wanted)))
    return [*chosen]


def _of_artist(pk: int) -> list[int]:
    return tracks_by([pk])


def _of_track(pk: int) -> list[int]:
    return [pk]


_TRACKS_OF: dict[str, tuple[Callable[[int], list[int]], MakeObjects]] = {
    "artist": (_of_artist, artists),
    "album": (ids_on_album, albums),
    "track": (_of_track, songs),
    "folder": (songs_in, folder_child),
}
