"""MPEG audio, layers I to III, and AAC in ADTS: a stream of frames with tags around it."""

from mutagen.aac import AACInfo

from library.tags.audio import Audio
from library.tags.audio_digest import digest_of_payload
from library.tags.bounded_file import BoundedFile
from library.tags.ends import TagsAround
from library.tags.source import FileSource
from library.tags.streams import adts, frame_walk
from library.tags.streams.mpeg_frames import MPEG
from library.tags.streams.mpeg_stream import is_tagged, read_mpeg_stream


def read_mpeg(file: BoundedFile) -> Audio:
    """A stream of MPEG frames, else one of ADTS: recorders of web radio call both MP3.

    Raises ValueError if there is neither.
    """
    source = FileSource(file)
    audio = read_mpeg_stream(source, lambda at: frame_walk.find(source, at, MPEG, is_tagged))
    audio = audio or _adts_audio(file, source)
    if audio is None:
        raise ValueError("can't sync to MPEG frame")
    return audio


def read_adts(file: BoundedFile) -> Audio:
    audio = _adts_audio(file, FileSource(file))
    if audio is None:
        raise ValueError("no valid stream found")
    return audio


def _adts_audio(file: BoundedFile, source: FileSource) -> Audio | None:
    around = TagsAround(source)
    start = around.start_of_stream(lambda at: _adif_or_adts(source, at))
    if start is None:
        return None
    end = around.end_of_stream()
    if source.read_at_most(start, len(adts.ADIF)) == adts.ADIF:
        file.seek(start)
        info = AACInfo(file)
    else:
        info = adts.stream(source, start, end)
    return Audio(info, around.merged(), "aac", digest_of_payload(source.read_only, start, end))


def _adif_or_adts(source: FileSource, at: int) -> int | None:
    if source.read_at_most(at, len(adts.ADIF)) == adts.ADIF:
        return at
    return frame_walk.find(source, at, adts.ADTS)
