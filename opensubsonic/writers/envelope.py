"""What every answer of the protocol says about itself, errors too."""

from typing import Any

from opensubsonic.call import Body
from runtime.version import VERSION

PROTOCOL_VERSION = "1.16.1"


def envelope(body: Body, *, is_ok: bool = True) -> dict[str, Any]:
    """`status` and `version` come first: Ultrasonic reads them before the rest."""
    return {
        "status": "ok" if is_ok else "failed",
        "version": PROTOCOL_VERSION,
        "type": "mus",
        "serverVersion": VERSION,
        "openSubsonic": True,
        **body,
    }
