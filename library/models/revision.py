"""The revision of the library: one number, which each change of what lists may show raises.

Clients and caches keep the number to recognise that what they hold is still up to date.
"""

import secrets

from django.db import connection, models
from django.db.models import Max

from library.models.catalogue import Track
from library.models.scan import Scan

ONLY_ROW = 1
EPOCH_BYTES = 8


def new_epoch() -> str:
    return secrets.token_hex(EPOCH_BYTES)


class RevisionQuerySet(models.QuerySet["Revision"]):
    def raised(self) -> int:
        """Raise the number in the caller's transaction, and return the new one.

        PostgreSQL then locks the row until the end of the transaction, so the order of numbers is
        the order of commits. Call this as late in a transaction as possible.
        """
        number = self._raise()
        if number is None:
            self.begin()
            number = self._raise()
        assert number is not None  # noqa: S101  # for the type checker
        return number

    def begin(self) -> None:
        """Create the row if a test or a database made by other means lacks it. Its number is above
        the id of every scan and the revision of every track: versions of mus before used those."""
        scans, tracks = (
            rows.aggregate(highest=Max(column))["highest"] or 0
            for rows, column in ((Scan.objects, "pk"), (Track.objects, "revision"))
        )
        row = self.model(pk=ONLY_ROW, number=max(scans, tracks), epoch=new_epoch())
        self.bulk_create([row], ignore_conflicts=True)

    def _raise(self) -> int | None:
        table = connection.ops.quote_name(self.model._meta.db_table)
        raising = f"UPDATE {table} SET number = number + 1"  # noqa: S608
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":  # whose versions before 3.35 know no RETURNING
                cursor.execute(raising)
                return self.values_list("number", flat=True).first()
            cursor.execute(f"{raising} RETURNING number")
            row = cursor.fetchone()
        return None if row is None else int(row[0])


class Revision(models.Model):
    """One row. `number` rises in the transaction of each change of what a list may show: by a scan,
    a purge, or an edit. Rows of the catalogue carry the number that last changed them.

    Tombstones are kept for a while. A client that holds a revision below `forgotten` cannot learn
    any more which rows were deleted since, and has to fetch everything again.

    `epoch` is random. A restored backup gets a new one, because its number is one that the library
    had before, with other content. So clients compare `epoch-number`.
    """

    number = models.PositiveBigIntegerField(default=0, db_default=0)
    epoch = models.CharField(max_length=32, default=new_epoch)
    forgotten = models.PositiveBigIntegerField(
        default=0,
        db_default=0,
        help_text="The highest revision of a tombstone that was removed because it was old.",
    )
    sorted_without = models.TextField(
        blank=True, db_default="", help_text="The IGNORED_ARTICLES that sort keys were made with."
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=ONLY_ROW), name="revision_one_row")
        ]

    def __str__(self) -> str:
        return f"{self.epoch}-{self.number}"


class NextRevision:
    """The revision that one transaction makes. It is raised when its number is first asked for, so
    a transaction that changes nothing raises nothing."""

    def __init__(self) -> None:
        self.raised: int | None = None

    @property
    def number(self) -> int:
        if self.raised is None:
            self.raised = Revision.objects.raised()
        return self.raised
