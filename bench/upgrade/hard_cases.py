"""A collection with the cases that the version before took for other albums and artists."""

import shutil
from pathlib import Path
from typing import Any

from tests.audio_files import JPEG, make_audio, retag
from tests.library.albums.collection import all_files, collection

ONE = "11111111-2222-4333-8444-555555555555"
TWO = "99999999-2222-4333-8444-555555555555"
ARTISTS = [
    ("Guns N\u2019 Roses", None),
    ("Guns N' Roses", None),
    ("Guns N' Roses", ONE),
    ("guns n\u2019 roses", None),
    ("Nirvana", ONE.replace("1", "3")),
    ("Nirvana", TWO),
    ("Nirvana", None),
    ("Bj\u00f6rk", None),
    ("Bjo\u0308rk", None),
    ("The M\u2010G", None),
    ("The M-G", TWO.replace("9", "4")),
]
"""Names with MusicBrainz ids or without; each is the artist of a folder."""
GONE = "Artist 0/Album 0"
"""A folder that goes: all tracks of an album are missing then."""
REMEMBER = """
from django.contrib.auth.models import User
from library.models.catalogue import Track
from listening.models import PlayerState
for number, track in enumerate(Track.objects.order_by("path")[::{every}]):
    user = User.objects.create_user(f"listener{{number}}")
    PlayerState.objects.create(user=user, current_track=track, progress_seconds=number)
"""


def make_hard_cases(music: Path, albums: int) -> None:
    """Make the files anew. The second and later tracks of some albums differ from the first in
    the spelling of a name."""
    shutil.rmtree(music, ignore_errors=True)
    for path, tags in all_files(collection(albums)).items():
        make_audio(music / path, **tags)
    _make_names(music)
    for place in (
        "Names/1/Artwork/front.jpg",
        "Names/2/Cover.JPG",
        "Artist 1/cover.jpg",
        "Names/4/Scans/cover.png",
        "Artist 2/artist.jpg",
        "Names/5/AlbumArtSmall.jpg",
    ):
        target = music / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(JPEG)


def _make_names(music: Path) -> None:
    for number, (artist, id_) in enumerate(ARTISTS):
        ids: dict[str, Any] = {}
        if id_:
            ids = {"musicbrainz_artist_ids": id_, "musicbrainz_album_artist_ids": id_}
        for track in (1, 2, 3):
            make_audio(
                music / f"Names/{number}/{track:02}.mp3",
                title=f"\u201cSong\u201d {track}",
                artist=artist,
                album_artist=artist,
                album=f"Don\u2019t {number // 2}" if track > 1 else f"Don't {number // 2}",
                track_number=track,
                year=1990 + number,
                genre="Hip\u2010Hop" if number % 2 else "Hip-Hop",
                labels="Rough\u2010Trade" if track > 1 else "Rough-Trade",
                **ids,
            )


def lose_some(music: Path) -> None:
    """Take files away: an album, and single tracks of others."""
    shutil.rmtree(music / GONE)
    for number, path in enumerate(sorted(music.rglob("*.mp3"))):
        if number % 50 == 7:
            path.unlink()


def work_on(music: Path) -> None:
    """What people do with files while servers are upgraded: a new album, a new track on a known
    one, other tags, a renamed folder, a file that goes."""
    own: dict[str, Any] = {
        "artist": "Someone New",
        "album_artist": "Someone New",
        "album": "New Album",
    }
    for disc in (1, 2):
        for track in (1, 2):
            path = music / f"New/CD{disc}/{track:02}.mp3"
            make_audio(path, title=f"Song {disc} {track}", track_number=track, **own)
    known: dict[str, Any] = {
        "artist": "Artist 1",
        "album_artist": "Artist 1",
        "album": "Album 1",
        "year": 2000,
    }
    make_audio(music / "Artist 1/Album 1/09 Bonus.mp3", title="Bonus", track_number=9, **known)
    for number in (3, 5, 7):
        for path in (music / f"Artist {number}/Album {number}").glob("*.mp3"):
            retag(path, year=2001, genre="Hip\u2011Hop")
    (music / "Artist 8/Album 8").rename(music / "Artist 8/Renamed")
    next((music / "Artist 9/Album 9").glob("*.mp3")).unlink()
