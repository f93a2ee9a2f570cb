"""A browser of one connection, and the scans it starts."""

import http.client
import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bench.live.server import ServedLibrary, as_json
from bench.measure import CommandFailed

TIMEOUT_S = 60.0
SCAN_ENDS_WITHIN_S = 900.0
HTTP_ERROR = 400


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`first_byte_s`: from the request's first byte to the body's first; `body`: all of it."""

    first_byte_s: float
    whole_s: float
    body: bytes


class Browser:
    """Requests one after the other over a connection that stays open."""

    def __init__(self, served: ServedLibrary) -> None:
        self._served = served
        self._connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=TIMEOUT_S)

    def ask(self, method: str, path: str, said: Any = None, **headers: str) -> Answer:
        """Raises CommandFailed where the answer is an error."""
        body = None if said is None else json.dumps(said)
        own = {"Content-Type": "application/json"} if body else {}
        began = time.perf_counter()
        self._connection.request(method, path, body, {**self._served.headers, **own, **headers})
        response = self._connection.getresponse()
        first = response.read(1)
        first_byte_s = time.perf_counter() - began
        rest = response.read()
        if response.status >= HTTP_ERROR:
            raise CommandFailed(f"{method} {path}: {response.status} {(first + rest)[:300]!r}")
        whole_s = time.perf_counter() - began
        return Answer(first_byte_s=first_byte_s, whole_s=whole_s, body=first + rest)

    def get_json(self, path: str) -> dict[str, Any]:
        return as_json(self.ask("GET", path).body)

    def start_scan(self, folder: str) -> int:
        """The id of a scan of `folder` that the server has begun."""
        answer = self.ask("POST", "/api/v1/scans", {"folders": [folder]})
        return int(as_json(answer.body)["id"])

    def scan_state(self, scan_id: int) -> str:
        return str(self.get_json(f"/api/v1/scans/{scan_id}")["state"])

    def wait_for_scan(self, scan_id: int) -> float:
        """When it ended, in seconds since the epoch. Raises CommandFailed unless it completed."""
        deadline = time.monotonic() + SCAN_ENDS_WITHIN_S
        while (state := self.scan_state(scan_id)) == "running":
            if time.monotonic() > deadline:
                raise CommandFailed(f"scan {scan_id} does not end")
            time.sleep(0.1)
        if state != "completed":
            raise CommandFailed(f"scan {scan_id} ended {state}")
        return self.finished_at(scan_id)

    def finished_at(self, scan_id: int) -> float:
        said = self.get_json(f"/api/v1/scans/{scan_id}")["finished_at"]
        return datetime.fromisoformat(said).timestamp()

    def close(self) -> None:
        self._connection.close()
