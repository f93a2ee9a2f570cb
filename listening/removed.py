"""What users took away again, for clients that keep a copy. Called inside the transaction of the
change, with the user's new change number."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from listening.kinds import among
from listening.models import RemovedItem


def note_removed(
    user_id: int,
    what: str,
    kind: str,
    ids: Collection[int],
    number: int,
    *,
    at: datetime | None = None,
) -> None:
    """The things of these ids are gone, since `at` or now; see `RemovedItem`."""
    at = at or timezone.now()
    rows = [
        RemovedItem(user_id=user_id, what=what, kind=kind, item_id=pk, number=number, removed_at=at)
        for pk in ids
    ]
    RemovedItem.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "what", "kind", "item_id"],
        update_fields=["number", "removed_at"],
    )


def forget_removed(user_id: int, what: str, kind: str, ids: Collection[int]) -> None:
    """The things of these ids are there again."""
    gone = RemovedItem.objects.filter(user=user_id, what=what, kind=kind)
    gone.filter(among("item_id", ids)).delete()
