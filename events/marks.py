"""Raises and reads marks; see `events.models`.

`raise_mark` belongs into the transaction of the change. Once that is committed, the bell
(`events.announce_marks`) may be rung; the relays look at the marks every second anyway.
"""

from collections.abc import Collection

from django.db import connection
from django.db.models.functions import Now

from events.models import ChangeNumber, Mark

_TABLE = ChangeNumber._meta.db_table
_RAISE = (
    f"INSERT INTO {_TABLE} (user_id, number) VALUES (%s, 1) "  # noqa: S608  # the name of a table
    f"ON CONFLICT (user_id) DO UPDATE SET number = {_TABLE}.number + 1 RETURNING number"
)


def raise_mark(user_id: int, *names: str) -> int:
    """Note, in the caller's transaction, that what is called `names` of this user changes. Returns
    the user's new change number, for the rows that change."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [user_id])
        (number,) = cursor.fetchone()
    Mark.objects.bulk_create(
        [Mark(user_id=user_id, name=name, number=number, raised_at=Now()) for name in names],
        update_conflicts=True,
        unique_fields=["user", "name"],
        update_fields=["number", "raised_at"],
    )
    return int(number)


def raise_marks(user_ids: Collection[int], *names: str) -> dict[int, int]:
    """The same for several users, always in the same order, so that two transactions never wait for
    each other. Returns each user's new change number."""
    return {user_id: raise_mark(user_id, *names) for user_id in sorted(set(user_ids))}


def mark_numbers(user_id: int) -> dict[str, int]:
    """The number of each of the user's marks by its name; a name without changes is absent."""
    return dict(Mark.objects.filter(user=user_id).values_list("name", "number"))


def change_number(user_id: int) -> int:
    """The number of the last change of this user's things; 0 before the first."""
    return ChangeNumber.objects.filter(pk=user_id).values_list("number", flat=True).first() or 0
