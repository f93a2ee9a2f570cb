"""The bell: a message to a channels group, which says that an event was stored or a mark raised.

The bell only saves time. Relays also poll the storage about once a second, so a message that is
late or lost delays an event by a second at most. Ringing the bell never blocks and never raises.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context

from channels.layers import InMemoryChannelLayer, get_channel_layer

from runtime.faults import Faults

GROUP = "track-updates"
SEND_SECONDS = 1.0
DRAIN_SECONDS = 2.0
JOIN_SECONDS = 5.0
LEAVE_SECONDS = 0.5
REJOIN_SECONDS = 3600.0
PAUSE_SECONDS = 5.0
MARKS_SECONDS = 0.02
"""Marks that are raised within this time share one message."""

logger = logging.getLogger(__name__)
# Shared by all uses of the channel layer in this process, so that an outage is logged only once.
_faults = Faults(logger, "The channel layer (REDIS_URL) cannot be reached")

# Event loops hold their tasks only weakly, so running tasks are kept here.
_ringing: set[asyncio.Task[None]] = set()
_probing: set[asyncio.Task[bool]] = set()
_relay_loops: set[asyncio.AbstractEventLoop] = set()
_marks_due: dict[asyncio.AbstractEventLoop, asyncio.TimerHandle] = {}


def announce(event_id: int) -> None:
    """Ring the bell from a task of the running loop; returns before the message is sent."""
    _start_ringing({"type": "event.stored", "id": event_id})


async def drain(timeout_s: float) -> None:
    """Wait until everything that this loop has announced is sent, for `timeout_s` at most."""
    loop = asyncio.get_running_loop()
    if tasks := [task for task in _ringing if task.get_loop() is loop]:
        await asyncio.wait(tasks, timeout=timeout_s)


def probe_layer() -> None:
    """Check in a task of the running loop that the channel layer is reachable; the log says if it
    is not. Returns at once."""
    task = asyncio.get_running_loop().create_task(is_layer_reachable(SEND_SECONDS))
    _probing.add(task)
    task.add_done_callback(_probing.discard)


def announce_from_thread(event_id: int) -> None:
    """Ring the bell from any thread, on the loop of this process's relay.

    Does nothing if this process has no relay: then nobody listens here, and the relays of other
    processes poll the storage.
    """
    for loop in tuple(_relay_loops):
        with suppress(RuntimeError):  # the loop was closed just now
            loop.call_soon_threadsafe(announce, event_id)


def announce_marks() -> None:
    """Ring the bell from any thread because marks were raised; see `announce_from_thread`."""
    for loop in tuple(_relay_loops):
        with suppress(RuntimeError):  # the loop was closed just now
            loop.call_soon_threadsafe(_announce_marks_soon, loop)


def announce_and_drain(event_id: int | None) -> None:
    """Ring the bell from a process without an event loop, such as a command, before it ends.

    `event_id` is None if no event was stored; then nothing is sent. Returns after DRAIN_SECONDS at
    the latest, even if the channel layer hangs.
    """
    # An in-memory layer does not reach other processes; their relays find the event by polling.
    if event_id is None or _layer_is_in_memory():
        return
    # A daemon thread: a layer that blocks the thread, or ignores cancellation, cannot keep the
    # process from ending.
    sender = threading.Thread(target=asyncio.run, args=[_send_all(event_id)], daemon=True)
    sender.start()
    sender.join(DRAIN_SECONDS)


async def hear(ring: Callable[[], object]) -> None:
    """Call `ring` whenever any process announces an event or a mark.

    Runs until cancelled: if the channel layer fails, it is tried again after PAUSE_SECONDS.
    """
    while True:
        try:
            await _hear_for_a_while(ring)
        except Exception as error:  # noqa: BLE001  # a layer raises its broker's client's errors
            _faults.note(error)
            await asyncio.sleep(PAUSE_SECONDS)


async def is_layer_reachable(within_s: float) -> bool:
    """Whether the channel layer accepts a message. Changes of the answer are logged."""
    try:
        await _send("nobody", {"type": "probe"}, within_s)
    except Exception as error:  # noqa: BLE001  # a layer raises its broker's client's errors
        _faults.note(error)
        return False
    _faults.are_over()
    return True


def is_layer_away() -> bool:
    """Whether the channel layer failed when this process used it last. Asks nobody."""
    return _faults.is_failing


def relay_begins(loop: asyncio.AbstractEventLoop) -> None:
    """Let `announce_from_thread` use `loop`, until `relay_ends`."""
    _relay_loops.add(loop)


def relay_ends(loop: asyncio.AbstractEventLoop) -> None:
    _relay_loops.discard(loop)
    if due := _marks_due.pop(loop, None):
        due.cancel()


def _announce_marks_soon(loop: asyncio.AbstractEventLoop) -> None:
    if loop in _relay_loops and loop not in _marks_due:
        _marks_due[loop] = loop.call_later(MARKS_SECONDS, _announce_marks_now, loop)


def _announce_marks_now(loop: asyncio.AbstractEventLoop) -> None:
    del _marks_due[loop]
    _start_ringing({"type": "mark.raised"})


def _start_ringing(message: dict[str, object]) -> None:
    # A new context: in the caller's, the task would be ended together with the request.
    task = asyncio.get_running_loop().create_task(_ring(message), context=Context())
    _ringing.add(task)
    task.add_done_callback(_ringing.discard)


async def _send_all(event_id: int) -> None:
    announce(event_id)
    await drain(DRAIN_SECONDS)


async def _ring(message: dict[str, object]) -> None:
    try:
        await _send(GROUP, message, SEND_SECONDS)
    except Exception as error:  # noqa: BLE001  # a layer raises its broker's client's errors
        _faults.note(error)
    else:
        _faults.are_over()


async def _send(group: str, message: dict[str, object], within_s: float) -> None:
    async with asyncio.timeout(within_s):
        await get_channel_layer().group_send(group, message)


async def _hear_for_a_while(ring: Callable[[], object]) -> None:
    """Join the group and listen for REJOIN_SECONDS, because layers drop members after a day.

    Raises whatever the channel layer raises.
    """
    layer = get_channel_layer()
    async with asyncio.timeout(JOIN_SECONDS):
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
    _faults.are_over()
    try:
        async with asyncio.timeout(REJOIN_SECONDS) as membership:
            while not membership.expired():  # a TimeoutError may get lost, see `relay._cancel`
                await layer.receive(channel)
                ring()
    except TimeoutError:
        if not membership.expired():
            raise
    finally:
        with suppress(Exception):  # the layer drops the membership by itself later
            async with asyncio.timeout(LEAVE_SECONDS):
                await layer.group_discard(GROUP, channel)


def _layer_is_in_memory() -> bool:
    try:
        return isinstance(get_channel_layer(), InMemoryChannelLayer)
    except Exception:  # noqa: BLE001  # creating the layer may raise anything; `_ring` logs it
        return False
