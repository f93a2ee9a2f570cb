"""The changes of the matrix: none of them changes the sound of a file."""

import os
from pathlib import Path
from typing import Any

import mutagen.flac

from bench.identity.case import Case, Change
from bench.identity.ffmpeg_jobs import FfmpegJobs, Job
from bench.identity.places import Places
from bench.identity.sounds import SUFFIXES
from tests.audio_files import jpeg, retag

PADDING_BYTES = 30_000

flac: Any = mutagen.flac


def _other_tags(case: Case) -> dict[str, Any]:
    name = case.next_name()
    return {
        "title": f"Title {case.number} {name}",
        "artist": f"Singer {case.number} {name}",
        "album": f"Record {case.number} {name}",
    }


def _retag(case: Case, places: Places, _: FfmpegJobs) -> None:
    retag(case.path, **_other_tags(case), genre="Jazz")
    places.written(case.path)


def _copy_streams(case: Case, places: Places, jobs: FfmpegJobs) -> None:
    """Tags written by `ffmpeg -c copy`, which lays the stream out anew in another file."""
    new = _beside(case.path)
    tags = [
        part
        for name, value in _other_tags(case).items()
        for part in ("-metadata", f"{name}={value}")
    ]

    def done() -> None:
        os.replace(new, case.path)
        places.written(case.path)

    jobs.add(Job(case.path, [(("-c", "copy", *tags), new)], done))


def _rename(case: Case, places: Places, _: FfmpegJobs) -> None:
    _move_to(case, places, case.path.with_name(case.next_name()))


def _move_to_folder(case: Case, places: Places, _: FfmpegJobs) -> None:
    _move_to(case, places, case.path.parent / f"In {case.next_name()[:2]}" / case.path.name)


def _move_to_device(case: Case, places: Places, _: FfmpegJobs) -> None:
    _move_to(case, places, places.elsewhere(case.path))


def _copy_over_itself(case: Case, places: Places, _: FfmpegJobs) -> None:
    """As rsync and restored backups do it: the time stays, the inode does not."""
    new = _beside(case.path)
    times = case.path.stat()
    places.copy(case.path, new)
    os.utime(new, ns=(times.st_atime_ns, times.st_mtime_ns))
    os.replace(new, case.path)


def _copy(case: Case, places: Places, _: FfmpegJobs) -> None:
    name = case.next_name()
    case.copy_of, case.path = case.path, case.path.parent / f"Copy {name[:2]}" / name
    places.copy(case.copy_of, case.path)


def _copy_and_retag(case: Case, places: Places, jobs: FfmpegJobs) -> None:
    _copy(case, places, jobs)
    _retag(case, places, jobs)


def _delete_original(case: Case, _: Places, __: FfmpegJobs) -> None:
    assert case.copy_of is not None  # noqa: S101
    case.copy_of.unlink()
    case.copy_of = None


def _new_cover(case: Case, places: Places, _: FfmpegJobs) -> None:
    retag(case.path, cover=jpeg(case.number))
    places.written(case.path)


def _recompress(case: Case, places: Places, jobs: FfmpegJobs) -> None:
    """As `flac -8` does it: tags and pictures stay. There is more padding, too."""
    new = _beside(case.path)

    def done() -> None:
        old, recompressed = flac.FLAC(case.path), flac.FLAC(new)
        recompressed.tags.clear()
        for picture in old.pictures:
            recompressed.add_picture(picture)
        recompressed.update(old.tags or {})
        recompressed.save(padding=lambda _: PADDING_BYTES)
        os.replace(new, case.path)
        places.written(case.path)

    jobs.add(Job(case.path, [(("-c:a", "flac", "-compression_level", "8"), new)], done))


def _take_away(case: Case, places: Places, _: FfmpegJobs) -> None:
    places.move(case.path, places.outside / case.home / case.path.name)


def _bring_back(case: Case, places: Places, _: FfmpegJobs) -> None:
    away = places.outside / case.home / case.path.name
    case.path = case.path.with_name(case.next_name())
    places.move(away, case.path)


def _swap(case: Case, places: Places, _: FfmpegJobs) -> None:
    assert case.partner is not None  # noqa: S101
    aside = _beside(case.path)
    places.move(case.path, aside)
    places.move(case.partner, case.path)
    places.move(aside, case.partner)
    case.path, case.partner = case.partner, case.path


def _move_to(case: Case, places: Places, target: Path) -> None:
    places.move(case.path, target)
    case.path = target


def _beside(path: Path) -> Path:
    """A name that scans ignore, since it is hidden."""
    return path.with_name(f".new{path.suffix}")


# ffmpeg writes the first frame of an MP3 anew, which counts frames and holds no sound. That is part
# of the digest.
_COPIED_ALIKE = frozenset(SUFFIXES) - {".mp3"}

CHANGES = (
    Change("retagged", (_retag,)),
    Change("retagged by ffmpeg", (_copy_streams,), _COPIED_ALIKE),
    Change("renamed", (_rename,)),
    Change("other folder", (_move_to_folder,)),
    Change("other device", (_move_to_device,)),
    Change("other inode", (_copy_over_itself,)),
    Change("copied, then deleted", (_copy, _delete_original)),
    Change("copied and retagged, then deleted", (_copy_and_retag, _delete_original)),
    Change("new cover", (_new_cover,)),
    Change("recompressed", (_recompress,), frozenset({".flac"})),
    Change("away and back renamed", (_take_away, _bring_back)),
    Change("swapped", (_swap,), needs_partner=True),
)
