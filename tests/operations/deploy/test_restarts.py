"""Two servers behind a proxy are restarted one after the other, by docs/deployment.md."""

import signal
import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.databases import copy_database, place_in
from tests.events.browsers import store, wait_until
from tests.library.media.conftest import row, stored
from tests.operations.deploy.askers import (
    MORE_WITHIN_SECONDS,
    Listener,
    asking,
    getting,
    posting,
    putting,
    streaming,
    wait_for_more,
)
from tests.operations.deploy.fronts import NAME, front_of
from tests.web.served import ServedMus, serve

pytestmark = pytest.mark.server

SETTINGS = {
    "HTTPS": "true",
    "TRUSTED_PROXIES": "127.0.0.1",
    "ALLOWED_HOSTS": NAME,
}
DRAIN_SECONDS = {"nginx": "0", "caddy": "3"}
KEY = """
from django.contrib.auth.models import User
from accounts.api_keys import make_key
print(make_key(User.objects.create_user("lee"), "tests")[1])
"""
SOUND = bytes(range(256)) * 16_000
LIST = "/api/v1/tracks"


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_nobody_notices_when_two_servers_are_restarted_one_after_the_other(
    kind: str, tmp_path: Path, database: Path
) -> None:
    copy_database(database, place_in(tmp_path / "data"))
    with ExitStack() as running:

        def start(**more: str) -> ServedMus:
            settings = {**SETTINGS, "DRAIN_SECONDS": DRAIN_SECONDS[kind], **more}
            return running.enter_context(serve(tmp_path, None, "--no-scan", **settings))

        servers = [start(), start()]
        path = track_of(servers[0])
        key = servers[0].python(KEY).split()[-1]
        track_id = int(path.split("/")[-2])
        stop = threading.Event()
        listener = Listener(stop)
        askers = [getting(LIST), putting(track_id), posting(track_id), streaming(path, SOUND)]
        everybody = [*askers, listener]
        ports = [int(server.variables["PORT"]) for server in servers]
        with (
            front_of(kind, tmp_path / "front", ports, tmp_path) as front,
            asking(front, key, everybody, stop),
        ):
            wait_until(listener.is_open.is_set, MORE_WITHIN_SECONDS)
            for server in servers:
                wait_for_more(askers)
                code, _ = server.end(signal.SIGTERM)
                assert code == 0
                wait_for_more(askers)
                new = start(PORT=server.variables["PORT"])
                if server is servers[0]:
                    wait_until_asked(new)  # only then is it the other one's turn
                wait_for_more(askers)
            (event_id,) = store(new)
            wait_until(lambda: str(event_id) in listener.heard, MORE_WITHIN_SECONDS)
            stop.set()
            store(new)  # the listener looks up from its stream
    print("", kind, *everybody, sep="\n")  # noqa: T201  # the figures of this restart
    faults = Counter(fault for asker in everybody for fault in asker.failures)
    assert faults == {}


def wait_until_asked(server: ServedMus) -> None:
    """Until the proxy has found that the server is there again."""
    wait_until(lambda: f"path={LIST}" in server.output(), MORE_WITHIN_SECONDS)


def track_of(server: ServedMus) -> str:
    """The path under which a file with SOUND in it is streamed."""
    music = Path(server.variables["MUSIC_DIR"])
    (music / "a.flac").write_bytes(SOUND)
    (path,) = stored(server, row(music / "a.flac", music))
    return path
