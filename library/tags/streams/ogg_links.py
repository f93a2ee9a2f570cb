"""Links of an Ogg file (RFC 3533, section 4): streams that begin together.

Most files have one link with one stream. Others have a film or a cover beside the sound, and
recordings of radio stations are chains: another link begins with each song.
"""

from typing import NamedTuple

from library.tags import vorbis
from library.tags.audio import NoSoundError
from library.tags.native_tags import NativeTags, flac_picture
from library.tags.source import Source
from library.tags.streams.flac_metadata import PICTURE
from library.tags.streams.ogg_codecs import FILMS, FLAC, THEORA_COMMENTS, Codec, codec_of
from library.tags.streams.ogg_pages import FIRST, Packets, Page, page_from

MAX_STREAMS = 64
"""How many streams of a link are looked at."""
MAX_FLAC_HEADERS = 1_000
FIRST_PACKET_BYTES = 128
"""As much of a stream's first packet as is needed."""
SEARCHED_BYTES = 64 * 1024
"""The end of a link is searched for by halves down to this size, then page by page."""
MAX_WALKED_PAGES = 20_000
_IS_LAST_BLOCK = 0x80


class Link(NamedTuple):
    """The streams of a link. `page` is the first one of the sound, `others` are those of other
    streams, and `second` is the page behind all of these."""

    codec: Codec
    page: Page
    others: list[Page]
    serials: frozenset[int]
    second: Page | None


def link_at(file: Source, at: int) -> Link:
    """The link that begins at `at`. Raises NoSoundError or ValueError.

    The flag of the very first page is not needed: damaged files may lack it.
    """
    codec: Codec | None = None
    first: Page | None = None
    others: list[Page] = []
    is_film = False
    page = page_from(file, at)
    while page is not None and len(others) < MAX_STREAMS:
        if not page.flags & FIRST and (first or others):
            break
        size = min(page.end - page.start, FIRST_PACKET_BYTES)
        packet = file.read_at_most(page.start, size)
        found = codec_of(packet) if codec is None else None
        if found is not None:
            codec, first = found, page
        else:
            others.append(page)
            is_film = is_film or packet.startswith(FILMS)
        page = page_from(file, page.end)
    if codec is None or first is None:
        raise NoSoundError if is_film else ValueError("no stream with Vorbis, Opus, Speex or FLAC")
    return Link(
        codec, first, others, frozenset([each.serial for each in others] + [first.serial]), page
    )


def read_tags(link: Link, packets: Packets) -> NativeTags:
    """The tags of the link's sound. Afterwards the next one of its `packets` is sound.

    Raises EOFError if the file ends before the sound.
    """
    codec = link.codec
    packets.next(is_wanted=False)
    packet = packets.next()
    tags = vorbis.native_tags(vorbis.comments(packet, codec.comments_at)[0])
    if codec.name == FLAC:
        tags.pictures[:0] = filter(None, map(flac_picture, _flac_pictures(packet, packets)))
    else:
        for _ in range(2, codec.header_packets):
            packets.next(is_wanted=False)
    packets.go_to_sound()
    return tags


def skip_headers(link: Link, packets: Packets) -> None:
    """As `read_tags`, for links of which the tags are not needed."""
    for _ in range(link.codec.header_packets or 2):
        packets.next(is_wanted=False)
    packets.go_to_sound()


def _flac_pictures(packet: bytes, packets: Packets) -> list[bytes]:
    """The pictures among the metadata blocks, each a packet (RFC 9639, section 10.1)."""
    found = []
    for _ in range(MAX_FLAC_HEADERS):
        if not packet or packet[0] & _IS_LAST_BLOCK:
            break
        packet = packets.next()
        if packet[:1] and packet[0] & 0x7F == PICTURE:
            found.append(packet[4:])
    return found


def read_tags_of_film(file: Source, page: Page) -> NativeTags:
    """The tags of a stream of Theora that begins with `page`. Its comment is left out: for a cover,
    that says which side of the record it shows."""
    packets = Packets(file, page)
    try:
        packets.next(is_wanted=False)
        packet = packets.next()
    except EOFError:
        return NativeTags()
    if not packet.startswith(THEORA_COMMENTS):
        return NativeTags()
    tags = vorbis.native_tags(vorbis.comments(packet, len(THEORA_COMMENTS))[0])
    tags.values.pop("comment", None)
    return tags


def end_of_link(file: Source, link: Link, low: int) -> int:
    """Where the pages of the next link begin; if there is none, where those of this one end.

    `low` is where a page of this link begins. The pages of a link stand together, so that the
    search can go on in one half of the rest, and so on.
    """
    high = file.size
    while high - low > SEARCHED_BYTES:
        middle = (low + high) // 2
        page = page_from(file, middle)
        if page is not None and page.at < high and page.serial in link.serials:
            low = page.at
        else:
            high = middle
    for _ in range(MAX_WALKED_PAGES):
        page = page_from(file, low)
        if page is None:
            break
        if page.serial not in link.serials:
            return page.at
        low = page.end
    return min(low, file.size)


def next_first_page(file: Source, at: int) -> int:
    """Where the next page begins that is the first of a stream; if there is none, where the pages
    end."""
    for _ in range(MAX_WALKED_PAGES):
        page = page_from(file, at)
        if page is None:
            return min(at, file.size)
        if page.flags & FIRST:
            return page.at
        at = page.end
    return file.size
