"""A made collection: ordinary albums, and among them the hard cases that people complain about.

Each kind of album is a function of a number, which makes all names unique but those that are meant
to be equal, such as `Greatest Hits`. It gives one or several albums as files with tags.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any
from uuid import UUID

Files = dict[str, dict[str, Any]]
Kind = Callable[[int], list[Files]]
TRACKS = 3


def collection(albums: int) -> list[Files]:
    """At least so many albums; half of them are ordinary."""
    made: list[Files] = []
    for n in range(albums):
        if len(made) >= albums:
            break
        made += _ordinary(n)
        made += _HARD[n % len(_HARD)](n)
    return made


def _tracks(
    folder: str, numbers: Iterator[int] | range | None = None, suffix: str = "mp3", **tags: Any
) -> Files:
    """Files with ordinary tags. `title` is what titles begin with."""
    start = tags.pop("title", "Song")
    tags = {name: value for name, value in tags.items() if value is not None}
    return {
        f"{folder}/{n:02} {start}.{suffix}": {"title": f"{start} {n}", "track_number": n, **tags}
        for n in numbers or range(1, TRACKS + 1)
    }


def _of(n: int, **tags: Any) -> dict[str, Any]:
    artist = f"Artist {n}"
    return {"artist": artist, "album_artist": artist, "album": f"Album {n}", "year": 2000, **tags}


def _id(n: int) -> str:
    return str(UUID(int=n + 1))


def _ordinary(n: int) -> list[Files]:
    return [_tracks(f"Artist {n}/Album {n}", **_of(n))]


def _several_of_an_artist(n: int) -> list[Files]:
    return [
        _tracks(f"Artist {n}/Album {n} {title}", **_of(n, album=title))
        for title in ("First", "Second", "Live", "Live 2")
    ]


def _disc_folders(n: int) -> list[Files]:
    names = [
        ("CD1", "CD2"),
        ("Disc 01", "Disc 02"),
        ("disc1 - Early", "disc2 - Late"),
        ("Disk I", "Disk II"),
        ("Digital Media 01", "Digital Media 02"),
        ("Disc One", "Disc Two"),
    ]
    tags = _of(n, album="Box")
    if n % 2:
        tags["disc_number"] = 1
    return [
        {
            path: each
            for name in names[n % len(names)]
            for path, each in _tracks(f"Artist {n}/Box/{name}", title=name, **tags).items()
        }
    ]


def _discs_in_titles(n: int) -> list[Files]:
    forms = [" (Disc {})", " [CD{}]", " - Disc {}", " CD {}", ", Disque {}", " (Disc {}: Live)"]
    form = forms[n % len(forms)]
    return [
        {
            path: each
            for disc in (1, 2)
            for path, each in _tracks(
                f"Artist {n}/Double {disc}",
                title=f"Disc {disc} Song",
                **_of(n, album=f"Double{form.format(disc)}"),
            ).items()
        }
    ]


def _discs_in_one_folder(n: int) -> list[Files]:
    return [
        {
            path: each
            for disc in (1, 2)
            for path, each in _tracks(
                f"Artist {n}/Double", title=f"{disc}", disc_number=disc, **_of(n, album="Double")
            ).items()
        }
    ]


def _disc_folders_beside_each_other(n: int) -> list[Files]:
    return [
        {
            path: each
            for disc in (1, 2)
            for path, each in _tracks(
                f"Artist {n}/Double (Disc {disc})", title=f"{disc} Song", **_of(n, album="Double")
            ).items()
        }
    ]


def _soundtrack(n: int) -> list[Files]:
    return [
        {
            path: each
            for number in range(1, TRACKS + 1)
            for path, each in _tracks(
                f"Soundtracks/{n}",
                range(number, number + 1),
                **_of(n, album="Original Soundtrack", artist=f"{n} {number}", album_artist=None),
            ).items()
        }
    ]


def _marked_compilation(n: int) -> list[Files]:
    return [
        {
            path: each
            for number in range(1, TRACKS + 1)
            for path, each in _tracks(
                f"By artist/{n} {number}/Hits",
                range(number, number + 1),
                **_of(n, album=f"Hits {n}", artist=f"{n} {number}", album_artist=None),
                compilation=True,
            ).items()
        }
    ]


def _compilations_of_one_name(n: int) -> list[Files]:
    return [
        _tracks(
            f"Compilations/{n} {part}",
            title=f"{part} Song",
            **_of(n, album="Party", artist=f"{n} {part}", album_artist="Various Artists"),
        )
        for part in ("one", "two")
    ]


def _various_spelled(n: int) -> list[Files]:
    names = ["Various Artists", "Various", "VA"]
    return [
        {
            path: each
            for number in range(1, TRACKS + 1)
            for path, each in _tracks(
                f"Compilations/Sampler {n}",
                range(number, number + 1),
                **_of(n, album=f"Sampler {n}", album_artist=names[number % 3]),
            ).items()
        }
    ]


def _id_on_some(n: int) -> list[Files]:
    tracks = _tracks(f"Artist {n}/Album", **_of(n))
    first = next(iter(tracks.values()))
    first["musicbrainz_release_id"] = _id(n)
    return [tracks]


def _artist_on_some(n: int) -> list[Files]:
    tracks = _tracks(f"Artist {n}/Album", **_of(n))
    last = list(tracks.values())[-1]
    del last["album_artist"]
    last["artist"] += " feat. Guest"
    return [tracks]


def _guests(n: int) -> list[Files]:
    tracks = _tracks(f"Artist {n}/Album", **_of(n))
    list(tracks.values())[-1]["album_artist"] = f"Artist {n} feat. Guest"
    return [tracks]


def _greatest_hits(n: int) -> list[Files]:
    return [_tracks(f"Hits of {n}", **_of(n, album="Greatest Hits", album_artist=None))]


def _two_formats(n: int) -> list[Files]:
    own = _id(n) if n % 2 else None
    return [
        _tracks(f"{folder}/{n}", suffix=suffix, **_of(n), musicbrainz_release_id=own)
        for folder, suffix in (("Lossless", "flac"), ("Portable", "mp3"))
    ]


def _two_formats_in_one_folder(n: int) -> list[Files]:
    return [_tracks(f"Artist {n}/Album", suffix=suffix, **_of(n)) for suffix in ("flac", "mp3")]


def _mixed_formats(n: int) -> list[Files]:
    folder = f"Artist {n}/Album"
    return [
        {
            **_tracks(folder, range(1, 3), "flac", **_of(n)),
            **_tracks(folder, range(3, 5), "mp3", **_of(n)),
        }
    ]


def _reissue(n: int) -> list[Files]:
    return [_tracks(f"Artist {n}/{year}", **_of(n, year=year)) for year in (1990, 2010)]


def _self_titled(n: int) -> list[Files]:
    return [
        _tracks(
            f"Artist {n}/Artist {n} ({year})",
            title=f"{year} Song",
            **_of(n, album=f"Artist {n}", year=year),
        )
        for year in (1980, 2003)
    ]


def _editions(n: int) -> list[Files]:
    return [
        _tracks(f"Artist {n}/Album", **_of(n)),
        _tracks(f"Artist {n}/Album deluxe", range(1, 6), **_of(n, edition="Deluxe Edition")),
    ]


def _release_ids(n: int) -> list[Files]:
    return [
        _tracks(f"Artist {n}/{part}", **_of(n, musicbrainz_release_id=_id(10_000 * part + n)))
        for part in (1, 2)
    ]


def _singles(n: int) -> list[Files]:
    return [
        _tracks(
            f"Artist {n}/Singles", range(number, number + 1), **_of(n, album=f"Single {number}")
        )
        for number in (1, 2, 3)
    ]


def _inbox(n: int) -> list[Files]:
    return [_tracks("Inbox", range(n + 1, n + 2), title=f"Song {n}", **_of(n, album=f"EP {n}"))]


def _spelled(n: int) -> list[Files]:
    tracks = _tracks(f"Artist {n}/Album", **_of(n))
    list(tracks.values())[-1].update(album=f"ALBUM  {n}", album_artist=f"artist {n} ")
    return [tracks]


def _spread(n: int) -> list[Files]:
    return [
        {
            **_tracks(f"Artist {n}/Album", **_of(n)),
            **_tracks(f"Downloads/{n}", range(TRACKS + 1, TRACKS + 3), **_of(n)),
        }
    ]


def _copies(n: int) -> list[Files]:
    return [_tracks(f"{folder}/{n}", **_of(n)) for folder in ("Sorted", "Backup")]


def _volumes(n: int) -> list[Files]:
    return [
        _tracks(f"Artist {n}/{volume}", **_of(n, album=f"Rarities, Vol. {volume}"))
        for volume in (1, 2)
    ]


def _years_of_tracks(n: int) -> list[Files]:
    tracks = _tracks(f"Artist {n}/Best", **_of(n, album="Best of"))
    for year, tags in enumerate(tracks.values(), 1970):
        tags["year"] = year
    return [tracks]


def _album_and_single(n: int) -> list[Files]:
    return [
        _tracks(f"Artist {n}/Album {n} (Album)", **_of(n)),
        _tracks(f"Artist {n}/Album {n} (Single)", range(1, 3), title="Mix", **_of(n)),
    ]


def _artist_for_each_track(n: int) -> list[Files]:
    return [
        {
            path: each
            for number in range(1, TRACKS + 2)
            for path, each in _tracks(
                f"Mixtapes/{n}",
                range(number, number + 1),
                **_of(n, artist=f"{n} {number}", album_artist=f"{n} {number}"),
            ).items()
        }
    ]


_HARD: tuple[Kind, ...] = (
    *(_several_of_an_artist, _disc_folders, _discs_in_titles, _discs_in_one_folder),
    *(_disc_folders_beside_each_other, _soundtrack, _marked_compilation, _compilations_of_one_name),
    *(_various_spelled, _id_on_some, _artist_on_some, _guests, _greatest_hits, _two_formats),
    *(_two_formats_in_one_folder, _mixed_formats, _reissue, _self_titled, _editions),
    *(_release_ids, _singles, _inbox, _spelled, _spread, _copies, _volumes, _years_of_tracks),
    *(_album_and_single, _artist_for_each_track, _disc_folders, _discs_in_titles, _inbox),
)


def all_files(albums: list[Files]) -> Files:
    """The files of all albums. No two albums have a file in common."""
    together = dict(chain.from_iterable(each.items() for each in albums))
    assert len(together) == sum(map(len, albums))
    return together
