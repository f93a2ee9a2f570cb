"""Tracks that scans found to be the same as another one, and joined with it."""

from typing import Self

from django.db import models
from django.utils import timezone

from library.models.paths import PathField, path_of_file, path_to_text
from library.models.scan import Scan
from library.models.tombstones import KEPT, REMOVED_AT_ONCE


class JoinReason(models.TextChoices):
    """Why two tracks became one. The labels follow "joined because"."""

    SAME_TAGS = "same tags", "one is a copy of the other with the same tags"
    WITHIN_A_DAY = "within a day", "one was copied less than a day before the other was deleted"
    REPLACED_FILE = (
        "replaced file",
        "the file of one replaced that of the other, with the same tags",
    )


class Ended(models.TextChoices):
    """What made two tracks of the one again, or ended that this is possible."""

    BY_HAND = "hand", "a person"
    BY_FILE = "file", "the file that came back"
    BY_PURGE = "purge", "a purge of the track"


class JoinQuerySet(models.QuerySet["Join"]):
    def live(self) -> Self:
        """Joins that have not ended."""
        return self.filter(ended_at=None)

    def remove_old(self) -> int:
        """Delete joins as old as tombstones that are not kept any more, REMOVED_AT_ONCE at most.
        Returns how many. Those that a person ended are kept: scans must not make them again."""
        old = self.filter(joined_at__lt=timezone.now() - KEPT).exclude(ended_by=Ended.BY_HAND)
        some = old.order_by("joined_at").values("pk")[:REMOVED_AT_ONCE]
        return self.filter(pk__in=some).delete()[0]


class Join(models.Model):
    """Two tracks that a scan joined.

    The track `track_id` goes on living, with the file that the track `replaced_id` had. That one
    has a tombstone. The ids are no foreign keys: the tracks may be purged since.

    `lost_...` is the file that `track_id` had before, and that is gone. If that file comes back,
    `replaced_id` lives again with it. Where the file of one was moved over that of the other, the
    older track goes on living, and the lost file may be that of `replaced_id`: then `replaced_path`
    is one that no file can have (`library.models.paths.path_aside`).

    `replaced_...` are what a scan cannot read from the file again. `followed`: what followers
    remember of the rows that pointed at `replaced_id`, by the follower's name, so that these can be
    given back when a person parts the two (`library.followers`).
    """

    scan = models.ForeignKey(Scan, models.SET_NULL, null=True, blank=True, related_name="joins")
    reason = models.CharField(max_length=16, choices=JoinReason.choices)
    track_id = models.PositiveBigIntegerField()
    replaced_id = models.PositiveBigIntegerField()
    audio_digest = models.CharField(max_length=32)

    lost_root = PathField()
    lost_path = PathField()
    lost_mtime_ns = models.BigIntegerField(default=0)
    lost_size_bytes = models.BigIntegerField(default=0)
    lost_title = models.TextField(blank=True)
    lost_artist = models.TextField(blank=True)

    replaced_path = PathField(help_text="In the same form as `lost_path`.")
    replaced_root = PathField()
    replaced_added_at = models.DateTimeField()
    replaced_added_by_scan = models.PositiveBigIntegerField(default=0)
    replaced_album_by_hand = models.CharField(max_length=32, blank=True)
    followed = models.JSONField(default=dict)

    joined_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="When the two became two again."
    )
    ended_by = models.CharField(
        max_length=8,
        blank=True,
        help_text="What parted them: a person (`hand`) or the file that came back (`file`).",
    )

    objects = JoinQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["audio_digest"], name="join_audio_digest"),
            models.Index(fields=["replaced_id"], name="join_replaced"),
            models.Index(fields=["joined_at"], name="join_joined_at"),
        ]

    def __str__(self) -> str:
        return (
            f"track {self.replaced_id} joined with {self.track_id}: {path_to_text(self.lost_path)}"
        )

    @property
    def is_of_lost_file(self) -> bool:
        """Whether the lost file was that of `replaced_id`, and `track_id` has its own."""
        path: str = self.replaced_path
        return path_of_file(path) != path
