"""Short sounds, each unlike all others, in every format of the matrix."""

from pathlib import Path

from bench.identity.ffmpeg_jobs import FfmpegJobs, Job
from tests.audio_files import make_noise

SUFFIXES = (".mp3", ".flac", ".m4a", ".ogg", ".opus", ".wav", ".wma", ".wv")
_ENCODERS = {
    ".mp3": ("-c:a", "libmp3lame", "-b:a", "64k"),
    ".flac": ("-c:a", "flac", "-compression_level", "0"),
    ".m4a": ("-c:a", "aac", "-b:a", "48k"),
    # Several pages, as there are in any file longer than a second.
    ".ogg": ("-c:a", "libvorbis", "-q:a", "0", "-page_duration", "50000"),
    ".opus": ("-c:a", "libopus", "-b:a", "24k", "-page_duration", "50000"),
    ".wma": ("-c:a", "wmav2", "-b:a", "48k"),
    ".wv": ("-c:a", "wavpack", "-compression_level", "0"),
}


def make_sounds(folder: Path, count: int) -> None:
    """Make `<number><suffix>` in `folder`, for each number below `count` and each of SUFFIXES.

    They are noise, the same for the same number, all equally long.
    """
    folder.mkdir(parents=True, exist_ok=True)
    jobs = FfmpegJobs()
    for number in range(count):
        plain = sound(folder, number, ".wav")
        make_noise(plain, number)
        outputs = [
            (options, sound(folder, number, suffix)) for suffix, options in _ENCODERS.items()
        ]
        jobs.add(Job(plain, outputs))
    jobs.run()


def sound(folder: Path, number: int, suffix: str) -> Path:
    return folder / f"{number}{suffix}"
