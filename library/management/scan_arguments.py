"""The options of `manage.py scan_tracks`."""

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from pathlib import Path

from library.models.scan import ScanTrigger
from library.scanning.report import DEFAULT_BATCH_SIZE, MAX_BATCH_SIZE, MAX_WORKERS


def add_arguments(parser: ArgumentParser) -> None:
    _add_reading(parser)
    _add_removing(parser)
    _add_running(parser)
    _add_options_of_servers(parser)


def _add_reading(parser: ArgumentParser) -> None:
    """What is read, and by how many at once."""
    add = parser.add_argument
    add("folders", nargs="*", type=_folder, help="only these folders; default: all music folders")
    add("--full", action="store_true", help="read every file again, even unchanged ones")
    add("--workers", type=int, help=f"reader processes, 0 to {MAX_WORKERS}")
    add(
        "--batch-size",
        type=int,
        default=DEFAULT_BATCH_SIZE,
        help=f"new tracks per transaction, 1 to {MAX_BATCH_SIZE}; default %(default)s",
    )


def _add_removing(parser: ArgumentParser) -> None:
    """What happens to tracks whose files are gone."""
    add = parser.add_argument
    add(
        "--allow-empty",
        action="store_true",
        help="mark tracks missing even if a folder is empty",
    )
    add(
        "--prune-missing",
        action="store_true",
        help="afterwards delete tracks whose files are gone; with folders, only those inside; "
        "not those that a favourite, a play, a playlist or the like of a person belongs to",
    )
    add(
        "--prune-also-used",
        action="store_true",
        help="with --prune-missing, also these; what people made waits for the files' return",
    )


def _add_running(parser: ArgumentParser) -> None:
    """How often, at which priority, and what is printed."""
    add = parser.add_argument
    add("--every", type=float, metavar="SECONDS", help="scan again and again until SIGTERM")
    add("--nice", type=int, default=0, metavar="N", help="lower the priority by N, 0 to 19")
    add("--json", action="store_true", help="print the report as JSON, one line per scan")
    add("--quiet", action="store_true", help="print only errors")


def _add_options_of_servers(parser: ArgumentParser) -> None:
    """For scans that a server starts: why, the `Scan` row that the server created, whether to
    count files first, for a progress bar, and whether only to read outdated files again."""
    add = parser.add_argument
    add("--trigger", choices=ScanTrigger.values, default=ScanTrigger.COMMAND, help=SUPPRESS)
    add("--adopt", type=int, metavar="SCAN", help=SUPPRESS)
    add("--count-first", action="store_true", help=SUPPRESS)
    add("--reread", action="store_true", help=SUPPRESS)


def _folder(name: str) -> Path:
    """Refuse an empty name, for example of an unset shell variable: it would mean the current
    folder."""
    if not name:
        raise ArgumentTypeError('found an empty name; name a folder, "." for the current one')
    return Path(name)
