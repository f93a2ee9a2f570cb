"""Whoever announces an event waits for nobody."""

import asyncio
import gc
import time

import pytest
from channels.layers import get_channel_layer
from pytest_django.fixtures import Settings

from events import announce, announce_and_drain, announce_from_thread, drain
from tests.audio_files import make_audio
from tests.events.layers import Counting, Failing, Hanging, Stubborn, layer_settings
from tests.library.scanning.conftest import Installation

EXIT_BOUND_SECONDS = 10  # two by design, and what a busy machine adds


def test_it_returns_before_anything_is_sent(settings: Settings) -> None:
    settings.CHANNEL_LAYERS = layer_settings(Counting)

    async def ring() -> tuple[int, int]:
        layer = get_channel_layer()
        announce(1)
        before = layer.sent
        await drain(5)
        return before, layer.sent

    assert asyncio.run(ring()) == (0, 1)


def test_a_layer_that_hangs_delays_nothing_past_the_bound(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CHANNEL_LAYERS = layer_settings(Hanging)

    async def ring() -> int:
        announce(1)
        await drain(0.01)
        still_ringing = len(asyncio.all_tasks()) - 1
        await drain(30)
        return still_ringing

    assert asyncio.run(ring()) == 1
    assert "cannot be reached, which will be tried again: TimeoutError" in caplog.text


def test_what_a_layer_raises_is_survived_and_logged_once(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CHANNEL_LAYERS = layer_settings(Failing)

    async def ring() -> None:
        announce(1)
        announce(2)
        await drain(5)

    asyncio.run(ring())
    assert caplog.text.count("no broker here") == 1


def test_a_task_that_nobody_keeps_is_kept_until_it_is_done(settings: Settings) -> None:
    """The loop knows its tasks only weakly: see the documentation of asyncio.create_task."""
    settings.CHANNEL_LAYERS = layer_settings(Counting)

    async def ring() -> int:
        announce(1)
        gc.collect()
        for _ in range(10):
            await asyncio.sleep(0)
        return int(get_channel_layer().sent)

    assert asyncio.run(ring()) == 1


def test_a_command_rings_nothing_where_no_other_process_could_hear(settings: Settings) -> None:
    settings.CHANNEL_LAYERS = layer_settings(Counting)
    announce_and_drain(1)
    assert get_channel_layer().sent == 0


def test_a_command_waits_no_longer_than_its_bound(settings: Settings) -> None:
    settings.CHANNEL_LAYERS = layer_settings(Stubborn)
    began = time.monotonic()
    announce_and_drain(1)
    assert time.monotonic() - began < EXIT_BOUND_SECONDS


def test_without_a_relay_a_thread_announces_to_nobody(settings: Settings) -> None:
    settings.CHANNEL_LAYERS = layer_settings(Counting)
    announce_from_thread(1)
    assert get_channel_layer().sent == 0


@pytest.mark.parametrize("layer", ["Hanging", "Blocking", "Stubborn", "Failing"])
def test_a_layer_delays_neither_the_end_of_a_scan_nor_the_exit_of_the_command(
    installation: Installation, layer: str
) -> None:
    make_audio(installation.music / "a.flac", title="a")
    own = {"DJANGO_SETTINGS_MODULE": "tests.events.misbehaving_settings", "LAYER": layer}
    installation.environment.update(own)
    report = installation.scan()
    assert report["exit_code"] == 0
    assert report["event_id"] == 1
    assert report["duration_s"] < EXIT_BOUND_SECONDS
    assert "Traceback" not in report["stderr"]
    assert "destroyed" not in report["stderr"]
