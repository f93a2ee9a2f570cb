"""One file as a reader process reads it: its tags, and the time and size that belong to them."""

from collections.abc import Sequence

from library.tags.lyrics_text import LOOKED_AT, SYNCED, kind_of_file
from library.tags.reader import UnreadableAudio, read_tags
from library.tags.reading import GONE_STAGE, OPEN_STAGE, READ_STAGE, ReadFile, time_and_size
from library.tags.track_tags import TrackTags


def read_file(path: str, lyrics_path: str = "", artist_separators: Sequence[str] = ()) -> ReadFile:
    """The tags of `path`; the kind of lyrics takes the file `lyrics_path` beside it into account.

    Never raises for anything that the files or their disk do.
    """
    before = time_and_size(path)
    try:
        tags = read_tags(path, artist_separators=tuple(artist_separators))
        if lyrics_path:
            tags = _with_lyrics_of_file(tags, lyrics_path)
    except UnreadableAudio as error:
        return before._replace(stage=READ_STAGE, reason=str(error))
    except FileNotFoundError:
        return before._replace(stage=GONE_STAGE, reason="The file is gone.")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return before._replace(stage=OPEN_STAGE, reason=f"The file cannot be opened: {reason}.")
    is_settled = time_and_size(path) == before
    return ReadFile(tags, before.mtime_ns, before.size_bytes, is_settled, before.mtime_error)


def _with_lyrics_of_file(tags: TrackTags, path: str) -> TrackTags:
    """Synced lyrics in the file count more than plain ones in the tags, and the other way round."""
    try:
        with open(path, "rb") as file:
            kind = kind_of_file(file.read(LOOKED_AT))
    except OSError:
        return tags  # the audio file alone decides whether the track can be read
    if not kind or (tags.lyrics_kind and kind != SYNCED):
        return tags
    return tags._replace(lyrics_kind=kind, lyrics_language="")
