"""Two clients of the API: `rest` in the process of the test, for what an endpoint says and how many
statements it makes, and `rest_server`, a real daphne, for all that needs one."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.contrib.auth.models import User
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.uses import Uses
from asgi.look_ups import LookUps
from asgi.request_threads import RequestThreads
from opensubsonic.writers.formats import Format
from tests.opensubsonic import in_process
from tests.opensubsonic.in_process import Rest
from tests.web.served import ServedMus, serve

METRICS_TOKEN = "a-token-of-some-length"


@pytest.fixture(autouse=True)
def keeps_no_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests in this process write rows without a new revision of the library."""
    monkeypatch.setattr("opensubsonic.objects.kept_objects.MOST_BYTES", 0)


@pytest.fixture
def listener(db: None) -> User:
    return User.objects.create_user("lee")


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("stella")


@pytest.fixture
def rest(listener: User, calls_here: None) -> Rest:
    """The client of a listener. `rest("getArtist", id="ar-1")` is the body of its answer."""
    return Rest(listener)


@pytest.fixture
def admin_rest(administrator: User, calls_here: None) -> Rest:
    return Rest(administrator)


@pytest.fixture
def calls_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls take place in the thread of the test. `Rest(user)` is another user's client then."""
    write = Format.write

    def remember(self: Format, answer: dict[str, Any]) -> Any:
        if in_process.RUNNING:
            in_process.RUNNING[-1].written.append(answer)
        return write(self, answer)

    close_if_old = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_others(self: BaseDatabaseWrapper) -> None:
        if not self.in_atomic_block:  # the test's own transaction
            close_if_old(self)

    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", close_others)
    # Its thread would wait for the end of the test's transaction.
    monkeypatch.setattr(Uses, "add", lambda *_: None)
    monkeypatch.setattr(RequestThreads, "run", in_process.run_here)
    monkeypatch.setattr(LookUps, "find", in_process.find_here)
    # It would close the connection that the test has.
    monkeypatch.setattr("opensubsonic.application.with_own_connection", lambda find: find())
    monkeypatch.setattr(Format, "write", remember)
    # What is kept is not written again, so no test would see how.
    monkeypatch.setattr("opensubsonic.kept_answers.KEPT", {})
    # Django would close a connection that is in the transaction of a test.
    monkeypatch.setattr("asgi.look_ups.close_old_connections", lambda: None)


_MAKE_USERS = """
from django.contrib.auth.models import User
from django.db.backends.base.base import BaseDatabaseWrapper
from accounts.app_passwords import make_app_password, password_of
for user in (User.objects.create_user("lee"), User.objects.create_superuser("stella")):
    print("app password", user.username, password_of(make_app_password(user, "tests")))
"""


@dataclass
class RestServer:
    """A server with the listener `lee` and the administrator `stella`, and a client that logs in
    by the token of an app password."""

    served: ServedMus
    client: httpx.Client
    passwords: Mapping[str, str]

    def __call__(self, endpoint: str, **parameters: Any) -> Any:
        """The body of an answer that has to be ok."""
        body = self.get(endpoint, **parameters).json()["subsonic-response"]
        assert body["status"] == "ok", body
        return body

    def get(
        self,
        endpoint: str,
        *,
        user: str = "lee",
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        **parameters: Any,
    ) -> httpx.Response:
        said = {**self.login(user), "v": "1.16.1", "c": "tests", "f": "json", **parameters}
        return self.client.request(method, f"/rest/{endpoint}", params=said, headers=headers)

    def login(self, user: str = "lee") -> dict[str, str]:
        salt = "c19b2d"
        return {"u": user, "t": token(self.passwords[user], salt), "s": salt}


def token(password: str, salt: str) -> str:
    return hashlib.md5((password + salt).encode(), usedforsecurity=False).hexdigest()


@pytest.fixture(scope="module")
def rest_server(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[RestServer]:
    """A server of this module's own, with an empty library: `rest_server.served.python(code)` runs
    code on its database, and files in `rest_server.served.variables["MUSIC_DIR"]` can be scanned.
    """
    folder = tmp_path_factory.mktemp("rest")
    variables = {"METRICS_TOKEN": METRICS_TOKEN, "SHARING": "everybody"}
    with serve(folder, database, "--no-scan", **variables) as served:
        lines = served.python(_MAKE_USERS).splitlines()
        words = [line.split() for line in lines if line.startswith("app password")]
        with httpx.Client(base_url=served.url, timeout=60) as client:
            yield RestServer(served, client, {name: password for _, _, name, password in words})
