"""One file as a reader process reads it: its tags, and the time and size that belong to them."""

from collections.abc import Sequence

from library.tags.reader import UnreadableAudio, read_tags
from library.tags.reading import GONE_STAGE, OPEN_STAGE, READ_STAGE, ReadFile, time_and_size


def read_file(path: str, artist_separators: Sequence[str] = ()) -> ReadFile:
    """The tags of `path`. Never raises for anything that the file or its disk does."""
    before = time_and_size(path)
    try:
        tags = read_tags(path, artist_separators=tuple(artist_separators))
    except UnreadableAudio as error:
        return before._replace(stage=READ_STAGE, reason=str(error))
    except FileNotFoundError:
        return before._replace(stage=GONE_STAGE, reason="The file is gone.")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return before._replace(stage=OPEN_STAGE, reason=f"The file cannot be opened: {reason}.")
    return before._replace(tags=tags, is_settled=time_and_size(path) == before)
