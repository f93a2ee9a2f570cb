"""Puts a corpus on the disk, or takes the one that is there.

A file beside the tree, `NAME.json`, says what the tree is. It is never inside, where a scanner
would see it. A tree without it was not made here, and is not touched.
"""

import json
import os
import shutil
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track as show_progress

from bench.corpus.plan import AlbumPlan, plan_albums, plan_tracks
from bench.corpus.seeds import CannotEncode, Seeds, has_encoder, make_seeds
from bench.corpus.tagging import write_tags

FORMAT_VERSION = 2  # of the plan and the files: raise it when either changes
DEFAULT_SEED = 1
NS = 1_000_000_000


class CorpusError(Exception):
    """There is no corpus to be had there; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """What its marker file says. `encoder` is false where the samples of the tests stood in."""

    tracks: int
    tiny: bool
    seed: int
    encoder: bool
    size_bytes: int
    suffixes: dict[str, int]
    version: int = FORMAT_VERSION


class _Builder:
    """What each process of the pool keeps between albums."""

    root: Path
    seeds: Seeds


def ensure_corpus(
    root: Path, tracks: int, *, tiny: bool, seed: int = DEFAULT_SEED, console: Console | None = None
) -> Corpus:
    """The corpus at `root`, made first if there is none.

    Raises CorpusError when something else is there, or it cannot be made.
    """
    marker = root.with_name(f"{root.name}.json")
    if root.exists():
        return _existing(root, marker, (tracks, tiny, seed))
    if tracks < 1:
        raise CorpusError(f"A corpus of {tracks} tracks cannot be made.")
    partial = root.with_name(f"{root.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    corpus = _build(partial, tracks, tiny=tiny, seed=seed, console=console or Console(quiet=True))
    # In this order, so that a tree of that name is always whole and has its marker.
    marker.write_text(json.dumps(asdict(corpus), indent=2) + "\n")
    partial.rename(root)
    return corpus


def _existing(root: Path, marker: Path, wanted: tuple[int, bool, int]) -> Corpus:
    try:
        said = json.loads(marker.read_text())
        corpus = Corpus(**said)
    except FileNotFoundError:
        raise CorpusError(f"{root} was not made by bench: name another folder.") from None
    except (ValueError, TypeError):
        raise CorpusError(f"{marker} cannot be read: remove it and {root}.") from None
    if (corpus.tracks, corpus.tiny, corpus.seed, corpus.version) != (*wanted, FORMAT_VERSION):
        raise CorpusError(f"{root} is another corpus, see {marker}: remove both, or name another.")
    return corpus


def _build(root: Path, tracks: int, *, tiny: bool, seed: int, console: Console) -> Corpus:
    try:
        seeds = make_seeds(tiny=tiny)
    except CannotEncode as error:
        raise CorpusError(str(error)) from None
    albums = plan_albums(tracks, seed)
    suffixes: Counter[str] = Counter()
    size_bytes = 0
    with ProcessPoolExecutor(initializer=_start, initargs=(root, seeds)) as pool:
        written = pool.map(_write_album, albums, chunksize=8)
        for album, size in show_progress(
            zip(albums, written, strict=True),
            f"making {tracks:,} tracks",
            total=len(albums),
            console=console,
            transient=True,
        ):
            suffixes[album.suffix] += album.track_count
            size_bytes += size
            # By one process, after all that write there: albums share their artist's folder.
            os.utime((root / album.folder).parent, ns=(album.mtime_s * NS,) * 2)
    return Corpus(
        tracks=tracks,
        tiny=tiny,
        seed=seed,
        encoder=has_encoder(),
        size_bytes=size_bytes,
        suffixes=dict(sorted(suffixes.items())),
    )


def _start(root: Path, seeds: Seeds) -> None:
    _Builder.root, _Builder.seeds = root, seeds


def _write_album(album: AlbumPlan) -> int:
    """The bytes of audio it wrote."""
    rng = album.random()
    seeds = _Builder.seeds
    folder = _Builder.root / album.folder
    folder.mkdir(parents=True)
    cover = _mark_cover(rng.choice(seeds.covers), album.number)
    if not album.embeds_cover:
        _write(folder / "cover.jpg", cover, album.mtime_s * NS)
    written = 0
    for index, track in enumerate(plan_tracks(album)):
        body = rng.choice(seeds.bodies[album.suffix])
        data = write_tags(body, album.suffix, track, cover if album.embeds_cover else None, rng)
        mtime_ns = (album.mtime_s + index) * NS + rng.randrange(NS)
        _write(folder / track.file_name, data, mtime_ns)
        written += len(data)
    os.utime(folder, ns=(album.mtime_s * NS,) * 2)
    return written


def _write(path: Path, data: bytes, mtime_ns: int) -> None:
    path.write_bytes(data)
    os.utime(path, ns=(mtime_ns, mtime_ns))


def _mark_cover(jpeg: bytes, album_number: int) -> bytes:
    """The picture with a comment behind its first marker: no two albums share a cover's bytes."""
    comment = f"album {album_number}".encode()
    length = (len(comment) + 2).to_bytes(2, "big")
    return jpeg[:2] + b"\xff\xfe" + length + comment + jpeg[2:]
