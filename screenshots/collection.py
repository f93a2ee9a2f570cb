"""A made-up record collection: silent files with realistic durations, tags and drawn covers."""

import os
import random
import time
import wave
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from tests.audio_files import retag

RATE_HZ = 8000
COVER_PX = 480
GENRES = ("Jazz", "Folk", "Ambient", "Classical", "Soul")
FIRST = (
    *("Morning", "River", "Paper", "Northern", "Silent", "Copper"),
    *("Winter", "Second", "Open", "Blue", "Slow", "Glass"),
)
SECOND = (
    *("Light", "Garden", "Letter", "Station", "Harbour", "Field"),
    *("Window", "Song", "Road", "Orchard", "Tide", "Room"),
)


@dataclass(frozen=True)
class Record:
    """An album; `hues` are the two colours of its cover, 0 to 359 degrees."""

    artist: str
    title: str
    year: int
    tracks: int
    hues: tuple[int, int]
    discs: int = 1


RECORDS = (
    Record("Ada Fennel", "The Long Way to the Sea", 2019, 9, (205, 30)),
    Record("Ada Fennel", "Kitchen Songs", 2022, 8, (28, 350)),
    Record("The Lantern Trio", "Blue Hour", 1961, 6, (230, 280)),
    Record("The Lantern Trio", "At the Old Mill", 1964, 12, (40, 15), discs=2),
    Record("Håkan Ødegård", "Snø over byen", 2011, 7, (190, 215)),
    Record("Mirela Costa Quartet", "Azulejo", 2007, 8, (210, 48)),
    Record("Mirela Costa Quartet", "Praia Vazia", 2015, 7, (170, 32)),
    Record("Small Hours Orchestra", "Night Ferries", 2020, 6, (250, 190)),
    Record("ليلى منصور", "أغاني المطر", 1998, 8, (150, 60)),
    Record("Otis Marlowe", "Something in the Rain", 1971, 10, (10, 45)),
    Record("Otis Marlowe", "Porch Light", 1975, 9, (55, 20)),
    Record("Wren & Alder", "Hedgerow", 2017, 9, (95, 140)),
    Record("Wren & Alder", "Field Recordings", 2021, 11, (75, 35)),
    Record("Yuki Tanabe", "Four Rooms", 2003, 5, (330, 300)),
    Record("Yuki Tanabe", "Paper Cranes", 2009, 6, (5, 340)),
    Record("Clara Weidmann", "Sonatas for Cello", 1988, 12, (25, 200), discs=2),
)


def make_collection(music: Path) -> None:
    """Write all records below `music`, and two files that cannot be read."""
    chance = random.Random(7)  # a fixed seed gives the same collection each time
    for number, record in enumerate(RECORDS):
        _make_record(music / record.artist / record.title, record, GENRES[number % 5], chance)
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
    for number, title in enumerate(chance.sample(names, record.tracks)):
        path = folder / f"{number + 1:02} {title}.wav"
        _write_silence(path, chance.randint(125, 420))
        retag(
            path,
            title=title,
            artist=record.artist,
            album=record.title,
            album_artist=record.artist,
            year=record.year,
            genre=genre,
            track_number=number % a_disc + 1,
            disc_number=number // a_disc + 1,
        )
        _let_it_be_old(path)


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
        size = 90 + record.year % 90
        draw.circle((COVER_PX * 0.62, COVER_PX * 0.4), size, fill=(255, 255, 255, 90))
    for wave_number in range(record.tracks % 4 + 1):
        y = COVER_PX * (0.62 + 0.1 * wave_number)
        box = (-COVER_PX * 0.4, y, COVER_PX * (1.1 + 0.2 * (wave_number % 2)), y + COVER_PX)
        draw.ellipse(box, fill=(20, 20, 40, 45))
    return Image.alpha_composite(cover.convert("RGBA"), layer).convert("RGB")


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


def _let_it_be_old(path: Path) -> None:
    then = time.time() - 60
    os.utime(path, (then, then))
