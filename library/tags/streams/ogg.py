"""Ogg files with Vorbis, Opus, Speex or FLAC.

The digest is made of the packets of the sound: the number of samples, the first bytes of the first
packets and the last bytes of the last ones. All of these stay the same when the comments are
changed, when the packets are put into pages of another size, and when ffmpeg copies the stream.
Numbers of streams, pages and bytes in the file would not; nor could a window in the middle be found
again. The setup header of Vorbis is left out: it is equal in all files of an encoder and quality.
FLAC's own MD5 of its samples is used where it is known, as in a FLAC file.
"""

import re
import struct
from typing import NamedTuple

from library.tags.audio import Audio, NoSoundError, Stream
from library.tags.audio_digest import digest_of
from library.tags.bounded_file import BoundedFile
from library.tags.source import FileSource, Source
from library.tags.streams.flac import COMMENTS_SAY, md5_digest
from library.tags.streams.ogg_codecs import FLAC, OPUS
from library.tags.streams.ogg_lengths import (
    Tail,
    counted_samples,
    first_position,
    head_window,
    reuses_its_serial,
    samples_per_packet,
    tail_of,
)
from library.tags.streams.ogg_links import (
    Link,
    end_of_link,
    link_at,
    next_first_page,
    read_tags,
    read_tags_of_film,
    skip_headers,
)
from library.tags.streams.ogg_pages import Packets
from library.tags.streams.outside import find_stream, tags_behind

MAX_LINKS = 100
"""How many links of a chain are measured; the rest of the file is taken to be like these."""
FIRST_PAGE = re.compile(rb"OggS\0[\x02\x06]")
_ANY_PAGE = re.compile(rb"OggS\0")


def score(_name: str, _file: BoundedFile, beginning: bytes) -> int:
    return 2 * beginning.startswith(b"OggS")


def read_ogg(file: BoundedFile) -> Audio:
    """Any Ogg file. Raises NoSoundError, ValueError or EOFError if no sound is found in it."""
    tags, start = find_stream(file, FIRST_PAGE)
    if start is None:
        tags, start = find_stream(file, _ANY_PAGE)
    if start is None:
        raise ValueError("no page of Ogg was found")
    audio = read_stream(FileSource(file, start))
    audio.tags.fill_from(tags)
    return audio


def read_stream(file: Source) -> Audio:
    """A file that begins with the first page of a stream."""
    link = link_at(file, 0)
    sound = Packets(file, link.page, link.second)
    tags = read_tags(link, sound)
    sound_bytes = file.size - sound.at
    chain = _measured(file, link, sound)
    for page in link.others:
        tags.fill_from(read_tags_of_film(file, page))
    if chain.end < file.size and not tags.says(COMMENTS_SAY):
        tags.fill_from(tags_behind(file)[0])
    codec, length = link.codec, chain.length
    bitrate = codec.bitrate
    if codec.name in (OPUS, FLAC):
        bitrate = round(sound_bytes * 8 / length) if length else 0
    bits = codec.flac.bits_per_sample if codec.flac else 0
    stream = Stream(length, bitrate, codec.sample_rate, codec.channels, bits)
    return Audio(stream, tags, codec.name, chain.digest)


class Chain(NamedTuple):
    """All links of a file together: their length in seconds, the end of the last one's pages, and
    the digest of their sound."""

    length: float
    end: int
    digest: str


class Measured(NamedTuple):
    """The length of a link's sound in seconds and samples; 0 samples if these were estimated."""

    length: float
    samples: int


def _measured(file: Source, link: Link, sound: Packets) -> Chain:
    head = head_window(file, sound)
    md5 = md5_digest(link.codec.flac) if link.codec.flac else ""
    tail = tail_of(file, link, sound, file.size)
    if tail is not None and tail.page.end <= sound.at:
        raise EOFError("cut off before the sound")
    reuse_serials = tail is not None and reuses_its_serial(file, link, sound, tail)
    if tail is None or reuse_serials:
        chain, links = _measured_links(file, link, sound, head, reuse_serials=reuse_serials)
        return chain._replace(digest=md5) if md5 and links == 1 else chain
    found = _measured_link(file, link, sound, tail, tail.page.end)
    digest = md5 or _digest(found.samples, head, tail.window)
    return Chain(found.length, tail.page.end, digest)


def _measured_links(
    file: Source, link: Link, sound: Packets, head: bytes, *, reuse_serials: bool = False
) -> tuple[Chain, int]:
    """A chain of several links, or a link that is followed by a lot of junk; and how many links
    were measured."""
    length, samples, links, start = 0.0, 0, 0, sound.at
    for _ in range(MAX_LINKS):
        if reuse_serials:
            end = next_first_page(file, sound.page.end)
        else:
            end = end_of_link(file, link, sound.page.at)
        tail = tail_of(file, link, sound, end)
        found = _measured_link(file, link, sound, tail, end)
        length, samples, links = length + found.length, samples + found.samples, links + 1
        try:
            link = link_at(file, end)
            sound = Packets(file, link.page, link.second)
            skip_headers(link, sound)
        except (EOFError, NoSoundError, ValueError, struct.error):
            break
    else:
        length *= (file.size - start) / (end - start)
    return Chain(length, end, _digest(samples, head, tail.window if tail else b"")), links


def _measured_link(
    file: Source, link: Link, sound: Packets, tail: Tail | None, end: int
) -> Measured:
    """A link that ends at `end`."""
    codec = link.codec
    if codec.flac and codec.flac.samples:
        return Measured(codec.flac.samples / codec.sample_rate, codec.flac.samples)
    start, is_exact = first_position(file, codec, sound)
    samples = tail.position - start - codec.pre_skip if tail else 0
    if samples <= 0:
        samples, is_exact = counted_samples(file, codec, sound, end), False
    elif tail and tail.packets:
        samples, is_exact = samples + tail.packets * samples_per_packet(file, codec, sound), False
    return Measured(samples / codec.sample_rate, samples if is_exact else 0)


def _digest(samples: int, head: bytes, end: bytes) -> str:
    return digest_of(samples, head, end) if head or end else ""
