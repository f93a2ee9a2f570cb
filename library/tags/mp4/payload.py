"""The digest of the audio data in an MP4 file."""

from library.tags.audio_digest import digest_of_payload
from library.tags.mp4.boxes import Source


class Payload:
    """The contents of all `mdat` boxes, joined to one payload: a file in fragments has many.

    A program that writes other tags may move the boxes, but leaves their contents alone.
    """

    def __init__(self, source: Source) -> None:
        self.size = 0
        self._source = source
        self._ranges: list[tuple[int, int]] = []
        self._early_digest = ""

    def add(self, start: int, end: int) -> None:
        """Add a box's content. To be called in the order of the file."""
        if start >= end:
            return
        self._ranges.append((start, end))
        self.size += end - start
        if len(self._ranges) > 1:
            self._early_digest = ""
        elif end - start > self._source.size // 2:
            # Most probably the only `mdat`. Its windows are read now, so that the file is read in
            # one direction, also if `moov` follows.
            self._early_digest = self._digest()

    def digest(self) -> str:
        return self._early_digest or self._digest()

    def _digest(self) -> str:
        return digest_of_payload(self._read, 0, self.size)

    def _read(self, start: int, end: int) -> bytes:
        """The bytes of the joined payload from `start` up to `end`."""
        read = self._source.read_only if end < self.size else self._source.read
        found = b""
        for range_start, range_end in self._ranges:
            size = range_end - range_start
            if start < size and end > 0:
                found += read(range_start + max(start, 0), range_start + min(end, size))
            start, end = start - size, end - size
            if end <= 0:
                break
        return found
