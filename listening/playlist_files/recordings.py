"""MusicBrainz recordings, as XSPF and JSPF name them."""

import re

_RECORDING = re.compile(
    r"(?:musicbrainz\.org/recording/|urn:uuid:|musicbrainz:recording:|^)"
    r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$",
    re.IGNORECASE,
)


def recording_id_in(identifier: object) -> str:
    """The id of the MusicBrainz recording that is identified; else an empty text."""
    found = (
        _RECORDING.search(identifier.strip().rstrip("/")) if isinstance(identifier, str) else None
    )
    return found[1].lower() if found else ""


def recording_uri(recording_id: str) -> str:
    return f"https://musicbrainz.org/recording/{recording_id}" if recording_id else ""
