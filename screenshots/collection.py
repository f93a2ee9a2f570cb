"""A made-up record collection: silent files with realistic durations, tags and drawn covers."""

import os
import random
import time
import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from tests.audio_files import SAMPLES, retag

RATE_HZ = 8000
COVER_PX = 1400
FLAC_HEAD_BYTES = slice(18, 26)
"""In STREAMINFO: 20 bits of the rate, 3 of the channels, 5 of the depth, 36 of the length."""

GENRES = ("Jazz", "Folk", "Ambient", "Classical", "Soul")
FIRST = (
    *("Morning", "River", "Paper", "Northern", "Silent", "Copper"),
    *("Winter", "Second", "Open", "Blue", "Slow", "Glass"),
)
SECOND = (
    *("Light", "Garden", "Letter", "Station", "Harbour", "Field"),
    *("Window", "Song", "Road", "Orchard", "Tide", "Room"),
)
MOVEMENTS = ("Adagio sostenuto", "Allegro molto", "Andante con variazioni", "Presto")
SONATAS = {
    1: ("Sonata No. 1 in G minor, Op. 12", "Sonata No. 2 in F major, Op. 14"),
    2: ("Sonata No. 3 in A major, Op. 29",),
}
LYRICS = (
    "The tiles are blue along the stair",
    "and every one has kept a morning",
    "",
    "We count them, going down to where",
    "the harbour bell gives out its warning, and the boats that were here are gone",
)
VARIOUS = "Various Artists"
PLAYED = "Azulejo"
"""The album that is played: its files have the length that they state."""


@dataclass(frozen=True)
class Record:
    """An album; `hues` are the two colours of its cover, 0 to 359 degrees. `tags` are those that
    all tracks have, `subtitles` those of its discs. `edition` stands in the folder's name too."""

    artist: str
    title: str
    year: int
    tracks: int
    hues: tuple[int, int]
    discs: int = 1
    subtitles: tuple[str, ...] = ()
    edition: str = ""
    tags: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        name = f"{self.title} ({self.edition})" if self.edition else self.title
        return f"{self.artist}/{name}"


RECORDS = (
    Record("Ada Fennel", "The Long Way to the Sea", 2019, 9, (205, 30)),
    Record("Ada Fennel", "Kitchen Songs", 2022, 8, (28, 350)),
    Record(
        *("The Lantern Trio", "Blue Hour", 1961, 6, (230, 280)),
        tags={"release_types": "album", "labels": "Harbour Street", "catalogue_number": "HS 1021"},
    ),
    Record(
        *("The Lantern Trio", "Blue Hour", 2011, 10, (230, 280)),
        edition="Deluxe edition",
        tags={
            "release_types": "album",
            "labels": "Harbour Street",
            "catalogue_number": "HS 9021",
            "original_date": "1961",
        },
    ),
    Record(
        *("The Lantern Trio", "At the Old Mill", 2014, 12, (40, 15)),
        discs=2,
        subtitles=("The early set", "The late set"),
        tags={
            "release_types": ("album", "live"),
            "labels": ("Harbour Street", "Old Mill"),
            "catalogue_number": "HS 1044",
            "original_date": "1964",
        },
    ),
    Record(
        *("The Lantern Trio", "Four for the Road", 1963, 4, (160, 220)),
        tags={"release_types": "ep"},
    ),
    Record(
        *("The Lantern Trio", "Night Boat", 1962, 2, (255, 200)),
        tags={"release_types": "single"},
    ),
    Record("Håkan Ødegård", "Snø over byen", 2011, 7, (190, 215)),
    Record("Mirela Costa Quartet", PLAYED, 2007, 8, (210, 48)),
    Record("Mirela Costa Quartet", "Praia Vazia", 2015, 7, (170, 32)),
    Record("Small Hours Orchestra", "Night Ferries", 2020, 6, (250, 190)),
    Record("ليلى منصور", "أغاني المطر", 1998, 8, (150, 60)),
    Record("Otis Marlowe", "Something in the Rain", 1971, 10, (10, 45)),
    Record("Otis Marlowe", "Porch Light", 1975, 9, (55, 20)),
    Record("Wren & Alder", "Hedgerow", 2017, 9, (95, 140)),
    Record("Wren & Alder", "Field Recordings", 2021, 11, (75, 35)),
    Record("Yuki Tanabe", "Four Rooms", 2003, 5, (330, 300)),
    Record("Yuki Tanabe", "Paper Cranes", 2009, 6, (5, 340)),
    Record(
        *("Clara Weidmann", "Sonatas for Cello", 1988, 12, (25, 200)),
        discs=2,
        tags={"release_types": "album", "labels": "Kammerton", "genre": "Classical"},
    ),
    Record(
        *(VARIOUS, "Songs from the Harbour", 2018, 9, (200, 90)),
        tags={"compilation": True, "release_types": ("album", "compilation"), "genre": "Folk"},
    ),
)
PICTURED = {"The Lantern Trio": (230, 40), "Otis Marlowe": (20, 60), "Yuki Tanabe": (340, 200)}
"""The artists with a picture, and its colours."""


