"""Ogg files made of others: with other pages, positions and numbers of streams."""

# mutagen has types for half of itself, and strict checking trips over the other half.
# mypy: allow-untyped-calls

import io
from collections.abc import Iterable
from typing import Any

import mutagen.ogg

Page: Any = mutagen.ogg.OggPage
HEADERS = 3
"""How many packets of Vorbis stand before the sound."""


def pages_of(data: bytes) -> list[Any]:
    file, pages = io.BytesIO(data), []
    while file.tell() < len(data):
        pages.append(Page(file))
    return pages


def joined(pages: Iterable[Any]) -> bytes:
    return b"".join(page.write() for page in pages)


def with_serial(data: bytes, serial: int) -> bytes:
    pages = pages_of(data)
    for page in pages:
        page.serial = serial
    return joined(pages)


def shifted(data: bytes, samples: int) -> bytes:
    """As if the file were cut out of a stream `samples` after its start."""
    pages = pages_of(data)
    for page in pages:
        page.position += samples if page.position > 0 else 0
    return joined(pages)


def without_positions(data: bytes) -> bytes:
    pages = pages_of(data)
    for page in pages:
        page.position = 0
    return joined(pages)


def repaginated(data: bytes, packets_per_page: int, headers: int) -> bytes:
    """The same packets, of which the first `headers` are not sound, in pages of another size."""
    old = pages_of(data)
    packets = Page.to_packets(old)
    head = Page.from_packets(packets[:1]) + Page.from_packets(packets[1:headers], sequence=1)
    sound = packets[headers:]
    last = old[-1].position
    for start in range(0, len(sound), packets_per_page):
        page = Page()
        page.packets = sound[start : start + packets_per_page]
        is_last = start + packets_per_page >= len(sound)
        done = min(len(sound), start + packets_per_page)
        page.position = last if is_last else last * done // (len(sound) + 1)
        page.last = is_last
        head.append(page)
    for number, page in enumerate(head):
        page.serial, page.sequence = 4711, number
    head[0].first = True
    return joined(head)
