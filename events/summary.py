"""The payload of an event: a message for people, and what browsers should do about it."""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

RELOAD_TRACKS = "reload_tracks"


class MessageLevel(StrEnum):
    SUCCESS = "success"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """One message for people, and what their browsers should do about it.

    `action_key`: RELOAD_TRACKS or None. `action_payload`: JSON values for that action.
    """

    message_to_show: str
    message_level: MessageLevel
    action_key: str | None = None
    action_payload: dict[str, Any] | None = None

    def as_payload(self) -> dict[str, Any]:
        """The payload of an event: exactly these four keys."""
        return asdict(self)

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> "Summary":
        """The summary with this payload. Raises ValueError for a missing key, an unknown key or an
        unknown level."""
        if payload.keys() != {field.name for field in fields(cls)}:
            raise ValueError(f"These are not the keys of a summary: {', '.join(payload)}.")
        return cls(**{**payload, "message_level": MessageLevel(payload["message_level"])})


# Sent to a browser that has missed more events than are sent again: it should reload everything.
AWAY = Summary(
    message_to_show="The library may have changed while you were away.",
    message_level=MessageLevel.INFO,
    action_key=RELOAD_TRACKS,
)
