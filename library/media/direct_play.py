"""Whether a client that describes what it can play can play a file as it is."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from library.media.as_it_is import suffix_of
from library.media.tracks import FoundTrack
from library.media.types import media_type_of

_CONTAINERS = {
    "audio/mpeg": ("mp3", "mpeg"),
    "audio/mp4": ("mp4", "m4a", "m4b"),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/wav": ("wav", "wave"),
    "audio/aiff": ("aiff", "aif"),
    "audio/x-ms-wma": ("asf", "wma"),
    "audio/x-matroska": ("mka", "matroska", "mkv"),
}
"""The names of containers, by media type: the usual one and others. All other containers are named
as the suffix of their files."""
_MOST = 200
"""Of profiles and the like. Clients have some ten."""


class _Described(BaseModel):
    """A part of the description, whose fields are named as in `maxAudioChannels`."""

    model_config = ConfigDict(alias_generator=to_camel)


class DirectPlayProfile(_Described):
    """Containers, codecs and protocols that go together. An empty list stands for any."""

    containers: list[str] = Field(default=[], max_length=_MOST)
    audio_codecs: list[str] = Field(default=[], max_length=_MOST)
    protocols: list[str] = Field(default=[], max_length=_MOST)
    max_audio_channels: int = 0


class Limitation(_Described):
    name: str
    comparison: Literal["Equals", "NotEquals", "LessThanEqual", "GreaterThanEqual"]
    values: list[str] = Field(min_length=1, max_length=_MOST)
    required: bool = False


class CodecProfile(_Described):
    """What else holds for a codec."""

    type: str = "AudioCodec"
    name: str
    limitations: list[Limitation] = Field(default=[], max_length=_MOST)


class ClientInfo(_Described):
    """What a client can play, in the words of OpenSubsonic. Bit rates are in bit/s."""

    name: str = ""
    max_audio_bitrate: int = 0
    direct_play_profiles: list[DirectPlayProfile] = Field(default=[], max_length=_MOST)
    codec_profiles: list[CodecProfile] = Field(default=[], max_length=_MOST)


class Sound(NamedTuple):
    """What is in a file. `containers`: the names of its container, the usual one first."""

    containers: tuple[str, ...]
    codec: str
    channels: int
    bitrate_bps: int
    sample_rate_hz: int
    bit_depth: int


def sound_of(track: FoundTrack) -> Sound:
    media_type = media_type_of(track.path, track.codec).partition(";")[0]
    containers = _CONTAINERS.get(media_type, (suffix_of(track.path),))
    return Sound(
        *(containers, track.codec or containers[0], track.channels, track.bitrate_kbps * 1000),
        *(track.sample_rate_hz, track.bit_depth),
    )


def reasons_against(client: ClientInfo, sound: Sound) -> list[str]:
    """Why the client cannot play the sound as it is: one reason for each of its profiles. Empty if
    one of them fits."""
    general = _general_reason(client, sound)
    if general:
        return [general]
    reasons = [_reason(profile, sound) for profile in client.direct_play_profiles]
    return [each for each in reasons if each] if all(reasons) else []


def _general_reason(client: ClientInfo, sound: Sound) -> str:
    if not client.direct_play_profiles:
        return "NoDirectPlayProfile"
    if 0 < client.max_audio_bitrate < sound.bitrate_bps:
        return "AudioBitrateNotSupported"
    return next(_limits(client, sound), "")


def _reason(profile: DirectPlayProfile, sound: Sound) -> str:
    if not _names_one(profile.protocols, ("http",)):
        return "ProtocolNotSupported"
    if not _names_one(profile.containers, sound.containers):
        return "ContainerNotSupported"
    if not _names_one(profile.audio_codecs, (sound.codec,)):
        return "AudioCodecNotSupported"
    if 0 < profile.max_audio_channels < sound.channels:
        return "AudioChannelsNotSupported"
    return ""


def _names_one(allowed: list[str], names: tuple[str, ...]) -> bool:
    return not allowed or not {each.lower() for each in allowed}.isdisjoint(names)


_FACTS: dict[str, tuple[str, Callable[[Sound], int]]] = {
    "audioChannels": ("AudioChannelsNotSupported", lambda sound: sound.channels),
    "audioBitrate": ("AudioBitrateNotSupported", lambda sound: sound.bitrate_bps),
    "audioSamplerate": ("AudioSamplerateNotSupported", lambda sound: sound.sample_rate_hz),
    "audioBitdepth": ("AudioBitdepthNotSupported", lambda sound: sound.bit_depth),
}
"""What limitations are about. Of the profile of a codec, scans know nothing."""


def _limits(client: ClientInfo, sound: Sound) -> Iterator[str]:
    """The reasons for which limitations of the codec do not hold. A fact that is not known (0)
    counts against a limitation only if that is required."""
    for profile in client.codec_profiles:
        if profile.name.lower() != sound.codec:
            continue
        for limitation in profile.limitations:
            reason, fact = _FACTS.get(limitation.name, ("", _unknown))
            value = fact(sound)
            if reason and not (_holds(limitation, value) if value else not limitation.required):
                yield reason


def _unknown(_sound: Sound) -> int:
    return 0


def _holds(limitation: Limitation, value: int) -> bool:
    numbers = [int(each) for each in limitation.values if each.isdecimal() and len(each) < 19]  # noqa: PLR2004
    if not numbers:
        return not limitation.required
    return {
        "Equals": value in numbers,
        "NotEquals": value not in numbers,
        "LessThanEqual": value <= numbers[0],
        "GreaterThanEqual": value >= numbers[0],
    }[limitation.comparison]
