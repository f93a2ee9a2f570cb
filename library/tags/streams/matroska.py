"""Matroska and WebM files with sound alone (RFC 9559).

The digest is that of the clusters as they lie in the file. Their bytes stay the same when
mkvpropedit or a tagger changes tags, even if the clusters are moved, since only what stands around
them changes. FLAC has a digest of its samples, which survives any other program, too.
"""

import struct
from typing import NamedTuple

from library.tags.audio import Audio, FilmError, NoSoundError, Stream
from library.tags.audio_digest import digest_of_payload
from library.tags.bounded_file import BoundedFile
from library.tags.streams import matroska_tags
from library.tags.streams.ebml import Element, children, real, text, unsigned
from library.tags.streams.matroska_parts import INFO, TRACKS, Parts, end_of_sound_ns, find_parts
from library.tags.streams.matroska_pictures import attached_pictures, picture_of_track
from library.tags.streams.wave_format import parse_format

SIGNATURE = b"\x1a\x45\xdf\xa3"
_NS_PER_S = 1_000_000_000
MAX_PART_BYTES = 4 * 1024 * 1024
_TIMESTAMP_SCALE, _DURATION, _TITLE = 0x2AD7B1, 0x4489, 0x7BA9
_TRACK, _TYPE, _CODEC, _PRIVATE, _AUDIO = 0xAE, 0x83, 0x86, 0x63A2, 0xE1
_RATE, _OUTPUT_RATE, _CHANNELS, _BITS = 0xB5, 0x78B5, 0x9F, 0x6264
_VIDEO_TRACK, _AUDIO_TRACK = 1, 2
_TRACK_NUMBER, _TIME_OF_A_FRAME = 0xD7, 0x23E383
_LARGEST_TRACK_NUMBER = 126
_BITMAP_CODEC = slice(16, 20)
"""In the private data of codecs of Windows, a BITMAPINFOHEADER."""
_PICTURE_CODECS = frozenset({b"MPNG", b"MJPG", b"png ", b"PNG1"})
# By the start of the codec's name ("Matroska Codec Specifications").
_CODECS = {
    "A_OPUS": "opus",
    "A_VORBIS": "vorbis",
    "A_FLAC": "flac",
    "A_AAC": "aac",
    "A_MPEG/L1": "mp1",
    "A_MPEG/L2": "mp2",
    "A_MPEG/L3": "mp3",
    "A_AC3": "ac3",
    "A_EAC3": "eac3",
    "A_DTS": "dts",
    "A_TRUEHD": "truehd",
    "A_MLP": "mlp",
    "A_PCM": "pcm",
    "A_ALAC": "alac",
    "A_TTA1": "tta",
    "A_WAVPACK4": "wavpack",
}
_FLAC_MD5 = slice(26, 42)
"""In the private data: after `fLaC`, the header of a block, and 18 bytes (RFC 9639, section 8.2).
"""


def score(_name: str, _file: BoundedFile, beginning: bytes) -> int:
    return 2 * beginning.startswith(SIGNATURE)


class _Track(NamedTuple):
    """`picture_track`: the number of the track that is the cover; 0 if there is none."""

    codec: str
    rate_hz: int
    channels: int
    bits: int
    digest: str
    picture_track: int = 0


def read_matroska(file: BoundedFile) -> Audio:
    """Raises FilmError for a film, and NoSoundError or ValueError if there is no sound."""
    parts = find_parts(file)
    track = _sounding_track(_contents(file, parts.first(TRACKS)))
    info = dict(children(_contents(file, parts.first(INFO))))
    length = _length_s(file, parts, info)
    payload_bytes = parts.sound_end - parts.sound_start
    bitrate = round(payload_bytes * 8 / length) if length else 0
    stream = Stream(length, bitrate, track.rate_hz, track.channels, track.bits)
    tags = matroska_tags.read_tags(file, parts, text(info.get(_TITLE, b"")))
    tags.pictures = list(attached_pictures(file, parts))
    if track.picture_track and (cover := picture_of_track(file, parts, track.picture_track)):
        tags.pictures.append(cover)
    digest = track.digest or digest_of_payload(
        file.read_between, parts.sound_start, parts.sound_end
    )
    return Audio(stream, tags, track.codec, digest)


def _contents(file: BoundedFile, part: Element | None) -> bytes:
    return file.read_between(part.at, min(part.end, part.at + MAX_PART_BYTES)) if part else b""


def _length_s(file: BoundedFile, parts: Parts, info: dict[int, bytes]) -> float:
    """The length that the file states; else, in a file that was written to a pipe, the time of its
    last sound."""
    scale_ns = unsigned(info.get(_TIMESTAMP_SCALE, b"")) or 1_000_000
    stated = real(info.get(_DURATION, b"")) * scale_ns / _NS_PER_S
    return stated if stated > 0 else end_of_sound_ns(file, parts, scale_ns) / _NS_PER_S


def _sounding_track(data: bytes) -> _Track:
    tracks = [dict(children(each)) for kind, each in children(data) if kind == _TRACK]
    if not tracks:
        raise ValueError("the list of its tracks is missing")
    sounds = [each for each in tracks if unsigned(each.get(_TYPE, b"")) == _AUDIO_TRACK]
    pictures = [each for each in tracks if unsigned(each.get(_TYPE, b"")) == _VIDEO_TRACK]
    if not sounds:
        raise NoSoundError
    if not all(map(_is_still, pictures)):
        raise FilmError
    number = unsigned(pictures[0].get(_TRACK_NUMBER, b"")) if pictures else 0
    is_usable = 0 < number <= _LARGEST_TRACK_NUMBER
    return _track(sounds[0])._replace(picture_track=number if is_usable else 0)


def _is_still(entry: dict[int, bytes]) -> bool:
    """Whether a track is a cover, which FFmpeg stores as a film of one frame. The tracks of real
    films say how long a frame is shown."""
    codec, private = text(entry.get(_CODEC, b"")), entry.get(_PRIVATE, b"")
    is_bitmap = codec == "V_MS/VFW/FOURCC" and private[_BITMAP_CODEC] in _PICTURE_CODECS
    return (codec == "V_MJPEG" or is_bitmap) and _TIME_OF_A_FRAME not in entry


def _track(entry: dict[int, bytes]) -> _Track:
    """The properties of a track, from the headers of its codec if these say more."""
    name, private = text(entry.get(_CODEC, b"")), entry.get(_PRIVATE, b"")
    audio = dict(children(entry.get(_AUDIO, b"")))
    rate = real(audio.get(_OUTPUT_RATE, b"")) or real(audio.get(_RATE, b"")) or 8000
    rate = round(rate) if 0 < rate < 2**31 else 0
    channels = unsigned(audio.get(_CHANNELS, b"")) or 1
    bits = unsigned(audio.get(_BITS, b""))
    codec = next((codec for start, codec in _CODECS.items() if name.startswith(start)), "matroska")
    digest = ""
    if name == "A_MS/ACM" and (found := parse_format(private)):
        codec, bits = found.codec, found.bits
    elif codec == "opus" and private[:8] == b"OpusHead" and len(private) > 9:  # noqa: PLR2004
        channels = private[9]
    elif codec == "flac" and private[:4] == b"fLaC" and len(private) >= _FLAC_MD5.stop:
        (packed,) = struct.unpack_from(">Q", private, 18)
        rate, channels, bits = packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1
        md5 = private[_FLAC_MD5]
        digest = md5.hex() if any(md5) else ""
    return _Track(codec, rate, channels, bits, digest)
