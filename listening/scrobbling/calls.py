"""One HTTP request to a service: bounded in time and size, without redirects."""

import json
import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import certifi
import httpcore

from listening.scrobbling import pace
from listening.scrobbling.addresses import AddressRefused, CheckedBackend
from listening.scrobbling.outcomes import AnswerLost, NotTaken
from runtime.version import VERSION

MOST_BYTES = 8 * 1024 * 1024
USER_AGENT = f"mus/{VERSION}"
SHOWN_CHARACTERS = 300

TOO_MANY_REQUESTS = 429
_NOT_CONNECTED = (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.UnsupportedProtocol)
_LOST = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


@dataclass(frozen=True)
class Answer:
    """`data`: the JSON value of the body; None if it is none. `text`: how the body begins."""

    status: int
    data: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    text: bytes = b""

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON object of the body; empty if it is none."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def retry_after_s(self) -> float:
        """How long the service asks to wait; 0 if it does not say."""
        for name in ("retry-after", "x-ratelimit-reset-in"):
            if (seconds := _seconds(self.headers.get(name, ""))) is not None:
                return seconds
        return 0.0

    @property
    def has_calls_left(self) -> bool:
        """False if the service says that it takes no further request for the moment."""
        return self.headers.get("x-ratelimit-remaining", "") != "0"


def call(
    method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    """Send a request. Raises NotTaken if the service was not reached, if it sends on to another
    address or has too many requests, and AnswerLost if its answer did not arrive whole."""
    deadline = time.monotonic() + pace.CALL_WITHIN_S
    backend = CheckedBackend(deadline)
    sent = [("User-Agent", USER_AGENT), ("Accept", "application/json"), *(headers or {}).items()]
    with httpcore.ConnectionPool(_tls(), network_backend=backend) as pool:
        try:
            answer = _read(pool, method, url, sent, body)
        except AddressRefused as error:
            raise NotTaken(f"It may not be called: {error}.") from None
        except _NOT_CONNECTED as error:
            raise NotTaken(f"It cannot be reached: {_words(error)}.") from None
        except _LOST as error:
            raise AnswerLost(f"Its answer did not arrive: {_words(error)}.") from None
    return _checked(answer)


def _read(
    pool: httpcore.ConnectionPool,
    method: str,
    url: str,
    headers: list[tuple[str, str]],
    body: bytes,
) -> Answer:
    with pool.stream(method, url, headers=headers, content=body) as response:
        text = bytearray()
        with closing(response.iter_stream()) as chunks:  # type: ignore[type-var]  # a generator
            for chunk in chunks:
                text += chunk
                if len(text) > MOST_BYTES:
                    raise AnswerLost("Its answer has no end.")
        received = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
        return Answer(response.status, _json(bytes(text)), received, bytes(text[:100]))


def _checked(answer: Answer) -> Answer:
    if 300 <= answer.status < 400:  # noqa: PLR2004
        raise NotTaken("It sends on to another address, which mus does not follow.")
    if answer.status == TOO_MANY_REQUESTS:
        raise NotTaken("It has too many requests at the moment.", answer.retry_after_s)
    return answer


def shown(value: object) -> str:
    """What a service says, for people: one line, not too long."""
    line = " ".join(str(value).split())
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[:SHOWN_CHARACTERS]}…"


def _words(error: Exception) -> str:
    return shown(error).removesuffix(".") or "no connection"


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _seconds(text: str) -> float | None:
    """A number of seconds, or a date of HTTP; None for anything else."""
    if text.strip().isascii() and text.strip().isdigit():
        return float(text.strip()[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


@cache
def _tls() -> ssl.SSLContext:
    """Trusts the system's certificates, and those of certifi where a system has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