def make_collection(music: Path) -> None:
    """Write all records below `music`, and two files that cannot be read."""
    chance = random.Random(7)  # a fixed seed gives the same collection each time
    for number, record in enumerate(RECORDS):
        _make_record(music / record.folder, record, GENRES[number % 5], chance)
    for artist, hues in PICTURED.items():
        draw_portrait(hues).save(music / artist / "artist.jpg", quality=92)
    for name in ("Unfinished take.mp3", "Rehearsal, side B.flac"):
        broken = music / "From the attic" / name
        broken.parent.mkdir(exist_ok=True)
        broken.write_text("no sound in here")
        _let_it_be_old(broken)


def _make_record(folder: Path, record: Record, genre: str, chance: random.Random) -> None:
    folder.mkdir(parents=True)
    draw_cover(record).save(folder / "cover.png")
    names = [f"{first} {second}" for first in FIRST for second in SECOND]
    a_disc = record.tracks // record.discs
    is_played = record.title == PLAYED
    for number, title in enumerate(chance.sample(names, record.tracks)):
        disc = number // a_disc + 1
        path = folder / f"{number + 1:02} {title}{'.wav' if is_played else '.flac'}"
        (_write_silence if is_played else _write_short_flac)(path, chance.randint(125, 420))
        tags = {
            "title": title,
            "artist": record.artist,
            "album": record.title,
            "album_artist": record.artist,
            "year": record.year,
            "genre": genre,
            "track_number": number % a_disc + 1,
            "disc_number": disc,
            **({"edition": record.edition} if record.edition else {}),
            **({"disc_subtitle": record.subtitles[disc - 1]} if record.subtitles else {}),
            **record.tags,
            **_tags_of_track(record, number, disc),
        }
        retag(path, **tags)
        if is_played:
            path.with_suffix(".lrc").write_text(_lyrics())
        _let_it_be_old(path)


def _lyrics() -> str:
    """A line each four seconds."""
    lines = (LYRICS[number % len(LYRICS)] for number in range(60))
    return "".join(f"[{at // 15:02}:{at % 15 * 4:02}.00]{line}\n" for at, line in enumerate(lines))


