"""The audio formats that mus plays: a table of suffixes, and of the function that reads each."""

from collections.abc import Callable
from typing import NamedTuple

from mutagen import FileType
from mutagen.aac import AAC
from mutagen.aiff import AIFF
from mutagen.asf import ASF
from mutagen.dsf import DSF
from mutagen.flac import FLAC
from mutagen.monkeysaudio import MonkeysAudio
from mutagen.mp3 import MP3
from mutagen.musepack import Musepack
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis
from mutagen.trueaudio import TrueAudio
from mutagen.wave import WAVE
from mutagen.wavpack import WavPack

from library.tags.audio import Audio
from library.tags.bounded_file import BoundedFile
from library.tags.mp4 import Mp4
from library.tags.streams.around import (
    read_monkeys_audio,
    read_musepack,
    read_true_audio,
    read_wavpack,
)
from library.tags.streams.chunks import read_aiff, read_dsf, read_wave
from library.tags.streams.flac import read_flac
from library.tags.streams.mp4 import read_mp4
from library.tags.streams.mpeg import read_adts, read_mpeg
from library.tags.streams.ogg import read_ogg
from library.tags.streams.windows_media import read_asf


class Format(NamedTuple):
    """A format. `kind`: the mutagen class whose `score` recognises a file by its first bytes.
    `read` reads a file from its start."""

    kind: type[FileType]
    read: Callable[[BoundedFile], Audio]
    suffixes: tuple[str, ...]


FORMATS = (
    Format(MP3, read_mpeg, (".mp3",)),
    Format(FLAC, read_flac, (".flac",)),
    Format(OggVorbis, read_ogg, (".ogg", ".oga")),
    Format(OggOpus, read_ogg, (".opus",)),
    Format(OggSpeex, read_ogg, (".spx",)),
    Format(OggFLAC, read_ogg, ()),
    Format(Mp4, read_mp4, (".m4a", ".m4b", ".mp4")),
    Format(AAC, read_adts, (".aac",)),
    Format(WAVE, read_wave, (".wav",)),
    Format(AIFF, read_aiff, (".aiff", ".aif", ".aifc")),
    Format(ASF, read_asf, (".wma",)),
    Format(MonkeysAudio, read_monkeys_audio, (".ape",)),
    Format(WavPack, read_wavpack, (".wv",)),
    Format(Musepack, read_musepack, (".mpc", ".mp+", ".mpp")),
    Format(TrueAudio, read_true_audio, (".tta",)),
    Format(DSF, read_dsf, (".dsf",)),
)
BY_SUFFIX = {suffix: each for each in FORMATS for suffix in each.suffixes}
