"""A music folder, a data folder, the servers on them and the scans that these start."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests import databases
from tests.audio_files import make_audio
from tests.web.served import ServedMus, serve

PASSWORD = "analytical engine"
USER = f"""
from django.contrib.auth.models import User
User.objects.create_superuser("ada", password="{PASSWORD}")
"""


def wait_until(condition: Callable[[], object], seconds: float = 60, pause_s: float = 0.01) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(pause_s)


@dataclass(frozen=True)
class House:
    """`folder` holds `music`, `data` and what the servers log."""

    folder: Path

    @property
    def database(self) -> Path:
        """Its place."""
        return databases.place_in(self.folder / "data")

    def copy_to(self, folder: Path) -> "House":
        """Nobody may be in it."""
        shutil.copytree(self.folder, folder, copy_function=shutil.copy2)
        copy = House(folder)
        databases.copy_database(self.database, copy.database)
        return copy

    def serve(self, *options: str, **variables: str) -> AbstractContextManager[ServedMus]:
        return serve(self.folder, None, *options, **{"SCAN_WORKERS": "1", **variables})

    def fill(self, count: int) -> None:
        for number in range(count):
            make_audio(
                self.folder / "music" / f"{number % 10}" / f"{number}.mp3", title=f"{number}"
            )

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Rows straight from the database."""
        return databases.query(self.database, sql)

    def execute(self, sql: str, *parameters: object) -> None:
        databases.execute(self.database, sql, *parameters)

    def scans(self) -> list[dict[str, Any]]:
        """The oldest first."""
        return self.query("SELECT * FROM library_scan ORDER BY id")

    def last_scan(self) -> dict[str, Any]:
        return self.scans()[-1]

    def events(self) -> list[dict[str, Any]]:
        """The summaries that were stored, the oldest first."""
        sql = "SELECT data FROM django_eventstream_event WHERE type = 'message' ORDER BY eid"
        return [json.loads(row["data"]) for row in self.query(sql)]

    def is_over(self) -> bool:
        scans = self.scans()
        return bool(scans) and scans[-1]["state"] != "running"

    def held_scan(self, number: int) -> psutil.Process:
        """The child of the `number`th scan, counted from 1, stopped in the middle of its work where
        it holds no lock on the database: the scan runs for as long as a test likes."""
        wait_until(lambda: len(self.scans()) >= number and self._child() is not None)
        child = self._child()
        assert child is not None
        self._stop_between_batches(child)
        assert self.last_scan()["state"] == "running"
        return child

    def _stop_between_batches(self, child: psutil.Process) -> None:
        while True:
            child.suspend()
            if not databases.is_being_written(self.database):
                return
            child.resume()
            time.sleep(0.003)

    def _child(self) -> psutil.Process | None:
        """Once it has adopted its row."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.last_scan()["process_id"])
            if "scan_tracks" in process.cmdline():
                return process
        return None

    def processes(self) -> list[psutil.Process]:
        """All that work on this house's data: servers, scans and their readers."""
        data = str(self.folder / "data")
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("DATA_DIR") == data:
                    found.append(process)
        return found

    def end_all(self) -> None:
        for process in self.processes():
            with suppress(psutil.Error):
                process.kill()
        databases.drop_database(self.database)


class Administrator:
    """Somebody at the admin's pages."""

    def __init__(self, server: ServedMus) -> None:
        self.server = server
        self.client = httpx.Client(base_url=server.url, timeout=30)
        self.client.get("/admin/login/")
        self._post("/admin/login/?next=/admin/", username="ada", password=PASSWORD)

    def start(self, **fields: str) -> httpx.Response:
        return self._post("/admin/library/scan/start/", **fields)

    def cancel(self, scan_id: int) -> httpx.Response:
        return self._post(f"/admin/library/scan/{scan_id}/cancel/")

    def act(self, model: str, action: str, *selected: int) -> httpx.Response:
        """An action of a list, on the rows that are `selected`."""
        rows = list(map(str, selected))
        return self._post(
            f"/admin/library/{model}/", action=action, index="0", _selected_action=rows
        )

    def follow(self, response: httpx.Response) -> str:
        assert response.status_code == 302, response.text
        return self.client.get(response.headers["location"]).text

    def _post(self, path: str, **fields: str | list[str]) -> httpx.Response:
        token = self.client.cookies["csrftoken"]
        return self.client.post(path, data=fields, headers={"X-CSRFToken": token})


def kill(process_id: int) -> None:
    os.kill(process_id, signal.SIGKILL)
