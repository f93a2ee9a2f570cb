"""The browsers and apps of a user: which of them plays, and what it plays.

A device makes a random key for itself. One device of a user plays at a time. While its page is open
it says every HEARTBEAT_SECONDS that it is there; one that has not been heard of for AWAY_SECONDS
counts as away, and does not count as playing any more.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.browsers import browser_and_system
from listening.changes import Area, change
from listening.models import Device
from runtime.stored_texts import StoredTexts

HEARTBEAT_SECONDS = 20
AWAY_SECONDS = 75
"""More than a minute: browsers run the timers of hidden pages only once a minute."""
FORGOTTEN_AFTER = timedelta(days=90)
MOST_DEVICES = 50
MOST_NAME_LENGTH = 100
POSITION = "position_s"
APP_KEYS = "subsonic-"
"""The keys of apps begin so that name themselves but never ask for commands."""
JUMP_SECONDS = 3.0
"""A position that differs by more from where it should be by now was sought."""


class NoDevice(LookupError):
    """The user has no device with this key, or none that plays."""


def guess_name(user_agent: str) -> str:
    """A name for a device by its User-Agent header, such as "Firefox on Android"."""
    browser, system = browser_and_system(user_agent)
    if browser and system:
        return f"{browser} on {system}"
    product = user_agent.partition("/")[0].strip()
    is_product = re.fullmatch(r"[\w.+ -]{1,40}", product, re.ASCII) and product != "Mozilla"
    return browser or system or (product if is_product else "Unknown device")


_GUESSED = StoredTexts((gettext_noop("%(browser)s on %(system)s"), gettext_noop("Unknown device")))


def shown_name(device: Device) -> str:
    """A name that no person gave is in the active language."""
    return device.name if device.is_named_by_hand else _GUESSED.in_words(device.name)


def devices_of(user_id: int) -> QuerySet[Device]:
    """The devices of the user that are not forgotten, the last seen first."""
    known = Device.objects.filter(user=user_id, last_seen_at__gt=timezone.now() - FORGOTTEN_AFTER)
    return known.order_by("-last_seen_at", "-pk")


def app_key(app: str) -> str:
    """The key of an app that has no key, but a name."""
    return APP_KEYS + blake2b(app.encode(errors="replace"), digest_size=16).hexdigest()


def is_away(device: Device) -> bool:
    """Apps without a key of their own cannot be reached, so they are always away."""
    if device.key.startswith(APP_KEYS):
        return True
    return device.last_seen_at < timezone.now() - timedelta(seconds=AWAY_SECONDS)


def playing_device(user_id: int) -> Device | None:
    """The device of the user that plays; None if none does."""
    since = timezone.now() - timedelta(seconds=AWAY_SECONDS)
    playing = Device.objects.filter(user=user_id, is_playing=True, last_seen_at__gt=since)
    return playing.order_by("-playing_since").first()


def find_device(user_id: int, key: str) -> Device:
    """Raises NoDevice."""
    try:
        return Device.objects.get(user=user_id, key=key)
    except Device.DoesNotExist:
        raise NoDevice(key) from None


def device_id_of(user_id: int, key: str | None, user_agent: str, app: str = "") -> int | None:
    """The id of the device, which is made if it is new; None without a key and the name of an app.
    In the caller's transaction, which has raised the user's change number."""
    if app:
        device = find_or_make(user_id, app_key(app), user_agent, name=app[:MOST_NAME_LENGTH])
        Device.objects.filter(pk=device.pk).update(last_seen_at=timezone.now())
        return device.pk
    return None if key is None else find_or_make(user_id, key, user_agent).pk


def report(user_id: int, key: str, user_agent: str, given: Mapping[str, Any]) -> Device:
    """The device says that it is there, and what of `is_playing` and `state` it tells.

    The user's other devices are told only if that changes what they show. When it begins to play,
    no other device of the user counts as playing any more.
    """
    now = timezone.now()
    known = Device.objects.filter(user=user_id, key=key).first()
    if known and not _is_changed(known, given):
        Device.objects.filter(pk=known.pk).update(
            last_seen_at=now, state=_state_of(known, given, now)
        )
        return find_device(user_id, key)

    def work(_: int) -> Device:
        device = find_or_make(user_id, key, user_agent)
        apply_report(device, given)
        return device

    return change(user_id, work, Area.DEVICES)


def apply_report(device: Device, given: Mapping[str, Any]) -> None:
    """Store what the device tells, in the caller's transaction."""
    now = timezone.now()
    device.last_seen_at = now
    device.state = _state_of(device, given, now)
    if "is_playing" in given:
        _set_playing(device, is_playing=given["is_playing"])
    device.save()


def rename(user_id: int, key: str, name: str) -> Device:
    """Raises NoDevice."""

    def work(_: int) -> Device:
        device = find_device(user_id, key)
        device.name, device.is_named_by_hand = name, True
        device.save(update_fields=["name", "is_named_by_hand"])
        return device

    return change(user_id, work, Area.DEVICES)


def forget(user_id: int, key: str) -> None:
    """Raises NoDevice."""
    change(user_id, lambda _: find_device(user_id, key).delete(), Area.DEVICES)


def find_or_make(user_id: int, key: str, user_agent: str, name: str = "") -> Device:
    """The user's device with this key, in the caller's transaction. A new one is called `name`, or
    by what its User-Agent header says."""
    device = Device.objects.filter(user=user_id, key=key).first()
    if device is None:
        _make_room(user_id)
        name = name or guess_name(user_agent)
        device = Device.objects.create(user_id=user_id, key=key, name=name)
    return device


def _make_room(user_id: int) -> None:
    """Forget devices that were not seen for long, and the oldest of too many."""
    old = Device.objects.filter(user=user_id, last_seen_at__lt=timezone.now() - FORGOTTEN_AFTER)
    old.delete()
    newest_first = devices_of(user_id).values_list("pk", flat=True)
    Device.objects.filter(pk__in=[*newest_first[MOST_DEVICES - 1 :]]).delete()


def _set_playing(device: Device, *, is_playing: bool) -> None:
    if is_playing:
        others = Device.objects.filter(user=device.user_id, is_playing=True).exclude(pk=device.pk)
        others.update(is_playing=False, playing_since=None)
    if is_playing != device.is_playing:
        device.is_playing = is_playing
        device.playing_since = timezone.now() if is_playing else None


def _is_changed(device: Device, given: Mapping[str, Any]) -> bool:
    """Whether the other devices show something else now. The position passes by itself."""
    if given.get("is_playing", device.is_playing) != device.is_playing or is_away(device):
        return True
    state = given.get("state") or {}
    told = ((name, value) for name, value in state.items() if name != POSITION)
    return any(device.state.get(name) != value for name, value in told) or _has_jumped(
        device, state
    )


def _has_jumped(device: Device, state: Mapping[str, Any]) -> bool:
    passed = 0.0
    if device.is_playing and "at" in device.state:
        passed = timezone.now().timestamp() - device.state["at"]
    expected = (device.state.get(POSITION) or 0.0) + passed
    return bool(abs(state.get(POSITION, expected) - expected) > JUMP_SECONDS)


def _state_of(device: Device, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What the device told last, with the server's time of that as `at`."""
    state = given.get("state")
    if state is None:
        return dict(device.state)
    return {**device.state, **state, "at": now.timestamp()}
