"""What throw-away servers share: a process, a folder, a beginning and an end."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.workers import free_port

READY_WITHIN_SECONDS = 60.0
ENDS_WITHIN_SECONDS = 20.0
HEIR = 'read -r _; kill -s INT "$1"; sleep 1; rm -rf "$2"'
"""Waits until we are gone, however that came about, since then its standard input ends; and then
does what we cannot do any more. (The kernel's own way, PR_SET_PDEATHSIG, ends a server already when
the thread ends that started it.)"""


class NotInstalled(Exception):
    """A server's program is not on this machine; says what to install."""


class DoesNotStart(Exception):
    """A server ended before it answered, or answered too late; says what it wrote."""


class Server(ABC):
    """Serves inside a `with` block, and may be stopped, killed and started again in it."""

    name = ""
    end_signal = signal.SIGTERM
    user: str | None = None
    """Whom it runs as; None: as who we are."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"mus-{self.name}-"))
        self.log_file = self.folder / "log"
        self.place = self.folder
        self.environment: dict[str, str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._heir: subprocess.Popen[bytes] | None = None
        if self.user:
            shutil.chown(self.folder, self.user)

    def __enter__(self) -> Self:
        try:
            self.prepare()
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepare(self) -> None:  # noqa: B027  # not all have to
        """What is done once, before the first start."""

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def answers(self) -> bool: ...

    def start(self) -> None:
        """Returns when it answers."""
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                user=self.user,
                cwd=self.place,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for who began the tests
            )
        self._heir = subprocess.Popen(
            ["sh", "-c", HEIR, "heir", str(self._process.pid), self.folder],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise DoesNotStart(f"{self.name} does not start:\n{self.log()}")
            time.sleep(0.02)

    def process_id(self) -> int:
        if self._process is None:
            raise RuntimeError(f"{self.name} does not run")
        return self._process.pid

    def stop(self) -> None:
        """In peace, but without waiting for its clients; nothing if it does not run."""
        self._end(self.end_signal)

    def kill(self) -> None:
        """As when a machine stops: its clients hear nothing but the end of their connections."""
        self._end(signal.SIGKILL)

    def log(self) -> str:
        with suppress(OSError):
            return self.log_file.read_text(errors="replace")
        return ""

    def _end(self, signal_number: int) -> None:
        process, self._process = self._process, None
        heir, self._heir = self._heir, None
        if heir:
            heir.kill()
            heir.communicate()
        if process and process.poll() is None:
            process.send_signal(signal_number)
            try:
                process.wait(ENDS_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def program(name: str, package: str, folders: str = "") -> str:
    """Its path, looked for on PATH and in `folders` (a glob). Raises NotInstalled."""
    if found := shutil.which(name):
        return found
    candidates = sorted(Path("/").glob(f"{folders.lstrip('/')}/{name}")) if folders else []
    if not candidates:
        raise NotInstalled(f"{name} is not installed: apt install {package}")
    return str(candidates[-1])


def unprivileged_user() -> str | None:
    """Whom to run a server as that refuses to be root's; None: as who we are."""
    return "nobody" if os.geteuid() == 0 else None
