"""Notes when, by which app and from where app passwords were used; see `accounts.uses`."""

import logging
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from accounts.models import AppPassword
from accounts.uses import Uses, shown_address
from runtime.turns import write_in_turn

WITHIN_S = 1.0
"""How long SQLite may be busy. A server that stops waits for the thread."""
_LONGEST_CLIENT = 100

logger = logging.getLogger(__name__)


class AppUse(NamedTuple):
    """`client`: the name that the app gives itself; empty if it gives none."""

    used_at: datetime
    client: str
    address: str


def note_app_use(row_id: int, client: str, address: str) -> None:
    """Returns at once."""
    shown = client.replace("\0", "")[:_LONGEST_CLIENT]  # PostgreSQL stores no NUL
    app_uses.add(row_id, AppUse(timezone.now(), shown, shown_address(address)))


def write_app_uses(uses: dict[int, AppUse]) -> None:
    """Store the uses in one transaction, in an order that lets no two servers deadlock. `update`
    sends no signal, so that what is kept stays."""

    def write() -> None:
        for row_id, use in sorted(uses.items()):
            fields = {"last_used_at": use.used_at, "last_used_from": use.address}
            if use.client:
                fields["last_used_by"] = use.client
            AppPassword.objects.filter(pk=row_id).update(**fields)

    write_in_turn(write, WITHIN_S)


app_uses = Uses("app passwords", write_app_uses, logger)
