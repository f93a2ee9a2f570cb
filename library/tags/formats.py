"""The audio formats that mus plays: a table of suffixes, and of the function that reads each."""

from collections.abc import Callable
from typing import NamedTuple

from mutagen.aac import AAC
from mutagen.flac import FLAC
from mutagen.monkeysaudio import MonkeysAudio
from mutagen.mp3 import MP3
from mutagen.musepack import Musepack
from mutagen.trueaudio import TrueAudio
from mutagen.wavpack import WavPack

from library.tags.audio import Audio
from library.tags.bounded_file import BoundedFile
from library.tags.mp4 import score as mp4_score
from library.tags.streams import aiff, dsd, matroska, riff, windows_media
from library.tags.streams.around import (
    read_monkeys_audio,
    read_musepack,
    read_true_audio,
    read_wavpack,
)
from library.tags.streams.flac import read_flac
from library.tags.streams.mp4 import read_mp4
from library.tags.streams.mpeg import read_adts, read_mpeg
from library.tags.streams.ogg import read_ogg
from library.tags.streams.ogg import score as ogg_score


class Format(NamedTuple):
    """A format. `score` says how well a file fits, given its name, itself, and its first bytes;
    0 if it does not. `read` reads a file from its start."""

    score: Callable[[str, BoundedFile, bytes], int]
    read: Callable[[BoundedFile], Audio]
    suffixes: tuple[str, ...]


FORMATS = (
    Format(MP3.score, read_mpeg, (".mp3", ".mp2", ".mp1")),
    Format(FLAC.score, read_flac, (".flac",)),
    Format(ogg_score, read_ogg, (".ogg", ".oga", ".opus", ".spx")),
    Format(mp4_score, read_mp4, (".m4a", ".m4b", ".mp4")),
    Format(AAC.score, read_adts, (".aac",)),
    Format(riff.score, riff.read_wave, (".wav",)),
    Format(aiff.score, aiff.read_aiff, (".aiff", ".aif", ".aifc")),
    Format(windows_media.score, windows_media.read_asf, (".wma", ".asf")),
    Format(MonkeysAudio.score, read_monkeys_audio, (".ape",)),
    Format(WavPack.score, read_wavpack, (".wv",)),
    Format(Musepack.score, read_musepack, (".mpc", ".mp+", ".mpp")),
    Format(TrueAudio.score, read_true_audio, (".tta",)),
    Format(dsd.score_dsf, dsd.read_dsf, (".dsf",)),
    Format(dsd.score_dsdiff, dsd.read_dsdiff, (".dff",)),
    Format(matroska.score, matroska.read_matroska, (".mka", ".webm")),
)
BY_SUFFIX = {suffix: each for each in FORMATS for suffix in each.suffixes}
