"""Rows as a scan would leave them, written straight into the database."""

from itertools import count
from typing import Any

from django.utils import timezone

from library.models.catalogue import Album, Artist, Track
from library.models.folding import fold, sort_key
from library.models.scan import Scan, ScanFailure, ScanState, ScanTrigger

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
    names = [values["title"], values["artist"], values.get("album_title", "")]
    keys = zip(("title_key", "artist_key", "album_key"), map(sort_key, names), strict=True)
    return Track(**{**dict(keys), "search_text": fold(" ".join(names)), **values})


def make_track(**fields: Any) -> Track:
    track = unsaved_track(**fields)
    track.save()
    return track


def make_tracks(number: int, **fields: Any) -> None:
    Track.objects.bulk_create([unsaved_track(**fields) for _ in range(number)], batch_size=500)


def make_album(title: str) -> Album:
    return Album.objects.create(key=title, title=title, title_key=sort_key(title))


def make_artist(name: str) -> Artist:
    return Artist.objects.create(key=name, name=name, sort_key=sort_key(name))


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
