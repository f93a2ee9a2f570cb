"""An MPEG stream → its length and bit rate, and the digest of its sound.

The length comes from the tag of the first frame (see `mpeg_tags`), if that agrees with the number
of bytes: the file may have been cut off or put together later. Else a few frames are looked at, at
the beginning, in the middle and at the end. If their bit rates differ, all frames are counted.
"""

from library.tags.audio import Audio, Stream
from library.tags.audio_digest import WINDOW_BYTES, digest_of_payload
from library.tags.ends import ID3V1_SIZE, Find, TagsAround
from library.tags.source import Source
from library.tags.streams.frame_walk import FRAMES_IN_A_ROW, LengthAt, count_frames
from library.tags.streams.mpeg_frames import HEADER_BYTES, MPEG, Frame, frame
from library.tags.streams.mpeg_tags import StreamTag, has_tag, stream_tag

TOLERANCE = 0.01
"""Of the number of bytes that a tag states."""
_TOLERATED_BYTES = 8 * 1024
_FEWEST_FRAMES = 2
_SMALL = 3 * WINDOW_BYTES


def read_mpeg_stream(source: Source, find: Find) -> Audio | None:
    """The file's audio and tags; None if `find` finds no stream in it."""
    around = TagsAround(source)
    start = around.start_of_stream(find)
    if start is None:
        return None
    payload = Payload(source, start)
    payload.end = around.end_of_stream()
    digest = payload.digest()
    layer, stream = _layer_and_stream(payload)
    return Audio(stream, around.merged(), f"mp{layer}", digest)


def is_tagged(data: bytes, at: int) -> bool:
    """Whether the first frame of a stream stands at an index of the data, with a tag in it."""
    found = frame(data[at : at + HEADER_BYTES])
    return found is not None and has_tag(data, at, found)


class Payload:
    """The frames of a file, from byte `start` up to `end`; and the windows that its digest takes,
    in which frames are looked at too."""

    def __init__(self, source: Source, start: int) -> None:
        self.source, self.start, self.end = source, start, source.size
        self.beginning = source.read_at_most(start, WINDOW_BYTES)
        self._early_at, self._early = self._early_middle()
        self.windows: list[bytes] = []

    def digest(self) -> str:
        return digest_of_payload(self._read, self.start, self.end)

    def _early_middle(self) -> tuple[int, bytes]:
        """The middle window, read before the end of the file so that a disk reads in one direction.

        Where the payload ends is not known yet: this covers the two usual cases, an ID3v1 tag at
        the end of the file, and none.
        """
        size = self.source.size - self.start
        if size <= _SMALL + ID3V1_SIZE:
            return 0, b""
        end = self.start + (size + WINDOW_BYTES) // 2
        at = end - WINDOW_BYTES - ID3V1_SIZE // 2
        return at, self.source.read_only(at, end)

    def _read(self, start: int, end: int) -> bytes:
        window = self._window(start, end)
        self.windows.append(window)
        return window

    def _window(self, start: int, end: int) -> bytes:
        if end <= self.start + len(self.beginning):
            return self.beginning[start - self.start : end - self.start]
        at = start - self._early_at
        if at >= 0 and end - self._early_at <= len(self._early):
            return self._early[at : end - self._early_at]
        return self.source.read_only(start, end)


def _layer_and_stream(payload: Payload) -> tuple[int, Stream]:
    data = payload.beginning
    at, first = _tagged_or_first(data)
    tag = stream_tag(data[at:], first)
    if tag is None:
        return first.layer, _measured(payload, payload.start, first)
    tag_at = payload.start + at
    if not _is_plausible(tag, first, payload.end - tag_at):
        return first.layer, _measured(payload, tag_at + first.length, first)
    samples = first.samples * tag.frames
    samples -= tag.silent_samples if tag.silent_samples < samples else 0
    length = samples / first.sample_rate
    bitrate = round(8 * (payload.end - tag_at - first.length) / length)
    return first.layer, Stream(length, max(0, bitrate), first.sample_rate, first.channels)


def _tagged_or_first(data: bytes) -> tuple[int, Frame]:
    """The frame with a tag among the first ones, else the very first: where it stands, and it."""
    first = found = frame(data[:HEADER_BYTES])
    if first is None:
        raise ValueError("can't sync to MPEG frame")
    at = 0
    for _ in range(FRAMES_IN_A_ROW):
        if found is None or has_tag(data, at, found):
            break
        at += found.length
        found = frame(data[at : at + HEADER_BYTES]) if found.length else None
    return (at, found) if found is not None and has_tag(data, at, found) else (0, first)


def _is_plausible(tag: StreamTag, first: Frame, size: int) -> bool:
    """Whether a stream of `size` bytes can have the frames and the bytes that `tag` states."""
    if not tag.frames:
        return False
    tolerated = max(size * TOLERANCE, _TOLERATED_BYTES)
    if tag.size and abs(tag.size - size) > tolerated:
        return False
    bitrate = 8 * size * first.sample_rate / (tag.frames * first.samples)
    fastest = 2 * first.max_bitrate if not first.bitrate else first.max_bitrate
    slack = 8 * _TOLERATED_BYTES * first.sample_rate / (tag.frames * first.samples)
    return first.min_bitrate * (1 - TOLERANCE) <= bitrate <= fastest * (1 + TOLERANCE) + slack


def _measured(payload: Payload, start: int, like: Frame) -> Stream:
    """The stream from byte `start` on, whose frames are `like` another one."""
    size = max(0, payload.end - start)
    bitrate = _constant_bitrate(payload, start)
    if bitrate:
        return Stream(8 * size / bitrate, bitrate, like.sample_rate, like.channels)
    length_at = MPEG.alike(payload.beginning, start - payload.start if not like.length else 0)
    counted = count_frames(payload.source, start, payload.end, MPEG, length_at)
    frames = counted.frames * size / counted.walked_bytes if counted.walked_bytes else 0
    length = frames * like.samples / like.sample_rate
    bitrate = round(8 * size / length) if length else like.bitrate
    return Stream(length, bitrate, like.sample_rate, like.channels)


def _constant_bitrate(payload: Payload, start: int) -> int:
    """The bit rate of all frames in all windows; 0 if they differ, or if there are not enough."""
    if payload.end - start <= _SMALL or len(payload.windows) != 3:  # noqa: PLR2004
        return 0
    length_at = MPEG.alike(payload.beginning, 0)
    first, *others = payload.windows
    found = [_bitrates(each, length_at) for each in (first[start - payload.start :], *others)]
    if not all(found) or len(set.union(*found)) != 1:
        return 0
    bits = found[0].pop()
    header = bytearray(payload.beginning[:HEADER_BYTES])
    header[2] = header[2] & 0x0F | bits << 4
    known = frame(bytes(header))
    return known.bitrate if known is not None else 0


def _bitrates(window: bytes, length_at: LengthAt) -> set[int]:
    """The bit rates of the frames in a window; empty if they do not follow each other."""
    last = len(window) - HEADER_BYTES
    for match in MPEG.sync.finditer(window, 0, last + 1):
        at = match.start()
        rates, frames = set(), 0
        while at <= last and (length := length_at(window, at)):
            rates.add(window[at + 2] >> 4)
            frames += 1
            at += length
        if at > last and frames >= _FEWEST_FRAMES:
            return rates
    return set()
