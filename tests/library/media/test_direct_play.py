"""Whether a client can play a file as it is, by the profiles that it sends."""

from typing import Any

import pytest

from library.media.direct_play import ClientInfo, Sound, reasons_against

ALAC = Sound(("mp4", "m4a", "m4b"), "alac", 2, 900_000, 96_000, 24)
HTTP: dict[str, Any] = {"protocols": ["http"], "maxAudioChannels": 2}
MP4 = {"containers": ["m4a"], "audioCodecs": ["aac", "ALAC"], **HTTP}


def against(**client: Any) -> list[str]:
    return reasons_against(ClientInfo.model_validate(client), ALAC)


def limited(**limitation: Any) -> list[str]:
    limitation = {"comparison": "LessThanEqual", "required": False, **limitation}
    profile = {"type": "AudioCodec", "name": "alac", "limitations": [limitation]}
    return against(directPlayProfiles=[MP4], codecProfiles=[profile])


def test_a_profile_that_fits() -> None:
    assert against(directPlayProfiles=[MP4]) == []
    assert against(directPlayProfiles=[{"containers": ["mp3"]}, {}]) == []  # empty: anything


def test_a_reason_for_each_profile() -> None:
    profiles = [
        {**MP4, "protocols": ["hls"]},
        {**MP4, "containers": ["flac"]},
        {**MP4, "audioCodecs": ["aac"]},
        {**MP4, "maxAudioChannels": 1},
    ]
    assert against(directPlayProfiles=profiles) == [
        "ProtocolNotSupported",
        "ContainerNotSupported",
        "AudioCodecNotSupported",
        "AudioChannelsNotSupported",
    ]
    assert against() == ["NoDirectPlayProfile"]


def test_bit_rates_are_in_bits() -> None:
    assert against(directPlayProfiles=[MP4], maxAudioBitrate=900_000) == []
    too_slow = against(directPlayProfiles=[MP4], maxAudioBitrate=320_000)
    assert too_slow == ["AudioBitrateNotSupported"]


@pytest.mark.parametrize(
    ("limitation", "reasons"),
    [
        ({"name": "audioSamplerate", "values": ["48000"]}, ["AudioSamplerateNotSupported"]),
        ({"name": "audioSamplerate", "values": ["96000"]}, []),
        (
            {"name": "audioChannels", "comparison": "Equals", "values": ["1"]},
            ["AudioChannelsNotSupported"],
        ),
        ({"name": "audioChannels", "comparison": "Equals", "values": ["1", "2"]}, []),
        (
            {"name": "audioBitdepth", "comparison": "NotEquals", "values": ["24"]},
            ["AudioBitdepthNotSupported"],
        ),
        ({"name": "audioBitrate", "comparison": "GreaterThanEqual", "values": ["1"]}, []),
        ({"name": "audioProfile", "comparison": "Equals", "values": ["LC"]}, []),
    ],
)
def test_limitations_of_a_codec(limitation: dict[str, Any], reasons: list[str]) -> None:
    assert limited(**limitation) == reasons


def test_what_is_not_known_counts_only_against_required_limitations() -> None:
    unknown = ALAC._replace(bit_depth=0)
    for required, reasons in ((False, []), (True, ["AudioBitdepthNotSupported"])):
        limitation = {"name": "audioBitdepth", "comparison": "Equals", "values": ["24"]}
        profile = {"name": "alac", "limitations": [{**limitation, "required": required}]}
        client = {"directPlayProfiles": [MP4], "codecProfiles": [profile]}
        assert reasons_against(ClientInfo.model_validate(client), unknown) == reasons
