"""The sound and the pictures that a corpus is made of: about twenty short encodings, and covers.

ffmpeg encodes the sound; where it is missing the samples of the tests stand in, which are shorter
than any real track.
"""

import io
import random
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bench.corpus.plan import SUFFIX_SHARES
from bench.places import SAMPLES_DIR

# Some hundred kilobytes each: enough for readers that look far into a file, little enough that
# 20,000 of them stay in the page cache.
LENGTHS_S = {
    "mp3": (9, 12, 15, 18),
    "flac": (4, 5, 6, 7),
    "m4a": (12, 15, 18, 21),
    "ogg": (14, 18, 22, 26),
    "opus": (14, 18, 22, 26),
}
TINY_LENGTHS_S = {suffix: (0.25,) if suffix == "flac" else (1,) for suffix in SUFFIX_SHARES}
CODECS = {
    "mp3": ("-c:a libmp3lame -b:a 192k", "-c:a libmp3lame -q:a 2"),
    "flac": ("-c:a flac -sample_fmt s16",),
    "m4a": ("-c:a aac -b:a 160k", "-c:a aac -b:a 160k -movflags +faststart"),
    "ogg": ("-c:a libvorbis -q:a 5",),
    "opus": ("-c:a libopus -b:a 128k",),
}
COVER_COUNT, COVER_SIDES = 30, (600, 700, 800)
TINY_COVER_COUNT, TINY_COVER_SIDES = 8, (150,)


class CannotEncode(Exception):
    """This ffmpeg was built without an encoder that is needed; the text has its words."""


@dataclass(frozen=True)
class Seeds:
    """Audio files without tags by suffix, and JPEG covers, all as bytes."""

    bodies: dict[str, tuple[bytes, ...]]
    covers: tuple[bytes, ...]


def has_encoder() -> bool:
    return shutil.which("ffmpeg") is not None


def make_seeds(*, tiny: bool) -> Seeds:
    lengths = TINY_LENGTHS_S if tiny else LENGTHS_S
    read = _encode_bodies if has_encoder() else _sample_bodies
    bodies = {suffix: read(suffix, lengths[suffix]) for suffix in SUFFIX_SHARES}
    count, sides = (TINY_COVER_COUNT, TINY_COVER_SIDES) if tiny else (COVER_COUNT, COVER_SIDES)
    return Seeds(bodies, tuple(_paint_cover(number, sides) for number in range(count)))


def _sample_bodies(suffix: str, _: tuple[float, ...]) -> tuple[bytes, ...]:
    return ((SAMPLES_DIR / f"silence.{suffix}").read_bytes(),)


def _encode_bodies(suffix: str, lengths_s: tuple[float, ...]) -> tuple[bytes, ...]:
    with tempfile.TemporaryDirectory() as folder:
        return tuple(
            _encode(Path(folder, f"seed.{suffix}"), codec, length)
            for codec in CODECS[suffix]
            for length in lengths_s
        )


def _encode(path: Path, codec: str, length_s: float) -> bytes:
    """Pink noise and a tone: compresses about as well as music, and alike at every run."""
    rate = 48_000 if path.suffix == ".opus" else 44_100
    sound = (
        f"anoisesrc=color=pink:seed=11:amplitude=0.2:sample_rate={rate}[noise];"
        f"sine=frequency=294:sample_rate={rate}[tone];"
        "[noise][tone]amix=inputs=2,aformat=channel_layouts=stereo"
    )
    # bitexact leaves out versions, dates and random stream numbers.
    options = "-map_metadata -1 -fflags +bitexact -flags:a +bitexact"
    command = (
        *("ffmpeg", "-nostdin", "-y", "-loglevel", "error", "-filter_complex", sound),
        *("-t", str(length_s), *options.split(), *codec.split(), str(path)),
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotEncode(f"ffmpeg cannot make {path.suffix} files: {done.stderr.strip()}")
    return path.read_bytes()


def _paint_cover(number: int, sides: tuple[int, ...]) -> bytes:
    """Coarse coloured noise: a JPEG about as large as a cover from a shop."""
    rng = random.Random(f"cover {number}")
    side = rng.choice(sides)
    coarse = int(side / rng.choice((2.0, 2.4, 2.8)))
    noise = Image.frombytes("RGB", (coarse, coarse), rng.randbytes(coarse * coarse * 3))
    file = io.BytesIO()
    noise.resize((side, side), Image.Resampling.BICUBIC).save(file, "JPEG", quality=72)
    return file.getvalue()
