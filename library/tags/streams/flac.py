"""FLAC (RFC 9639): a marker, metadata blocks, then frames.

A damaged block of metadata costs what it says, not the file. ID3 tags, which FLAC does not provide
for, fill what the Vorbis comments do not say: Exact Audio Copy writes such tags.
"""

import re

from library.tags import vorbis
from library.tags.audio import Audio, Stream
from library.tags.audio_digest import digest_of_payload
from library.tags.bounded_file import BoundedFile
from library.tags.native_tags import NativeTags, flac_picture
from library.tags.source import FileSource, Source
from library.tags.streams.flac_frames import (
    LONGEST_HEADER,
    Frame,
    count_samples,
    find_frame,
    parse_frame,
)
from library.tags.streams.flac_metadata import (
    COMMENTS,
    MARKER,
    MAX_BYTES,
    PICTURE,
    STREAMINFO,
    Block,
    StreamInfo,
    blocks_of,
    stream_info,
)
from library.tags.streams.outside import find_stream, tags_behind

_NO_MD5 = (bytes(16), bytes.fromhex("d41d8cd98f00b204e9800998ecf8427e"))
"""Encoders that leave the MD5 out write zeros, or the MD5 of nothing."""
COMMENTS_SAY = {"title", "artist", "album"}
"""If the comments have all of these, tags behind the sound are not looked for: finding none would
cost a slow disk as much as the rest of the reading."""


def read_flac(file: BoundedFile) -> Audio:
    """Any FLAC file. Raises ValueError if there is no FLAC stream in it."""
    tags, start = find_stream(file, re.compile(MARKER))
    if start is None:
        return _read_frames(FileSource(file, 0), tags)
    audio = read_stream(FileSource(file, start))
    audio.tags.fill_from(tags)
    return audio


def read_stream(file: Source) -> Audio:
    """A file that begins with the marker."""
    blocks, sound_at = blocks_of(file)
    if sound_at >= file.size:
        raise ValueError("cut off before the first frame")
    return _audio(file, _info(file, blocks, sound_at), _tags(file, blocks), sound_at)


def _info(file: Source, blocks: list[Block], sound_at: int) -> StreamInfo:
    """What STREAMINFO says, or else the first frame."""
    for kind, start, end in blocks:
        if kind == STREAMINFO:
            info = stream_info(file.read_at_most(start, end - start))
            if info is not None:
                return info
    frame = parse_frame(file.read_at_most(sound_at, LONGEST_HEADER), 0)
    if frame is None:
        raise ValueError("neither STREAMINFO nor a frame was found")
    return _info_of(frame)


def _read_frames(file: Source, tags: NativeTags) -> Audio:
    """A file that begins with frames: a part of a stream, without any metadata."""
    found = find_frame(file, 0)
    if found is None:
        raise ValueError("this is not a valid FLAC file")
    frame, at = found
    audio = _audio(file, _info_of(frame), NativeTags(), at)
    audio.tags.fill_from(tags)
    return audio


def _info_of(frame: Frame) -> StreamInfo:
    if not frame.sample_rate:
        raise ValueError("neither STREAMINFO nor the first frame states the sample rate")
    _, channels, sample_rate, bits, block_size, _ = frame
    return StreamInfo(sample_rate, channels, bits, 0, block_size, bytes(16))


def _tags(file: Source, blocks: list[Block]) -> NativeTags:
    """The comments and pictures. Of several blocks of comments the first counts, as in other
    readers; the others fill what it does not say."""
    tags: NativeTags | None = None
    left, pictures = MAX_BYTES, []
    for kind, start, end in blocks:
        if kind not in (COMMENTS, PICTURE) or end - start > left:
            continue
        left -= end - start
        body = file.read_at_most(start, end - start)
        if kind == PICTURE:
            pictures.append(flac_picture(body))
            continue
        found = vorbis.native_tags(vorbis.comments(body)[0])
        if tags is None:
            tags = found
        else:
            tags.fill_from(found)
    tags = tags or NativeTags()
    tags.pictures[:0] = filter(None, pictures)
    return tags


def _audio(file: Source, info: StreamInfo, tags: NativeTags, sound_at: int) -> Audio:
    sound_bytes = file.size - sound_at
    samples = info.samples
    if not _is_plausible(info, sound_bytes):
        samples = max(samples, count_samples(file, sound_at))
    length = samples / info.sample_rate
    bitrate = int(sound_bytes * 8 / length) if length else 0
    stream = Stream(length, bitrate, info.sample_rate, info.channels, info.bits_per_sample)
    digest = md5_digest(info)
    if not digest or not tags.says(COMMENTS_SAY):
        behind, end = tags_behind(file)
        tags.fill_from(behind)
        digest = digest or digest_of_payload(file.read_only, sound_at, end)
    return Audio(stream, tags, "flac", digest)


def md5_digest(info: StreamInfo) -> str:
    """The digest of the sound by FLAC's own MD5 of its samples, which is the same in an Ogg file;
    empty if the encoder left it out."""
    return "" if info.md5 in _NO_MD5 else info.md5.hex()


def _is_plausible(info: StreamInfo, sound_bytes: int) -> bool:
    """Whether that many samples are known, and may need that many bytes. Uncompressed frames are
    little larger than their samples."""
    uncompressed_bytes = info.samples * info.channels * info.bits_per_sample / 8
    return info.samples > 0 and sound_bytes <= 1.1 * uncompressed_bytes + 1024
