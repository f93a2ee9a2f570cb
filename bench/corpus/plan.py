"""Which artists, albums and tracks a corpus has: names, formats and tags, before any file is made.

Everything follows from the seed, so the same numbers give the same library on every machine.
"""

import random
import uuid
from dataclasses import dataclass

SUFFIX_SHARES = {"mp3": 45, "flac": 30, "m4a": 10, "ogg": 8, "opus": 7}
EMBEDDED_COVERS_IN_TEN = 3
PICARD_SHARE = 0.7
TWO_DISC_SHARE = 0.08
COMPILATION_SHARE = 0.06
GUEST_SHARE = 0.05
FOREIGN_WORD_SHARE = 0.12
THOROUGH_SHARE = 0.25
"""Of albums tagged by MusicBrainz: those of people who fill in every field, with lyrics."""

FIRST_MTIME_S, LAST_MTIME_S = 1_250_000_000, 1_720_000_000  # 2009 to 2024

WORDS = """
    anchor autumn beacon birch blue bridge canyon carbon cedar chapel cinder cloud comet coral
    crimson crow delta desert diamond early echo electric fallen field fire forest frost glass
    gravel harvest heart highway hour indigo ivory juniper kite ladder lake last lemon lighthouse
    line long lost lunar maple marble meadow mile moon moth needle neon northern oak old orchard
    other paper pilot plain quiet rail rain red room salt sand second seven shelter silent sky
    slow small song spark stone storm stranger sunday swan thread tide tower valley wave west
    white wide willow window wire yellow
""".split()  # noqa: SIM905 - a word a line would fill two pages
FOREIGN_WORDS = """
    Åse Ærø Café Dvořák Ελλάδα été Fado-São Göteborg İzmir Łódź Москва Noël Ólafur Señor Šárka
    Über Việt Зима 가을 夜明け 東京 北京 सपना سلام שלום
""".split()  # noqa: SIM905
GENRES = ("Rock", "Pop", "Jazz", "Folk", "Classical", "Electronic", "Ambient", "Hip-Hop", "Soul")


@dataclass(frozen=True, kw_only=True)
class AlbumPlan:
    """One album, small enough to be handed to another process, which plans its tracks."""

    seed: int
    number: int
    folder: str
    title: str
    artist: str
    artist_id: str
    year: int
    genre: str
    suffix: str
    track_count: int
    disc_count: int
    is_compilation: bool
    embeds_cover: bool
    is_picard: bool
    mtime_s: int

    def random(self) -> random.Random:
        """The source of everything undecided about this album, whoever asks first."""
        return random.Random(f"{self.seed}/{self.number}")


@dataclass(frozen=True, kw_only=True)
class TrackPlan:
    """What one track's tags say. `picard` holds what only a tagged-by-MusicBrainz file has, and
    `thorough` what few of these have, by its name in Vorbis comments."""

    file_name: str
    title: str
    artists: tuple[str, ...]
    album: str
    album_artist: str
    genre: str
    date: str
    track_number: int
    track_total: int
    disc_number: int
    disc_total: int
    is_compilation: bool
    picard: dict[str, str]
    thorough: dict[str, tuple[str, ...]]


def plan_albums(track_count: int, seed: int) -> list[AlbumPlan]:
    """Albums that hold `track_count` tracks between them."""
    rng = random.Random(f"{seed}")
    albums: list[AlbumPlan] = []
    names: set[str] = set()
    left = track_count
    while left:
        artist, artist_id = _unused_name(rng, names, 1, 3), _identifier(rng)
        titles: set[str] = set()
        for _ in range(rng.randint(1, 5)):
            if not left:
                break
            title = _unused_name(rng, titles, 1, 4)
            album = _plan_album(
                rng,
                seed=seed,
                number=len(albums),
                artist=artist,
                artist_id=artist_id,
                title=title,
                most=left,
            )
            albums.append(album)
            left -= album.track_count
    return albums


