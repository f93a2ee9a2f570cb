"""What became of tracks, albums and artists whose rows were deleted."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from library.models.revision import Revision

KEPT = timedelta(days=180)
REMOVED_AT_ONCE = 5_000


class TombstoneKind(models.TextChoices):
    TRACK = "track", "track"
    ALBUM = "album", "album"
    ARTIST = "artist", "artist"
    FOLDER = "folder", "folder"


Catalogue = type[Track] | type[Album] | type[Artist] | type[Folder]


def kind_of(model: Catalogue) -> TombstoneKind:
    return TombstoneKind(str(model._meta.model_name))


class TombstoneQuerySet(models.QuerySet["Tombstone"]):
    def bury(
        self,
        model: Catalogue,
        ids: Collection[int],
        revision: int,
        replaced: Mapping[int, int] | None = None,
    ) -> None:
        """Record, in the caller's transaction, that the rows of `model` with these ids are deleted.

        `revision`: the one that this transaction makes. `replaced`: of rows that were joined with
        another, the id of that one.
        """
        living = replaced or {}
        kind, now = kind_of(model), timezone.now()
        self.bulk_create(
            [
                Tombstone(
                    kind=kind,
                    row_id=row_id,
                    revision=revision,
                    replaced_by=living.get(row_id),
                    deleted_at=now,
                )
                for row_id in ids
            ],
            update_conflicts=True,
            unique_fields=["kind", "row_id"],
            update_fields=["revision", "replaced_by", "deleted_at"],
        )

    def lift(self, model: Catalogue, ids: Collection[int]) -> None:
        """Rows of `model` with these ids live (again): they have no tombstones."""
        self.filter(kind=kind_of(model), row_id__in=ids).delete()

    def remove_old(self) -> int:
        """Delete tombstones older than KEPT, REMOVED_AT_ONCE at most, and note the highest of their
        revisions as forgotten, in one transaction. Returns how many."""
        old = self.filter(deleted_at__lt=timezone.now() - KEPT)
        ids = [*old.order_by("deleted_at").values_list("pk", flat=True)[:REMOVED_AT_ONCE]]
        if not ids:
            return 0
        with transaction.atomic():
            going = old.filter(pk__in=ids)
            highest = going.aggregate(highest=Max("revision"))["highest"] or 0
            Revision.objects.filter(forgotten__lt=highest).update(forgotten=highest)
            return going.delete()[0]


class Tombstone(models.Model):
    """A deleted row: its kind and id, the revision that deleted it, and, if it was joined with
    another row, that row's id. That row may have a tombstone itself by now."""

    kind = models.CharField(max_length=16, choices=TombstoneKind.choices)
    row_id = models.PositiveBigIntegerField()
    revision = models.PositiveBigIntegerField()
    replaced_by = models.PositiveBigIntegerField(null=True, blank=True)
    deleted_at = models.DateTimeField(default=timezone.now)

    objects = TombstoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "row_id"], name="tombstone_unique_row")
        ]
        indexes = [
            models.Index(fields=["revision"], name="tombstone_revision"),
            models.Index(fields=["deleted_at"], name="tombstone_deleted_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"
