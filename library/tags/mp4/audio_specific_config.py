"""What AAC says about itself: AudioSpecificConfig (ISO/IEC 14496-3, section 1.6.2)."""

from typing import NamedTuple

MAX_BYTES = 64
_AAC_MAIN, _AAC_LC, _AAC_SSR, _AAC_LTP, _SBR, _AAC_SCALABLE, _PS = 1, 2, 3, 4, 5, 6, 29
_ER_BSAC = 22
_WITH_PROGRAM = frozenset(
    {_AAC_MAIN, _AAC_LC, _AAC_SSR, _AAC_LTP, _AAC_SCALABLE, 7, 17, 19, 20, 23}
)
"""Object types that are described by GASpecificConfig."""
_ESCAPED_TYPE, _ESCAPED_FREQUENCY = 31, 15
_SBR_SYNC, _PS_SYNC = 0x2B7, 0x548
_CORE_MAX_HZ = 24_000
"""SBR doubles the rate, and is not used where the rate would exceed 48 kHz."""
# Section 1.6.3.4, table 1.18.
_FREQUENCIES_HZ = (
    *(96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350),
)
# Section 1.6.3.5, table 1.19, and ISO/IEC 23001-8, section 8.
_CHANNELS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 8, 11: 7, 12: 8, 13: 24, 14: 8}


class AudioConfig(NamedTuple):
    """`object_type`: the kind of AAC, or of another codec. `sample_rate` and `channels` are those
    of the decoded sound; 0 if the configuration does not say."""

    object_type: int
    sample_rate: int
    channels: int


class _Bits:
    """Raises ValueError if there are no more bits."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self.left = len(data) * 8

    def take(self, count: int) -> int:
        if count > self.left:
            raise ValueError("its AAC configuration is cut off")
        self.left -= count
        return self._value >> self.left & (1 << count) - 1


def audio_config(data: bytes, stated_rate: int, stated_channels: int) -> AudioConfig:
    """Decode a configuration. Raises ValueError if it is cut off.

    Some files do not say that SBR (twice the rate) and PS (stereo out of mono) are used; decoders
    find out from the frames. For these, `stated_rate` and `stated_channels` of the sample entry
    decide.
    """
    bits = _Bits(data[:MAX_BYTES])
    object_type, core_rate, layout = _object_type(bits), _frequency(bits), bits.take(4)
    rate = core_rate
    sbr: bool | None = None
    ps: bool | None = None
    if object_type in {_SBR, _PS}:
        sbr, ps = True, object_type == _PS or None
        rate = _frequency(bits)
        object_type = _object_type(bits)
        if object_type == _ER_BSAC:
            layout = bits.take(4)
    channels = _CHANNELS.get(layout, 0)
    if not layout and object_type in _WITH_PROGRAM:
        channels = _channels_of_program(bits)
    if sbr is None:
        sbr, ps, rate = _extension(bits, core_rate)
    if sbr is None and object_type <= _AAC_LTP and stated_rate == 2 * core_rate <= 2 * _CORE_MAX_HZ:
        sbr, rate = True, stated_rate
    if channels == 1 and sbr and ps is not False:
        channels = 2 if ps else min(stated_channels, 2) or 1
    return AudioConfig(object_type, rate, channels)


def _object_type(bits: _Bits) -> int:
    found = bits.take(5)
    return found if found != _ESCAPED_TYPE else 32 + bits.take(6)


def _frequency(bits: _Bits) -> int:
    index = bits.take(4)
    if index == _ESCAPED_FREQUENCY:
        return bits.take(24)
    return _FREQUENCIES_HZ[index] if index < len(_FREQUENCIES_HZ) else 0


def _channels_of_program(bits: _Bits) -> int:
    """The channels in a program_config_element (section 4.4.1.1), which follows the first fields of
    GASpecificConfig (section 4.4.1)."""
    bits.take(1)
    if bits.take(1):
        bits.take(14)
    bits.take(1 + 4 + 2 + 4)
    elements = bits.take(4) + bits.take(4) + bits.take(4)
    low_frequency = bits.take(2)
    bits.take(3 + 4)
    for size in (4, 4, 3):  # mixdowns
        if bits.take(1):
            bits.take(size)
    return sum(1 + (bits.take(5) >> 4) for _ in range(elements)) + low_frequency


def _extension(bits: _Bits, rate: int) -> tuple[bool | None, bool | None, int]:
    """Whether SBR and PS are used, where an extension behind the configuration says so, and the
    rate."""
    while bits.left >= 16:  # noqa: PLR2004
        if bits.take(11) != _SBR_SYNC:
            bits.left += 10
            continue
        if _object_type(bits) != _SBR or not bits.take(1):
            return False, False, rate
        rate = _frequency(bits)
        has_ps = bits.left >= 12 and bits.take(11) == _PS_SYNC  # noqa: PLR2004
        return True, bool(bits.take(1)) if has_ps else None, rate
    return None, None, rate
