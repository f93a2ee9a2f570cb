"""Places in a queue that another request replaces at the same moment, which PostgreSQL allows."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from listening.models import PlayQueue
from listening.player_state import POSITION, OtherQueue, StateChange, save_state
from listening.queues import Sender
from tests.databases import IS_POSTGRESQL

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not IS_POSTGRESQL, reason="SQLite has one writer at a time"),
]


def test_a_place_in_a_queue_that_is_replaced_meanwhile_is_not_saved() -> None:
    user = User.objects.create(username="ada")
    queue = PlayQueue.objects.create(user=user, entries="[1]", entry_count=1, number=1)
    holds, waits = threading.Event(), threading.Event()

    def replace() -> None:
        try:
            with transaction.atomic():
                PlayQueue.objects.filter(pk=queue.pk).update(number=2, position_s=0)
                holds.set()
                waits.wait(1)  # until the other writer has read the number and waits for the row
        finally:
            connection.close()

    place = StateChange(fields={POSITION: 99.0}, queue_number=1)
    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(replace)
        assert holds.wait(10)
        with pytest.raises(OtherQueue):
            save_state(Sender(user.pk, None, ""), place)
        done.result(timeout=20)
    queue.refresh_from_db()
    assert (queue.number, queue.position_s) == (2, 0)
