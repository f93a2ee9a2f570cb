"""How long the sound of a link is: from the positions of its first and its last page."""

from collections.abc import Iterator
from typing import NamedTuple

from library.tags.source import Source
from library.tags.streams.ogg_codecs import VORBIS, Codec, opus_samples
from library.tags.streams.ogg_links import Link
from library.tags.streams.ogg_pages import CAPTURE, Packets, Page, page_from, parse_page

TAIL_SIZES = (8 * 1024, 32 * 1024, 128 * 1024, 1024 * 1024)
"""How many bytes of a link's end are searched for its last page. A page is at most 64 KiB long, and
usually fits in the first of these."""
MAX_COUNTED_PAGES = 4_096
LARGE_PAGES, FAR_TOO_LARGE_PAGES = 1.5, 3.5
"""How much larger than the first and the last page all pages may be without a closer look, and with
one."""
PLACES, SKEWED = (0.5, 0.75), 0.3
"""Where such a look is taken, and how far from there a page with that number may lie: shares of the
file and of its pages."""
WINDOW_BYTES = 1024
"""How much of the first and of the last packets goes into the digest: a twentieth of a second of
most music, and some seconds of silence, whose packets have a few bytes. More would often lie
outside of the first and last kilobytes of the file, which are read anyway."""


class Tail(NamedTuple):
    """The end of a link's sound: its last position, negative if that is unknown; how many packets
    follow that position; the last bytes of the sound; and the last page."""

    position: int
    packets: int
    window: bytes
    page: Page


def tail_of(file: Source, link: Link, sound: Packets, end: int) -> Tail | None:
    """The tail of the link's sound before `end`; None if no page of this link is the last one."""
    tail = None
    for size in TAIL_SIZES:
        start = max(sound.page.at, end - size)
        tail, is_complete = _tail_in(file.read_at_most(start, end - start), start, link, sound)
        if is_complete or start == sound.page.at:
            break
    return tail


def _tail_in(data: bytes, start: int, link: Link, sound: Packets) -> tuple[Tail | None, bool]:
    """The tail in `data`, which begins at `start` in the file, and whether it is complete."""
    position, packets, window = -1, 0, b""
    last: Page | None = None
    at = len(data)
    while position < 0 or len(window) < WINDOW_BYTES:
        at = data.rfind(CAPTURE, 0, at)
        if at < 0:
            return (Tail(position, packets, window, last) if last else None), False
        page = parse_page(data, at, start)
        if page is None or page.end > start + len(data):
            continue
        if last is None and page.serial not in link.serials:
            return None, True
        if page.serial == link.page.serial:
            last = last or page
            if position < 0 and page.packets():
                position = page.position
                packets += page.packets() if position < 0 else 0
            body_at = max(page.start, sound.at, page.end - WINDOW_BYTES)
            window = (data[body_at - start : page.end - start] + window)[-WINDOW_BYTES:]
    return (Tail(position, packets, window, last) if last else None), True


def head_window(file: Source, sound: Packets) -> bytes:
    """The first bytes of the sound's packets, in however many pages they lie."""
    window = file.read_at_most(sound.at, min(sound.page.end - sound.at, WINDOW_BYTES))
    if len(window) < WINDOW_BYTES:
        for page in _pages(file, sound.page.end, sound.page.serial):
            size = min(page.end - page.start, WINDOW_BYTES - len(window))
            window += file.read_at_most(page.start, size)
            if len(window) == WINDOW_BYTES:
                break
    return window


def _pages(file: Source, at: int, serial: int) -> Iterator[Page]:
    """The whole pages of a stream from `at` on, as far as MAX_COUNTED_PAGES of the file go."""
    for _ in range(MAX_COUNTED_PAGES):
        page = page_from(file, at)
        if page is None or page.end > file.size:
            return
        at = page.end
        if page.serial == serial:
            yield page


def samples_per_packet(file: Source, codec: Codec, sound: Packets) -> int:
    """How many samples a packet holds, at most; for Opus, how many the first one holds."""
    return codec.samples_per_packet or opus_samples(file.read_at_most(sound.at, 2))


def first_position(file: Source, codec: Codec, sound: Packets) -> tuple[int, bool]:
    """The position of the first sample, and whether that is exact.

    It is 0 unless the file was cut out of a stream: then the position at the end of the first page
    is more than the packets up to there can hold (for Opus, see RFC 7845, section 4.5).
    """
    page, position, packets = sound.page, sound.page.position, sound.page.packets(sound.segment)
    if position < 0:
        for page in _pages(file, sound.page.end, sound.page.serial):
            packets, position = packets + page.packets(), page.position
            if position >= 0:
                break
    per_packet = samples_per_packet(file, codec, sound)
    if position <= packets * per_packet:
        return 0, True
    if codec.name == VORBIS:
        return _vorbis_start(file, page, packets), False
    if codec.samples_per_packet or page is not sound.page:
        return position - packets * per_packet, True
    return max(0, position - _opus_samples_on_page(file, sound)), True


def _vorbis_start(file: Source, page: Page, packets: int) -> int:
    """The packets of Vorbis do not say how long they are: those up to the end of `page` are taken
    to be as long as those of the next page."""
    for following in _pages(file, page.end, page.serial):
        if following.position > page.position and following.packets():
            per_packet = (following.position - page.position) / following.packets()
            return max(0, round(page.position - packets * per_packet))
    return page.position


def _opus_samples_on_page(file: Source, sound: Packets) -> int:
    body = file.read_at_most(sound.at, sound.page.end - sound.at)
    samples = at = size = 0
    for segment in sound.page.segments[sound.segment :]:
        size += segment
        if segment < 0xFF:  # noqa: PLR2004
            samples += opus_samples(body[at : at + 2])
            at, size = at + size, 0
    return samples


def counted_samples(file: Source, codec: Codec, sound: Packets, end: int) -> int:
    """The number of samples by the number of packets, for files whose positions say nothing. The
    rest of a long file is taken to be like its beginning."""
    per_packet = samples_per_packet(file, codec, sound)
    packets, at = sound.page.packets(sound.segment), sound.page.end
    for page in _pages(file, at, sound.page.serial):
        if page.at >= end:
            break
        packets, at = packets + page.packets(), page.end
    return round(packets * per_packet * max(1, (end - sound.at) / max(1, at - sound.at)))


def reuses_its_serial(file: Source, link: Link, sound: Packets, tail: Tail) -> bool:
    """Whether the file seems to be a chain of links with the same serial number: then its last page
    has a smaller number than the size of the file suggests.

    If pages only seem to be larger than the first and the last one, two others must have numbers
    that do not fit their places either.
    """
    if link.others:
        return False
    size = max(page.end - page.at for page in (sound.page, tail.page))
    pages = tail.page.sequence + 1
    ratio = (file.size - sound.at) / (size * pages)
    if ratio < LARGE_PAGES:
        return False
    return ratio > FAR_TOO_LARGE_PAGES or any(
        _is_misplaced(page_from(file, round(file.size * place)), place * pages, pages)
        for place in PLACES
    )


def _is_misplaced(page: Page | None, expected: float, pages: int) -> bool:
    return page is not None and abs(page.sequence - expected) > SKEWED * pages
