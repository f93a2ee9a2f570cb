"""`player/devices` and `player/commands`: the devices of a user show and steer each other."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from events.models import Mark
from listening.devices import guess_name
from listening.models import Device, PlayerCommand
from tests.api.library import error, get

LAPTOP, PHONE = "laptop-0000", "phone-00000"
CHROME = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


def put(client: Client, key: str, agent: str = FIREFOX, **fields: Any) -> Any:
    response = client.put(
        f"/api/v1/player/devices/{key}",
        json.dumps(fields),
        content_type="application/json",
        headers={"User-Agent": agent},
    )
    assert response.status_code == 200, response.content
    return response.json()


def command(client: Client, name: str, **fields: Any) -> Any:
    body = json.dumps({"name": name, **fields})
    return client.post("/api/v1/player/commands", body, content_type="application/json")


def commands(client: Client, key: str, after: int = 0) -> list[Any]:
    found: list[Any] = get(client, f"player/commands?device={key}&after={after}")["commands"]
    return found


def marks() -> dict[str, int]:
    return dict(Mark.objects.values_list("name", "number"))


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome on Android"),
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        (f"{CHROME} Edg/126.0", "Edge on Android"),
        ("Symfonium/9.1 (Android)", "Android"),
        ("mus-cli/1.0", "mus-cli"),
        ("", "Unknown device"),
        ("<script>alert(1)</script>", "Unknown device"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 OPR/1 Chrome/1", "Opera on Windows"),
    ],
)
def test_a_name_is_guessed_from_the_user_agent(agent: str, name: str) -> None:
    assert guess_name(agent) == name


def test_a_device_is_listed_with_what_it_plays(api: Client) -> None:
    state = {"track_id": 7, "position_s": 12.5, "duration_s": 200.0, "volume_level": 0.5}
    put(api, LAPTOP, is_playing=True, state=state)
    answer = get(api, "player/devices")
    (row,) = answer["devices"]
    assert answer["plays"] == LAPTOP
    assert row["state"] == {**state, "is_muted": False}
    assert row["name"] == "Firefox on Linux"
    assert row["is_playing"] is True
    assert row["is_away"] is False
    assert row["is_named_by_hand"] is False
    assert 0 <= row["state_age_s"] < 60


def test_only_one_device_of_a_user_plays(api: Client, staff: Client) -> None:
    put(staff, LAPTOP, is_playing=True)
    put(api, LAPTOP, is_playing=True)
    put(api, PHONE, is_playing=True)
    assert get(api, "player/devices")["plays"] == PHONE
    assert [row["is_playing"] for row in get(api, "player/devices")["devices"]] == [True, False]
    assert get(staff, "player/devices")["plays"] == LAPTOP


def test_a_name_given_by_hand_stays(api: Client) -> None:
    put(api, LAPTOP)
    url = f"/api/v1/player/devices/{LAPTOP}"
    body = json.dumps({"name": "  Kitchen  "})
    renamed = api.patch(url, body, content_type="application/json").json()
    assert (renamed["name"], renamed["is_named_by_hand"]) == ("Kitchen", True)
    put(api, LAPTOP, CHROME)
    assert get(api, "player/devices")["devices"][0]["name"] == "Kitchen"
    for name in ("", "  ", "x" * 101, "a\0b"):
        body = json.dumps({"name": name})
        error(api.patch(url, body, content_type="application/json"), 422, "invalid")
    unknown = "/api/v1/player/devices/unknown-00"
    body = json.dumps({"name": "Kitchen"})
    error(api.patch(unknown, body, content_type="application/json"), 404, "not_found")


def test_a_device_can_be_forgotten_and_comes_back(api: Client, staff: Client) -> None:
    put(api, LAPTOP)
    url = f"/api/v1/player/devices/{LAPTOP}"
    error(staff.delete(url), 404, "not_found")
    assert api.delete(url).status_code == 204
    error(api.delete(url), 404, "not_found")
    put(api, LAPTOP)
    assert Device.objects.count() == 1


def test_fifty_devices_are_kept_and_none_longer_than_ninety_days(api: Client) -> None:
    for number in range(53):
        put(api, f"device-{number:04}")
    names = [row["key"] for row in get(api, "player/devices")["devices"]]
    assert names == [f"device-{number:04}" for number in range(52, 2, -1)]
    Device.objects.filter(key="device-0052").update(
        last_seen_at=timezone.now() - timedelta(days=91)
    )
    assert "device-0052" not in [row["key"] for row in get(api, "player/devices")["devices"]]
    put(api, "device-9999")
    assert not Device.objects.filter(key="device-0052").exists()


def test_others_are_told_of_what_they_would_show_and_of_no_heartbeat(api: Client) -> None:
    put(api, LAPTOP, is_playing=True, state={"track_id": 7, "position_s": 10})
    first = marks()
    assert first == {"devices": 1}
    put(api, LAPTOP, is_playing=True, state={"track_id": 7, "position_s": 11})
    put(api, LAPTOP)
    assert marks() == first
    put(api, LAPTOP, state={"track_id": 7, "position_s": 90})
    put(api, LAPTOP, state={"track_id": 8, "position_s": 90})
    put(api, LAPTOP, state={"volume_level": 0.25})
    put(api, LAPTOP, is_playing=False)
    assert marks() == {"devices": 5}
    assert get(api, "player/devices")["devices"][0]["state"]["track_id"] == 8


def test_a_device_that_is_not_heard_of_does_not_play(api: Client) -> None:
    put(api, LAPTOP, is_playing=True)
    Device.objects.update(last_seen_at=timezone.now() - timedelta(seconds=80))
    answer = get(api, "player/devices")
    assert answer["plays"] is None
    assert (answer["devices"][0]["is_playing"], answer["devices"][0]["is_away"]) == (False, True)
    error(command(api, "pause"), 409, "nothing_plays")
    put(api, LAPTOP, is_playing=True)
    assert get(api, "player/devices")["plays"] == LAPTOP


def test_a_command_goes_to_the_one_that_plays_or_to_a_named_one(api: Client, staff: Client) -> None:
    error(command(api, "pause"), 409, "nothing_plays")
    put(api, LAPTOP, is_playing=True)
    put(api, PHONE)
    first = command(api, "seek", position_s=30.5, device=PHONE).json()
    assert first["arguments"] == {"position_s": 30.5}
    assert first["sent_by"]["key"] == PHONE
    command(api, "volume", volume_level=0.5, to=PHONE)
    command(api, "pause")
    assert [each["name"] for each in commands(api, LAPTOP)] == ["seek", "pause"]
    assert [each["name"] for each in commands(api, LAPTOP, first["id"])] == ["pause"]
    assert [each["name"] for each in commands(api, PHONE)] == ["volume"]
    assert commands(staff, LAPTOP) == []
    assert "commands" in marks()


def test_a_device_of_another_user_cannot_be_steered(api: Client, staff: Client) -> None:
    put(staff, LAPTOP, is_playing=True)
    assert LAPTOP in error(command(api, "pause", to=LAPTOP), 404, "not_found")
    error(command(api, "pause"), 409, "nothing_plays")
    assert not PlayerCommand.objects.exists()


def test_a_command_is_void_after_half_a_minute_and_then_forgotten(api: Client) -> None:
    put(api, LAPTOP, is_playing=True)
    command(api, "pause")
    PlayerCommand.objects.update(sent_at=timezone.now() - timedelta(seconds=31))
    assert commands(api, LAPTOP) == []
    command(api, "next")
    assert [each.name for each in PlayerCommand.objects.all()] == ["next"]


def test_no_more_than_a_hundred_commands_wait(api: Client) -> None:
    put(api, LAPTOP, is_playing=True)
    for _ in range(100):
        assert command(api, "next").status_code == 200
    error(command(api, "next"), 429, "too_many_commands")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "explode"},
        {"name": "seek"},
        {"name": "seek", "position_s": -1},
        {"name": "seek", "index": 1},
        {"name": "pause", "index": 1},
        {"name": "volume", "volume_level": 1.5},
        {"name": "play_index", "index": 100_000},
        {"name": "pause", "to": "x"},
    ],
)
def test_a_command_that_makes_no_sense_is_refused(api: Client, fields: dict[str, Any]) -> None:
    put(api, LAPTOP, is_playing=True)
    error(command(api, **fields), 422, "invalid")
    assert not PlayerCommand.objects.exists()


def test_a_key_that_is_none_is_refused(api: Client) -> None:
    for key in ("short", "with%20space", "x" * 65):
        response = api.put(f"/api/v1/player/devices/{key}", "{}", content_type="application/json")
        error(response, 422, "invalid")
    error(api.get("/api/v1/player/commands"), 422, "invalid")
