"""Tracks as one ZIP file, made while it is sent.

Its size is known from the start, and the same tracks give the same bytes each time, so that a
client can go on with a download that broke off. A file that vanishes or changes meanwhile breaks
the response off; it never ends as if it were whole.
"""

import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import blake2b
from itertools import accumulate
from typing import NamedTuple

from asgi.files.ranges import Span
from library.media.archive_files import CHUNK_BYTES, Source, checksum, content, find_sources
from library.media.tracks import look_ups
from library.media.zip_format import MOST_MEMBERS, Member, central_header, end, local_header
from library.media.zip_names import below_common_folder, member_names, numbered

SENT_AFTER_S = 1.0
"""After this time even little is sent: a range of the directory needs the checksums of all files,
and only what is sent shows whether the client is still there."""


class TooManyTracks(Exception):
    """The text is shown to listeners."""

    def __init__(self) -> None:
        super().__init__(f"These are more than {MOST_MEMBERS:,} songs. Download fewer at a time.")


class _Piece(NamedTuple):
    """A part of the ZIP file from byte `at` on: that of a file, or what `make` gives."""

    at: int
    size_bytes: int
    source: Source | None = None
    make: Callable[[], Awaitable[bytes]] | None = None


@dataclass(frozen=True)
class Archive:
    """A ZIP file with these members, each of the source at its place."""

    members: Sequence[Member]
    sources: Sequence[Source]

    @cached_property
    def member_places(self) -> list[int]:
        """Where the members begin, and at the end where the directory does."""
        sizes = (member.header_bytes + member.size_bytes for member in self.members)
        return [*accumulate(sizes, initial=0)]

    @cached_property
    def entry_places(self) -> list[int]:
        """Where the entries of the directory begin, and at the end where it ends."""
        places = zip(self.members, self.member_places, strict=False)
        sizes = (len(central_header(member, 0, offset)) for member, offset in places)
        return [*accumulate(sizes, initial=self.member_places[-1])]

    @cached_property
    def size_bytes(self) -> int:
        return self.entry_places[-1] + len(self._end())

    @cached_property
    def etag(self) -> str:
        """A strong entity tag: the names and states of the files decide every byte."""
        digest = blake2b(digest_size=12)
        for member, source in zip(self.members, self.sources, strict=True):
            digest.update(repr((member, source)).encode(errors="surrogatepass"))
        return f'"{digest.hexdigest()}"'

    @property
    def modified_s(self) -> int:
        return int(max((member.modified_s for member in self.members), default=0))

    async def read(self, span: Span) -> AsyncIterator[bytes]:
        """The bytes of this span. Raises BodyCutShort."""
        small = bytearray()  # sent together: the entries of a directory are short
        sent_s = time.monotonic()
        async for chunk in self._read(span):
            is_late = time.monotonic() - sent_s > SENT_AFTER_S
            if len(chunk) < CHUNK_BYTES and len(small) < CHUNK_BYTES and not is_late:
                small += chunk
                continue
            if small:
                yield bytes(small)
                small.clear()
            yield chunk
            sent_s = time.monotonic()
        if small:
            yield bytes(small)

    async def _read(self, span: Span) -> AsyncIterator[bytes]:
        for piece in self._pieces(span.first):
            if piece.at > span.last:
                return
            first = max(span.first - piece.at, 0)
            stop = min(span.last + 1 - piece.at, piece.size_bytes)
            if piece.make is not None and first < stop:
                yield (await piece.make())[first:stop]
            elif piece.source is not None and first < stop:
                async for chunk in content(piece.source, first, stop):
                    yield chunk

    def _pieces(self, first: int) -> Iterator[_Piece]:
        """Those from the one that holds byte `first` on; perhaps one before it."""
        for number in range(_holding(self.member_places, first), len(self.members)):
            at, member, source = self._member(number)
            header = partial(_local_header, member, source)
            yield _Piece(at, member.header_bytes, make=header)
            yield _Piece(at + member.header_bytes, member.size_bytes, source)
        for number in range(_holding(self.entry_places, first), len(self.members)):
            at, member, source = self._member(number)
            place, stop = self.entry_places[number : number + 2]
            header = partial(_central_header, member, source, at)
            yield _Piece(place, stop - place, make=header)
        found = self._end()
        yield _Piece(self.entry_places[-1], len(found), make=partial(_as_it_is, found))

    def _member(self, number: int) -> tuple[int, Member, Source]:
        return self.member_places[number], self.members[number], self.sources[number]

    def _end(self) -> bytes:
        directory_at = self.member_places[-1]
        return end(len(self.members), directory_at, self.entry_places[-1] - directory_at)


def _holding(places: Sequence[int], at: int) -> int:
    """The index of the part that holds byte `at`; the first one if it is before all of them."""
    return max(bisect_right(places, at) - 1, 0)


async def find_archive(title: str, track_ids: Sequence[int], *, is_ordered: bool) -> Archive:
    """The ZIP file with the files of these tracks that are there.

    Their names are those of the files, below a folder called `title`; with numbers if their order
    matters. Raises TooManyTracks, and TrackUnavailable if a disk fails.
    """
    track_ids = [*dict.fromkeys(track_ids)]
    if len(track_ids) > MOST_MEMBERS:
        raise TooManyTracks
    sources = await find_sources(track_ids)
    return await look_ups.find(_archive, title, sources, is_ordered)


def _archive(title: str, sources: Sequence[Source], is_ordered: bool) -> Archive:  # noqa: FBT001
    """Called in a thread: all of that takes a while for thousands of files."""
    paths = [source.path for source in sources]
    names = member_names(title, numbered(paths) if is_ordered else below_common_folder(paths))
    members = [
        Member(name.encode(), source.size_bytes, source.mtime_ns / 1e9)
        for name, source in zip(names, sources, strict=True)
    ]
    archive = Archive(members, sources)
    _ = archive.size_bytes, archive.etag  # worked out here
    return archive


async def _as_it_is(content: bytes) -> bytes:
    return content


async def _local_header(member: Member, source: Source) -> bytes:
    return local_header(member, await checksum(source))


async def _central_header(member: Member, source: Source, offset: int) -> bytes:
    return central_header(member, await checksum(source), offset)
