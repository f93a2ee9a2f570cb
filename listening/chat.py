"""The chat of Subsonic clients: the last messages, which all users see."""

from collections.abc import Sequence
from datetime import datetime

from listening.models import ChatMessage
from runtime.turns import write_in_turn

KEPT = 500
"""How many messages are kept."""
LONGEST = 2000
"""In characters; longer ones are cut."""


def add_message(user_id: int, text: str) -> None:
    """Raises OperationalError if the database is not free in time."""

    def work() -> None:
        newest = ChatMessage.objects.create(user_id=user_id, text=text[:LONGEST])
        kept = ChatMessage.objects.order_by("-pk").values_list("pk", flat=True)
        ChatMessage.objects.filter(pk__lte=newest.pk).exclude(pk__in=list(kept[:KEPT])).delete()

    write_in_turn(work)


def messages_since(since: datetime | None) -> Sequence[ChatMessage]:
    """Messages written after `since`, the oldest first; without it, all that are kept."""
    found = ChatMessage.objects.select_related("user").order_by("-pk")
    if since is not None:
        found = found.filter(written_at__gt=since)
    return list(reversed(found[:KEPT]))
