"""Sound that browsers really play."""

import io
import math
import struct
import wave
from functools import cache

RATE_HZ = 8000


@cache
def sine(seconds: float) -> bytes:
    """A quiet tone as a WAV file."""
    tone = [int(900 * math.sin(2 * math.pi * 220 * n / RATE_HZ)) for n in range(RATE_HZ)]
    second = struct.pack(f"<{RATE_HZ}h", *tone)
    target = io.BytesIO()
    with wave.open(target, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        whole, rest = divmod(seconds, 1)
        out.writeframes(second * int(whole) + second[: int(rest * RATE_HZ) * 2])
    return target.getvalue()
