"""Covers on request: loaded from the cache, or else made from the picture.

A picture that cannot be shown gives way to the next one of its track, folder or artist. Concurrent
requests for the same cover share one job, and users take turns. Pictures are rendered by two
threads with a lower priority, never on the event loop.
"""

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

from library.covers.cache import CoverCache, is_cover_id
from library.covers.rendering import NearlyEmptyPicture, UnusablePicture, render
from library.covers.shared_jobs import SharedJobs, Turn
from library.covers.size import Fitted, Rendition
from runtime.niceness import raise_by

THREADS = 2
"""How many pictures are rendered at once."""
NICENESS = 10
_SCALED = "scaled"
"""Stands for a disk of its own, since scaling a cover reads no music folder."""
MAX_OTHERS = 16
OTHERS_WITHIN_S = 10.0
MAX_OTHERS_BYTES = 64 * 1024 * 1024
"""How many pictures are tried instead of one that cannot be shown; and after which time, or after
reading how much, no other one is begun. The next request then goes on: a picture that was found
unusable is not read again for a day."""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as just read. `cover_id` is empty if the file changed while it was read."""

    cover_id: str
    source: bytes


Read = Callable[[], Awaitable[Picture]]


class NotReadable(Exception):
    """The picture is gone or may not be read; the one after it is tried. If there is none, the next
    request looks for it again."""


class OtherPicture(NamedTuple):
    """A picture that may be shown instead of the first. `cover_id` is empty until it is read.

    `read` may raise NotReadable.
    """

    cover_id: str
    read: Read


class Others(NamedTuple):
    """The pictures that may be shown instead of the first, in order.

    `key` has the form of an identity. It stands for the first picture and the place of the others.
    """

    key: str
    pictures: Callable[[], AsyncIterator[OtherPicture]]


@dataclass(frozen=True, slots=True)
class Cover:
    """A cover, ready to be sent. `cover_id` is that of the `Picture` it was made from, except that
    what is left of a picture that is nearly empty has an identity of its own."""

    cover_id: str
    content: bytes


class CoverMaker:
    """Makes covers, for one event loop. A disk that hangs delays only covers from that disk."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.cache = CoverCache(folder, most_bytes)
        self._jobs: SharedJobs[Cover] = SharedJobs()
        self._threads = ThreadPoolExecutor(THREADS, "covers", initializer=_lower_priority)
        self._sweeper = ThreadPoolExecutor(1, "cover cache", initializer=_lower_priority)

    async def make(
        self,
        cover_id: str,
        size: Rendition,
        read: Read,
        *,
        others: Others | None = None,
        disk: str = "",
        user: int = 0,
    ) -> Cover:
        """The cover from the cache, or else made from the picture that `read` returns. If that one
        cannot be shown: the cover of the first of `others` that can.

        `cover_id` is the picture's identity as the last scan saw it; the picture that `read`
        returns may be a newer one. `read` is awaited only when the job's turn has come, and not at
        all if the cover is in the cache or the picture is known to be unusable. `disk` and `user`
        say on which disk's and whose queue the job waits. A queued job that nobody waits for any
        more is dropped.

        If nothing can be shown, raises what the first picture raised: UnusablePicture, or
        NotReadable by `read`. Anything else that `read` raises is raised at once.
        """
        turn = Turn(disk, user)
        work = partial(self._load_or_make, OtherPicture(cover_id, read), size)
        try:
            return await self._jobs.share(turn, (cover_id, size), work)
        except (UnusablePicture, NotReadable) as refusal:
            if others is None:
                raise
            first = refusal
        # Another job: tracks with the same first picture may have different other ones.
        work = partial(self._show_another, first, others, size)
        return await self._jobs.share(turn, (others.key, size), work)

    async def scale(self, larger: Cover, size: Fitted, *, user: int = 0) -> Cover:
        """The cover of an unusual size, made from a larger cover. Kept, if few others are."""
        work = partial(self.in_thread, self._scale, larger, size)
        return await self._jobs.share(
            Turn(_SCALED, user), (larger.cover_id or id(larger), size), work
        )

    async def _load_or_make(self, wanted: OtherPicture, size: Rendition) -> Cover:
        """Raises UnusablePicture, and what reading the picture raises."""
        cover_id = wanted.cover_id
        if cover_id and (kept := await self.in_thread(self._load, cover_id, size)):
            return kept
        try:
            picture = await wanted.read()
        except UnusablePicture as refusal:
            if cover_id:
                await self.in_thread(self.cache.remember_unusable, cover_id, str(refusal))
            raise
        made = await self.in_thread(self._make, cover_id, size, picture)
        self.sweep_if_due()
        return made

    async def _show_another(
        self, first: UnusablePicture | NotReadable, others: Others, size: Rendition
    ) -> Cover:
        """The cover of the first of `others` that can be shown. Raises `first` if there is none,
        unless something is left of the first picture."""
        if kept := await self.in_thread(self._load_instead, others.key, size):
            return kept
        tries = _Tries(others)
        async for other in tries:
            try:
                cover = await self._load_or_make(other, size)
            except (UnusablePicture, NotReadable):
                continue
            if cover.cover_id:
                await self.in_thread(self.cache.remember_instead, others.key, cover.cover_id)
            return cover
        remnant = None
        if isinstance(first, NearlyEmptyPicture):
            remnant = await self.in_thread(self._keep_remnant, first.content, others.key, size)
        if tries.are_complete and isinstance(first, UnusablePicture):
            shown = remnant.cover_id if remnant else str(first)
            await self.in_thread(self.cache.remember_instead, others.key, shown)
        if remnant is None:
            raise first
        return remnant

    async def in_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `function` in one of the threads that render."""
        work = partial(function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def sweep_if_due(self) -> None:
        """Start a sweep of the cache in the background, if it is time for one."""
        if self.cache.is_sweep_due():
            self._sweeper.submit(self.cache.sweep)

    def _make(self, cover_id: str, size: Rendition, picture: Picture) -> Cover:
        if picture.cover_id not in {"", cover_id} and (kept := self._load(picture.cover_id, size)):
            return kept
        # Stored under the identity of the picture it was made from, which differs from the one
        # asked for if the file has changed since the scan. So the cache is never wrong.
        try:
            content = render(picture.source, size)
        except NearlyEmptyPicture:
            raise  # not noted: what is left of the picture may be wanted in another size
        except UnusablePicture as refusal:
            if picture.cover_id:
                self.cache.remember_unusable(picture.cover_id, str(refusal))
            raise
        if picture.cover_id:
            self.cache.store(picture.cover_id, size, content)
        return Cover(picture.cover_id, content)

    def _scale(self, larger: Cover, size: Fitted) -> Cover:
        cover_id = larger.cover_id
        if cover_id and (kept := self.cache.load(cover_id, size)):
            return Cover(cover_id, kept)
        content = render(larger.content, size)
        if cover_id and self.cache.may_keep_unusual(cover_id):
            self.cache.store(cover_id, size, content)
        return Cover(cover_id, content)

    def _load(self, cover_id: str, size: Rendition) -> Cover | None:
        """The cover from the cache, where another process may just have stored it; None if it is
        not there. Raises UnusablePicture."""
        if content := self.cache.load(cover_id, size):
            return Cover(cover_id, content)
        if reason := self.cache.why_unusable(cover_id):
            raise UnusablePicture(reason)
        return None

    def _load_instead(self, key: str, size: Rendition) -> Cover | None:
        """What was last shown instead of a picture that cannot be shown; None if it is not in the
        cache. Raises UnusablePicture if nothing could be shown."""
        shown = self.cache.shown_instead(key)
        if not shown:
            return None
        if not is_cover_id(shown):
            raise UnusablePicture(shown)
        content = self.cache.load(shown, size)
        return Cover(shown, content) if content else None

    def _keep_remnant(self, content: bytes, key: str, size: Rendition) -> Cover:
        # Not under the identity of its picture: a track that has another picture, too, must not
        # show what is left of this one.
        remnant_id = blake2b(f"remnant {key}".encode(), digest_size=16).hexdigest()
        self.cache.store(remnant_id, size, content)
        return Cover(remnant_id, content)


class _Tries:
    """As many pictures of `others` as one request may cost.

    `are_complete`: whether all were tried, so that trying again would find no more.
    """

    def __init__(self, others: Others) -> None:
        self._others = others
        self._read_bytes = 0
        self.are_complete = False

    async def __aiter__(self) -> AsyncIterator[OtherPicture]:
        until = time.monotonic() + OTHERS_WITHIN_S
        count = 0
        async for other in self._others.pictures():
            if time.monotonic() > until or self._read_bytes > MAX_OTHERS_BYTES:
                return
            yield other._replace(read=partial(self._counted, other.read))
            count += 1
            if count == MAX_OTHERS:
                break
        self.are_complete = True

    async def _counted(self, read: Read) -> Picture:
        picture = await read()
        self._read_bytes += len(picture.source)
        return picture


def _lower_priority() -> None:
    """Lower the priority of this thread. Only Linux has priorities of threads; elsewhere this
    would change the priority of the whole server, so nothing is done."""
    if sys.platform == "linux":
        raise_by(NICENESS, threading.get_native_id())