def _tags_of_track(record: Record, number: int, disc: int) -> dict[str, Any]:
    """What sets the tracks of a compilation and of classical works apart."""
    if record.artist == VARIOUS:
        artists = sorted({each.artist for each in RECORDS} - {VARIOUS})
        return {"artist": artists[number * 4 % len(artists)]}
    if record.title != "Sonatas for Cello":
        return {}
    works, place = SONATAS[disc], number % (record.tracks // record.discs)
    work = works[min(place // 4, len(works) - 1)]
    movement = place - 4 * works.index(work)
    if disc == 1:
        return {
            "work": work,
            "movement": MOVEMENTS[movement % 4],
            "movement_number": movement + 1,
            "title": f"{work}: {MOVEMENTS[movement % 4]}",
            "composer": "Emil Hartwig",
        }
    if place < len(MOVEMENTS):
        roman = ("I", "II", "III", "IV")[place]
        return {"title": f"{work}: {roman}. {MOVEMENTS[place]}", "composer": "Emil Hartwig"}
    return {"title": ("Berceuse", "Elegy for Cello and Piano")[place - 4], "composer": "Anna Lind"}


def draw_cover(record: Record) -> Image.Image:
    """A soft gradient from one hue to the other, with a sun or a few waves on it."""
    top, bottom = (Image.new("HSV", (1, 1), (hue * 255 // 360, 120, 190)) for hue in record.hues)
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), _rgb(top))
    strip.putpixel((0, 1), _rgb(bottom))
    cover = strip.resize((COVER_PX, COVER_PX), Image.Resampling.BICUBIC)
    layer = Image.new("RGBA", cover.size)
    draw = ImageDraw.Draw(layer)
    if record.tracks % 2:
        size = COVER_PX * (0.19 + record.year % 90 / 500)
        draw.circle((COVER_PX * 0.62, COVER_PX * 0.4), size, fill=(255, 255, 255, 90))
    for wave_number in range(record.tracks % 4 + 1):
        y = COVER_PX * (0.62 + 0.1 * wave_number)
        box = (-COVER_PX * 0.4, y, COVER_PX * (1.1 + 0.2 * (wave_number % 2)), y + COVER_PX)
        draw.ellipse(box, fill=(20, 20, 40, 45))
    return Image.alpha_composite(cover.convert("RGBA"), layer).convert("RGB")


def draw_portrait(hues: tuple[int, int]) -> Image.Image:
    """A head and shoulders in front of a plain wall."""
    wall, figure = (
        _rgb(Image.new("HSV", (1, 1), (hue * 255 // 360, 110, value)))
        for hue, value in zip(hues, (200, 90), strict=True)
    )
    portrait = Image.new("RGB", (COVER_PX, COVER_PX), wall)
    draw = ImageDraw.Draw(portrait)
    draw.circle((COVER_PX * 0.5, COVER_PX * 0.38), COVER_PX * 0.17, fill=figure)
    draw.ellipse((COVER_PX * 0.2, COVER_PX * 0.6, COVER_PX * 0.8, COVER_PX * 1.4), fill=figure)
    return portrait


def _rgb(pixel: Image.Image) -> tuple[int, int, int]:
    red, green, blue = pixel.convert("RGB").tobytes()
    return red, green, blue


def _write_silence(path: Path, seconds: int) -> None:
    """Write a silent WAV file, sparse so that it takes almost no room on the disk."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.setnframes(seconds * RATE_HZ)
        sound.writeframesraw(b"")
    data_bytes = seconds * RATE_HZ * 2
    head = path.read_bytes()
    with path.open("wb") as file:
        file.write(head[:4] + (36 + data_bytes).to_bytes(4, "little") + head[8:40])
        file.write(data_bytes.to_bytes(4, "little"))
        file.truncate(44 + data_bytes)


def _write_short_flac(path: Path, seconds: int) -> None:
    """Write a FLAC file that says to be `seconds` long, in 24 bits and at 96 kHz."""
    flac = bytearray(SAMPLES[".flac"].read_bytes())
    rate_hz, channels, bits = 96_000, 2, 24
    packed = rate_hz << 44 | (channels - 1) << 41 | (bits - 1) << 36 | seconds * rate_hz
    flac[FLAC_HEAD_BYTES] = packed.to_bytes(8, "big")
    path.write_bytes(flac)


def _let_it_be_old(path: Path) -> None:
    then = time.time() - 60
    os.utime(path, (then, then))
