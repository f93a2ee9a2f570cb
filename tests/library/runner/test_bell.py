"""The server rings the bell for its own scans as soon as their event is stored."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from library.models.scan import ScanTrigger
from library.runner import scan_process
from tests.events.clients import Client, connected, in_thread, run, store_event, until
from tests.events.conftest import no_look

__all__ = ["no_look"]

SAYS_AND_STAYS = """
import time
print('{"event_id": 1}', flush=True)
time.sleep(600)
"""


@pytest.mark.django_db(transaction=True)
def test_the_event_that_a_scans_process_names_is_heard_while_it_still_runs(
    music: Path, settings: Settings, no_look: None
) -> None:
    settings.PROJECT_DIR = music
    (music / "manage.py").write_text(SAYS_AND_STAYS)

    def store_and_start() -> None:
        store_event()
        scan_process.start_scan(ScanTrigger.API)

    async def test() -> None:
        client = Client()
        async with connected(client):
            await in_thread(store_and_start)
            await until(lambda: client.ids)
            assert scan_process.watched_scans()
            await in_thread(lambda: scan_process.end(0))

    run(test)