def plan_tracks(album: AlbumPlan) -> list[TrackPlan]:
    rng = album.random()
    release = {"albumid": _identifier(rng), "releasegroupid": _identifier(rng)}
    per_disc = max(1, album.track_count // album.disc_count)
    tracks = []
    for index in range(album.track_count):
        disc = min(index // per_disc, album.disc_count - 1) + 1
        last = per_disc if disc < album.disc_count else album.track_count - per_disc * (disc - 1)
        number = index - per_disc * (disc - 1) + 1
        tracks.append(_plan_track(rng, album, release, (number, last), disc))
    return tracks


def _plan_album(
    rng: random.Random,
    *,
    seed: int,
    number: int,
    artist: str,
    artist_id: str,
    title: str,
    most: int,
) -> AlbumPlan:
    year = rng.randint(1962, 2024)
    discs = 2 if rng.random() < TWO_DISC_SHARE else 1
    count = min(rng.randint(8, 16) * discs, most)
    return AlbumPlan(
        seed=seed,
        number=number,
        folder=f"{artist}/{title} ({year})",
        title=title,
        artist=artist,
        artist_id=artist_id,
        year=year,
        genre=rng.choice(GENRES),
        suffix=rng.choices(list(SUFFIX_SHARES), list(SUFFIX_SHARES.values()))[0],
        track_count=count,
        disc_count=min(discs, count),
        is_compilation=rng.random() < COMPILATION_SHARE,
        # Counted rather than drawn: one cover more or less is megabytes in a small corpus.
        embeds_cover=number * EMBEDDED_COVERS_IN_TEN % 10 < EMBEDDED_COVERS_IN_TEN,
        is_picard=rng.random() < PICARD_SHARE,
        mtime_s=rng.randint(FIRST_MTIME_S, LAST_MTIME_S),
    )


def _plan_track(
    rng: random.Random,
    album: AlbumPlan,
    release: dict[str, str],
    number_of: tuple[int, int],
    disc: int,
) -> TrackPlan:
    title = _name(rng, 1, 5)
    artists: tuple[str, ...] = (album.artist,)
    if album.is_compilation:
        artists = (_name(rng, 2, 3),)
    elif rng.random() < GUEST_SHARE:
        artists = (album.artist, _name(rng, 2, 2))
    prefix = f"{disc}-{number_of[0]:02}" if album.disc_count > 1 else f"{number_of[0]:02}"
    return TrackPlan(
        file_name=f"{prefix} {title}.{album.suffix}",
        title=title,
        artists=artists,
        album=album.title,
        album_artist="Various Artists" if album.is_compilation else album.artist,
        genre=album.genre,
        date=str(album.year),
        track_number=number_of[0],
        track_total=number_of[1],
        disc_number=disc,
        disc_total=album.disc_count,
        is_compilation=album.is_compilation,
        picard=_picard_tags(rng, album, release, artists[0]) if album.is_picard else {},
        thorough=_thorough_tags(album, f"{disc}/{number_of[0]}", title),
    )


def _picard_tags(
    rng: random.Random, album: AlbumPlan, release: dict[str, str], artist: str
) -> dict[str, str]:
    return {
        "musicbrainz_trackid": _identifier(rng),
        "musicbrainz_releasetrackid": _identifier(rng),
        "musicbrainz_artistid": _identifier(rng) if album.is_compilation else album.artist_id,
        "musicbrainz_albumartistid": album.artist_id,
        "musicbrainz_albumid": release["albumid"],
        "musicbrainz_releasegroupid": release["releasegroupid"],
        "artistsort": artist,
        "albumartistsort": album.artist,
        "originaldate": f"{album.year}-06-21",
        "composer": _name(rng, 2, 2),
        "label": "Juniper Records",
        "media": "CD",
        "barcode": f"{rng.randrange(10**12):012}",
        "releasecountry": "XW",
        "releasestatus": "official",
        "releasetype": "album",
        "replaygain_track_gain": f"-{rng.uniform(2, 11):.2f} dB",
        "replaygain_track_peak": f"{rng.uniform(0.7, 1):.6f}",
    }


def _thorough_tags(album: AlbumPlan, place: str, title: str) -> dict[str, tuple[str, ...]]:
    """From a source of chance of their own: whatever is added here leaves the rest as it was."""
    of_album = random.Random(f"{album.seed}/{album.number}/thorough")
    if not album.is_picard or of_album.random() >= THOROUGH_SHARE:
        return {}
    people = [_name(of_album, 2, 2) for _ in range(6)]
    rng = random.Random(f"{album.seed}/{album.number}/thorough/{place}")
    lines = "\n".join(_name(rng, 3, 7) for _ in range(24))
    return {
        "genre": (album.genre, *rng.sample([each for each in GENRES if each != album.genre], 2)),
        "titlesort": (title,),
        "albumsort": (album.title,),
        "composersort": (", ".join(reversed(people[0].split())),),
        "conductor": (people[1],),
        "lyricist": (people[2],),
        "arranger": (people[3],),
        "producer": (people[4],),
        "remixer": (people[5],),
        "performer": (f"{people[1]} (piano)", f"{people[2]} (double bass)"),
        "label": ("Juniper Records", f"{_name(of_album, 1, 1)} Music"),
        "catalognumber": (f"JR-{album.number:04}",),
        "date": (f"{album.year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",),
        "isrc": (f"GBXYZ{album.year % 100:02}{rng.randrange(10**5):05}",),
        "bpm": (str(rng.randint(60, 180)),),
        "mood": ("Calm", "Bright"),
        "grouping": ("Evening",),
        "comment": (f"Ripped with care; {_name(rng, 3, 8)}",),
        "lyrics": (lines,),
    }


def _name(rng: random.Random, fewest: int, most: int) -> str:
    words = [rng.choice(WORDS).capitalize() for _ in range(rng.randint(fewest, most))]
    if rng.random() < FOREIGN_WORD_SHARE:
        words[rng.randrange(len(words))] = rng.choice(FOREIGN_WORDS)
    return " ".join(words)


def _unused_name(rng: random.Random, used: set[str], fewest: int, most: int) -> str:
    """A name that is no other's folder, on a file system blind to case either."""
    while (name := _name(rng, fewest, most)).casefold() in used:
        pass
    used.add(name.casefold())
    return name


def _identifier(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))
