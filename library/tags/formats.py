"""The audio formats that mus plays: a table of suffixes, and of the function that reads each."""

from collections.abc import Callable
from typing import Any, NamedTuple

from mutagen import FileType
from mutagen.aac import AAC, AACInfo
from mutagen.aiff import AIFF
from mutagen.asf import ASF
from mutagen.dsf import DSF
from mutagen.monkeysaudio import MonkeysAudio, MonkeysAudioInfo
from mutagen.mp3 import MP3, HeaderNotFoundError, MPEGInfo
from mutagen.musepack import Musepack, MusepackInfo
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis
from mutagen.trueaudio import TrueAudio, TrueAudioInfo
from mutagen.wave import WAVE
from mutagen.wavpack import WavPack, WavPackInfo

from library.tags import asf, vorbis
from library.tags.bounded_file import BoundedFile
from library.tags.chunks import read_aiff, read_dsf, read_wave
from library.tags.ends import tags_at_the_ends
from library.tags.id3v2 import HEADER_SIZE
from library.tags.mp4 import Mp4
from library.tags.native_tags import NativeTags


class NoSoundError(Exception):
    """The file has the right format, but no audio stream."""


class Stream(NamedTuple):
    """Properties of a stream found by our own readers, with the same names as in mutagen: `length`
    in seconds, `bitrate` in bits per second, `sample_rate` in hertz."""

    length: float
    bitrate: int
    sample_rate: int
    channels: int


class Audio(NamedTuple):
    """The result of reading a file. `info`: mutagen's description of the stream, or a `Stream`."""

    info: Any
    tags: NativeTags
    codec: str


class Format(NamedTuple):
    """A format. `kind`: the mutagen class whose `score` recognises a file by its first bytes.
    `read` reads a file from its start."""

    kind: type[FileType]
    read: Callable[[BoundedFile], Audio]
    suffixes: tuple[str, ...]


# By the start of mutagen's name for the codec, which is that of RFC 6381 or the name of the atom.
_MP4_CODECS = {
    "mp4a.40": "aac",
    "mp4a.6B": "mp3",
    "mp4a.69": "mp3",
    "mp4a": "aac",
    "alac": "alac",
    "fLaC": "flac",
    "Opus": "opus",
    "ac-3": "ac3",
    "ec-3": "eac3",
    "drms": "aac",
}
# RFC 2361, appendix A: WAVE form codes.
_WAVE_CODECS = {
    0x0001: "pcm",
    0x0003: "pcm",
    0xFFFE: "pcm",
    0x0002: "adpcm",
    0x0006: "alaw",
    0x0007: "mulaw",
    0x0011: "adpcm",
    0x0050: "mp2",
    0x0055: "mp3",
    0x0161: "wma",
}


def _read_mpeg(file: BoundedFile) -> Audio:
    tags, start = tags_at_the_ends(file)
    try:
        info = _mpeg_info(file, start)
    except HeaderNotFoundError:
        if not start:
            raise
        # The tag states a greater length than it has: look for the stream inside.
        info = _mpeg_info(file, HEADER_SIZE)
    return Audio(info, tags, f"mp{info.layer}")


def _mpeg_info(file: BoundedFile, start: int) -> Any:
    """The description of an MPEG stream. Raises HeaderNotFoundError if there is none.

    If mutagen finds only few frames in a row ("sketchy"), these may be random bytes. They are
    accepted only at the very start of the stream.
    """
    info: Any = MPEGInfo(file, start)
    if info.sketchy:
        file.seek(start)
        first = file.read(2)
        if len(first) < 2 or first[0] != 0xFF or first[1] < 0xE0:  # noqa: PLR2004
            raise HeaderNotFoundError("can't sync to MPEG frame")
    return info


def _around(info: Callable[[BoundedFile, int], Any], codec: str) -> Callable[[BoundedFile], Audio]:
    """A `read` function for a format whose tags are around the stream."""

    def read(file: BoundedFile) -> Audio:
        tags, start = tags_at_the_ends(file)
        file.seek(start)
        return Audio(info(file, start), tags, codec)

    return read


