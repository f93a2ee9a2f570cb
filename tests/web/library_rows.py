"""Rows as a scan would leave them, written straight into the database."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from library.models.albums import Album
from library.models.catalogue import Artist, Track, TrackGenre
from library.models.folding import identity_key, search_text, sort_key
from library.models.genres import Genre
from library.models.joins import JoinReason
from library.models.revision import NextRevision
from library.models.scan import Scan, ScanFailure, ScanState, ScanTrigger
from library.models.searched import artist_text
from library.scanning.joining import TakeOver, take_over

_numbers = count(1)


def unsaved_track(**fields: Any) -> Track:
    """A present track of `Somebody`, at a path of its own; `missing=True`: one that is gone."""
    number = next(_numbers)
    if fields.pop("missing", False):
        fields["missing_since"] = timezone.now()
    values: dict[str, Any] = {
        "root": "/music",
        "path": f"{number}.flac",
        "mtime_ns": number,
        "size_bytes": 1000,
        "title": f"Track {number}",
        "artist": "Somebody",
        "revision": 1,
        **fields,
    }
    values.setdefault("first_year", values.get("year"))
    genres = values.setdefault("genres", [values["genre"]] if values.get("genre") else [])
    values.setdefault("genre", next(iter(genres), ""))
    names = [values["title"], values["artist"], values.get("album_title", "")]
    keys = zip(("title_key", "artist_key", "album_key"), map(sort_key, names), strict=True)
    return Track(**{**dict(keys), "search_text": search_text([" ".join(names)]), **values})


def make_track(**fields: Any) -> Track:
    track = unsaved_track(**fields)
    track.save()
    add_genres([track])
    return track


def make_tracks(number: int, **fields: Any) -> None:
    made = [unsaved_track(**fields) for _ in range(number)]
    add_genres(Track.objects.bulk_create(made, batch_size=500))


def join_tracks(replaced: Mapping[int, int]) -> None:
    """Join tracks. `replaced` maps the ids of those that go to those that stay, which keep all
    their columns."""
    pairs = [
        TakeOver(stays, goes, JoinReason.REPLACED_FILE, keeps_file=True)
        for goes, stays in replaced.items()
    ]
    with transaction.atomic():
        take_over(pairs, None, timezone.now(), NextRevision())


def add_genres(tracks: Iterable[Track]) -> None:
    """The rows of the genres that these tracks name."""
    genres: dict[str, Genre] = {}
    rows = []
    for track in tracks:
        for position, name in enumerate(track.genres):
            if name not in genres:
                keys = {"key": identity_key(name), "sort_key": sort_key(name)}
                genres[name], _ = Genre.objects.get_or_create(**keys, defaults={"name": name})
            rows.append(TrackGenre(track=track, genre=genres[name], position=position))
    TrackGenre.objects.bulk_create(rows, batch_size=500)


def make_album(title: str) -> Album:
    return Album.objects.create(
        key=title, title=title, title_key=sort_key(title), search_text=search_text([title])
    )


def count_tracks(album: Album) -> None:
    """Keep the totals of an album, as a scan does."""
    present = album.tracks.filter(missing_since=None)
    album.genres = [*dict.fromkeys(name for track in present for name in track.genres)]
    totals = present.aggregate(
        track_count=Count("pk"),
        duration_s=Coalesce(Sum("duration_s"), 0.0),
        first_added_at=Min("added_at"),
        cover_track_id=Min("pk", filter=Q(has_cover=True, cover_id=album.cover_id)),
    )
    for name, value in totals.items():
        setattr(album, name, value)
    album.save()


def make_artist(name: str) -> Artist:
    return Artist.objects.create(
        key=name, name=name, sort_key=sort_key(name), search_text=artist_text(name, "")
    )


def make_scan(**fields: Any) -> Scan:
    """A completed scan, unless `state` says otherwise."""
    state = fields.pop("state", ScanState.COMPLETED)
    finished = None if state == ScanState.RUNNING else timezone.now()
    values = {"trigger": ScanTrigger.COMMAND, "finished_at": finished, **fields}
    return Scan.objects.create(state=state, **values)


def make_failure(**fields: Any) -> ScanFailure:
    values = {"root": "/music", "path": "broken.mp3", "stage": ScanFailure.Stage.READ, **fields}
    return ScanFailure.objects.create(
        **{
            "reason": "is not an audio file",
            "scan": values.pop("scan", None) or make_scan(),
            **values,
        }
    )
