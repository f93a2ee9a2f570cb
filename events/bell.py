"""The bell: a message to a channels group, which says that an event was stored.

It is a hint and no more. Relays look at the storage by themselves, so a bell that is late, lost or
unheard costs a listener a second at most, and whoever rings it never waits and never fails.
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

logger = logging.getLogger(__name__)
# Of all that this process does with the layer, so that the log says once that it is away.
_faults = Faults(logger, "The channel layer (REDIS_URL) cannot be reached")

_ringing: set[asyncio.Task[None]] = set()  # the loop itself holds its tasks only weakly
_looking: set[asyncio.Task[bool]] = set()
_relay_loops: set[asyncio.AbstractEventLoop] = set()


def announce(event_id: int) -> None:
    """Wake all relays, from the running loop; returns before anything is sent."""
    # A context of its own: in the caller's, a task would end with the request that began it.
    task = asyncio.get_running_loop().create_task(_ring(event_id), context=Context())
    _ringing.add(task)
    task.add_done_callback(_ringing.discard)


async def drain(timeout_s: float) -> None:
    """Wait for what this loop has announced so far to be sent, for `timeout_s` at most."""
    loop = asyncio.get_running_loop()
    if tasks := [task for task in _ringing if task.get_loop() is loop]:
        await asyncio.wait(tasks, timeout=timeout_s)


def look_at_layer() -> None:
    """Let the log say, from the running loop, whether the layer is away; returns at once."""
    task = asyncio.get_running_loop().create_task(is_layer_reachable(SEND_SECONDS))
    _looking.add(task)
    task.add_done_callback(_looking.discard)


def announce_from_thread(event_id: int) -> None:
    """Announce on the loop of this process's relay, from any thread, if there is a relay.

    Where there is none, nobody listens in this process, and the relays of others look themselves.
    """
    for loop in tuple(_relay_loops):
        with suppress(RuntimeError):  # it was closed just now
            loop.call_soon_threadsafe(announce, event_id)


def announce_and_drain(event_id: int | None) -> None:
    """Announce from a process without a loop that is about to end; None was not stored.

    Returns after DRAIN_SECONDS at the latest, whatever the channel layer does.
    """
    # No other process can hear a layer in memory: the relays' own look at the storage has to do.
    if event_id is None or _layer_is_in_memory():
        return
    # A daemon: not even a layer that blocks its thread, or ignores that it is cancelled, can keep
    # the process from ending.
    sender = threading.Thread(target=asyncio.run, args=[_send_all(event_id)], daemon=True)
    sender.start()
    sender.join(DRAIN_SECONDS)


async def hear(ring: Callable[[], object]) -> None:
    """Call `ring` when some process announces an event; runs until it is cancelled, whatever the
    channel layer does."""
    while True:
        try:
            await _hear_for_a_while(ring)
        except Exception as error:  # noqa: BLE001  # layers raise what their brokers' clients raise
            _faults.note(error)
            await asyncio.sleep(PAUSE_SECONDS)


async def is_layer_reachable(within_s: float) -> bool:
    """Whether it takes messages; the log says when that begins or ceases to be so."""
    try:
        await _send("nobody", {"type": "probe"}, within_s)
    except Exception as error:  # noqa: BLE001  # layers raise what their brokers' clients raise
        _faults.note(error)
        return False
    _faults.are_over()
    return True


def relay_begins(loop: asyncio.AbstractEventLoop) -> None:
    """From now on threads of this process may ring the bell on `loop`."""
    _relay_loops.add(loop)


def relay_ends(loop: asyncio.AbstractEventLoop) -> None:
    _relay_loops.discard(loop)


async def _send_all(event_id: int) -> None:
    announce(event_id)
    await drain(DRAIN_SECONDS)


async def _ring(event_id: int) -> None:
    try:
        await _send(GROUP, {"type": "event.stored", "id": event_id}, SEND_SECONDS)
    except Exception as error:  # noqa: BLE001  # layers raise what their brokers' clients raise
        _faults.note(error)
    else:
        _faults.are_over()


async def _send(group: str, message: dict[str, object], within_s: float) -> None:
    async with asyncio.timeout(within_s):
        await get_channel_layer().group_send(group, message)


async def _hear_for_a_while(ring: Callable[[], object]) -> None:
    """As one member of the group; layers forget memberships after a day."""
    layer = get_channel_layer()
    async with asyncio.timeout(JOIN_SECONDS):
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
    _faults.are_over()
    try:
        async with asyncio.timeout(REJOIN_SECONDS) as membership:
            while not membership.expired():  # `relay._cancel` tells how a TimeoutError gets lost
                await layer.receive(channel)
                ring()
    except TimeoutError:
        if not membership.expired():
            raise
    finally:
        with suppress(Exception):  # it is forgotten in time anyway
            async with asyncio.timeout(LEAVE_SECONDS):
                await layer.group_discard(GROUP, channel)


def _layer_is_in_memory() -> bool:
    try:
        return isinstance(get_channel_layer(), InMemoryChannelLayer)
    except Exception:  # noqa: BLE001  # whatever keeps it from being made; `_ring` says it
        return False
