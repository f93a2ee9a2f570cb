"""One file as a reader process takes it: its tags, and the times and size they belong to."""

from collections.abc import Sequence

from library.tags import reading
from library.tags.ordinary import Extraordinary, Opened
from library.tags.reader import UnreadableAudio, ordinary_tags, read_any_tags
from library.tags.reading import GONE_STAGE, OPEN_STAGE, READ_STAGE, ReadFile


def read_file(path: str, artist_separators: Sequence[str] = ()) -> ReadFile:
    """`path`'s tags. Never raises for anything the file or its disk does."""
    separators = tuple(artist_separators)
    return _read_ordinary(path, separators) or _read_any(path, separators)


def _read_ordinary(path: str, separators: tuple[str, ...]) -> ReadFile | None:
    """None where `_read_any` has to tell what there is to tell."""
    try:
        with Opened(path) as file:
            tags = ordinary_tags(file, path, separators)
            mtime_ns = reading.modification_time_ns(file.facts)
            return ReadFile(tags, mtime_ns, file.size, file.is_as_it_was()) if tags else None
    except (OSError, OverflowError, ValueError, Extraordinary):
        return None


def _read_any(path: str, separators: tuple[str, ...]) -> ReadFile:
    read = reading.facts_alone(path)
    try:
        tags = read_any_tags(path, separators)
    except UnreadableAudio as error:
        return read._replace(stage=READ_STAGE, reason=str(error))
    except FileNotFoundError:
        return read._replace(stage=GONE_STAGE, reason="The file is gone.")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return read._replace(stage=OPEN_STAGE, reason=f"The file cannot be opened: {reason}.")
    return read._replace(tags=tags, is_settled=reading.facts_alone(path) == read)