def _true_audio_info(file: BoundedFile, start: int) -> Any:
    """mutagen's description, with the number of channels, which mutagen leaves out: the two bytes
    at offset 6 ("TTA1 format description")."""
    info: Any = TrueAudioInfo(file, start)
    file.seek(start + 6)
    info.channels = int.from_bytes(file.read(2), "little")
    return info


def _from_start(info: Callable[[BoundedFile], Any]) -> Callable[[BoundedFile, int], Any]:
    """For classes of mutagen that skip an ID3 tag themselves: they read from the file's start."""

    def read(file: BoundedFile, _start: int) -> Any:
        file.seek(0)
        return info(file)

    return read


def _from_here(info: Callable[[BoundedFile], Any]) -> Callable[[BoundedFile, int], Any]:
    return lambda file, _start: info(file)


def _ogg(kind: type[FileType], codec: str) -> Callable[[BoundedFile], Audio]:
    def read(file: BoundedFile) -> Audio:
        audio: Any = kind(file)
        return Audio(audio.info, vorbis.native_tags(audio.tags), codec)

    return read


def _read_flac(file: BoundedFile) -> Audio:
    audio, tags = vorbis.read_flac(file)
    return Audio(audio.info, tags, "flac")


def _read_mp4(file: BoundedFile) -> Audio:
    kind: Any = Mp4
    audio = kind(file)
    if not audio.info.codec:
        raise NoSoundError
    tags = audio.tags.tags if audio.tags is not None else NativeTags()
    return Audio(audio.info, tags, mp4_codec(audio.info.codec))


def mp4_codec(name: str) -> str:
    """The codec, as `Track.codec` holds it, for mutagen's `name` of it."""
    return next((codec for start, codec in _MP4_CODECS.items() if name.startswith(start)), "mp4")


def _read_asf(file: BoundedFile) -> Audio:
    kind: Any = ASF
    audio = kind(file)
    return Audio(audio.info, asf.native_tags(audio.tags), "wma")


def _read_wave(file: BoundedFile) -> Audio:
    info, tags = read_wave(file)
    return Audio(info, tags, _WAVE_CODECS.get(info.audio_format, "wav"))


FORMATS = (
    Format(MP3, _read_mpeg, (".mp3",)),
    Format(vorbis.Flac, _read_flac, (".flac",)),
    Format(OggVorbis, _ogg(OggVorbis, "vorbis"), (".ogg", ".oga")),
    Format(OggOpus, _ogg(OggOpus, "opus"), (".opus",)),
    Format(OggSpeex, _ogg(OggSpeex, "speex"), (".spx",)),
    Format(OggFLAC, _ogg(OggFLAC, "flac"), ()),
    Format(Mp4, _read_mp4, (".m4a", ".m4b", ".mp4")),
    Format(AAC, _around(_from_start(AACInfo), "aac"), (".aac",)),
    Format(WAVE, _read_wave, (".wav",)),
    Format(AIFF, lambda file: Audio(*read_aiff(file), "pcm"), (".aiff", ".aif", ".aifc")),
    Format(ASF, _read_asf, (".wma",)),
    Format(MonkeysAudio, _around(_from_here(MonkeysAudioInfo), "ape"), (".ape",)),
    Format(WavPack, _around(_from_here(WavPackInfo), "wavpack"), (".wv",)),
    Format(Musepack, _around(_from_start(MusepackInfo), "musepack"), (".mpc", ".mp+", ".mpp")),
    Format(TrueAudio, _around(_true_audio_info, "tta"), (".tta",)),
    Format(DSF, lambda file: Audio(*read_dsf(file), "dsd"), (".dsf",)),
)
BY_SUFFIX = {suffix: each for each in FORMATS for suffix in each.suffixes}
