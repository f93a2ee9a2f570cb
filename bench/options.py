"""The command line of `python -m bench`."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from bench.command_line import count
from bench.contenders import PEERS
from bench.places import default_bench_dir

SIZES = (2_000, 20_000)
LARGE = 100_000

EPILOG = """\
With no options: 2,000 and 20,000 tracks, three times each. A figure to be quoted wants a machine
that does nothing else. The corpora take 0.7 GB, 7 GB and (--large) 2.5 GB, once.
"""


@dataclass(frozen=True, kw_only=True)
class Options:
    sizes: tuple[int, ...]
    tiny: bool
    music: Path | None
    runs: int
    peers: tuple[str, ...]
    slow_peers: bool
    bench_dir: Path


def read_options(arguments: list[str] | None) -> Options:
    parser = _parser()
    said = parser.parse_args(arguments)
    sizes: tuple[int, ...] = said.sizes + ((LARGE,) if said.large else ())
    if said.music and not said.music.is_dir():
        parser.error(f"--music: {said.music} is no folder")
    return Options(
        sizes=tuple(sorted(set(sizes))),
        tiny=said.tiny,
        music=said.music.absolute() if said.music else None,
        runs=said.runs,
        peers=said.peers,
        slow_peers=said.slow_peers,
        bench_dir=said.bench_dir.expanduser().absolute(),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measures scans of mus, beside find and its peers where installed.",
        epilog=EPILOG,
    )
    parser.add_argument(
        "--sizes", type=_sizes, default=SIZES, metavar="N,N", help="tracks (default: 2000,20000)"
    )
    parser.add_argument("--large", action="store_true", help=f"also {LARGE:,} tiny tracks")
    parser.add_argument("--tiny", action="store_true", help="a second of sound for every size")
    parser.add_argument(
        "--music", type=Path, metavar="FOLDER", help="scan this folder, read only; no corpus made"
    )
    parser.add_argument(
        "--runs", type=count, default=3, metavar="N", help="medians of N (default: 3)"
    )
    names = ",".join(_peer_names())
    parser.add_argument(
        "--peers", type=_peers, default=_peer_names(), metavar="A,B", help=f"of {names}; or none"
    )
    parser.add_argument(
        "--slow-peers",
        action="store_true",
        help="supysonic and beets above 2,000 tracks too: minutes",
    )
    parser.add_argument(
        "--bench-dir",
        type=Path,
        default=default_bench_dir(),
        metavar="FOLDER",
        help="where corpora and results are kept (default: $BENCH_DIR or .bench)",
    )
    return parser


def _peer_names() -> tuple[str, ...]:
    return tuple(peer.name.lower() for peer in PEERS)


def _peers(text: str) -> tuple[str, ...]:
    names = () if text == "none" else tuple(text.lower().split(","))
    if unknown := set(names) - set(_peer_names()):
        raise argparse.ArgumentTypeError(f"no such peer: {', '.join(sorted(unknown))}")
    return names


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(count(part.replace("_", "")) for part in text.split(","))
