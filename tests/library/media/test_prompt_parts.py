"""Parts of a response leave at once, and the connection is closed when it should be."""

from pathlib import Path

import pytest

from tests.library.media.test_cut_short import LAST_CHUNK, asked, serving

pytestmark = pytest.mark.server

APPLICATION = """
from daphne.server import reactor

async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for part in (b"one ", b"two ", b"x" * size_of(scope)):
        await send({"type": "http.response.body", "body": part, "more_body": True})
    left = b" %d wait" % len(reactor.getWriters())
    await send({"type": "http.response.body", "body": left})

def size_of(scope):
    return int(scope["query_string"] or 0)
"""


def test_a_part_is_sent_without_waiting_for_the_reactor(tmp_path: Path) -> None:
    with serving(tmp_path, APPLICATION) as port:
        assert b" 0 wait" in asked(port, "/whole")


@pytest.mark.parametrize("size", [1 << 10, 1 << 24])
def test_all_of_a_part_arrives_however_large_and_then_the_end(tmp_path: Path, size: int) -> None:
    with serving(tmp_path, APPLICATION) as port:
        body = asked(port, f"/?{size}")
    assert body.count(b"x") == size
    assert body.endswith(LAST_CHUNK)
