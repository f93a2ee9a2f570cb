"""Notes when and from where API keys were used, at most every few minutes; see `accounts.uses`."""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import ApiKey
from accounts.uses import Uses, shown_address
from runtime.turns import write_in_turn

EVERY = timedelta(minutes=5)
WITHIN_S = 1.0
"""How long SQLite may be busy. A server that stops waits for the thread."""

logger = logging.getLogger(__name__)

Use = tuple[datetime, str]
"""When a key was used, and the address of the client."""


def note_use(key: ApiKey, address: str) -> None:
    """`key`, as it was just read from the database, is used now. Returns at once."""
    now = timezone.now()
    if key.last_used_at is None or not now - EVERY < key.last_used_at <= now:
        key_uses.add(key.pk, (now, shown_address(address)))


def write_uses(uses: dict[int, Use]) -> None:
    """Store the uses in one transaction, in an order that lets no two servers deadlock. `update`
    sends no signal, so that logins stay kept."""

    def write() -> None:
        for key_id, (used_at, address) in sorted(uses.items()):
            found = ApiKey.objects.filter(pk=key_id)
            found.update(last_used_at=used_at, last_used_from=address)

    write_in_turn(write, WITHIN_S)


key_uses = Uses("API keys", write_uses, logger)
