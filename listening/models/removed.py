"""What users took away again, for clients that keep a copy."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class RemovedItem(models.Model):
    """A favourite, rating, bookmark, playlist or folder of playlists that is gone.

    `what`: one of these. `kind` and `item_id`: of what it was, such as a track's id; of a playlist
    its own id. `number`: the user's change number that removed it. A row goes when the thing is
    made anew, and after 180 days.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    what = models.CharField(max_length=16)
    kind = models.CharField(max_length=6, blank=True)
    item_id = models.PositiveBigIntegerField()
    number = models.PositiveBigIntegerField()
    removed_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "what", "kind", "item_id"], name="removed_item_unique"
            ),
        ]
        indexes = [models.Index(fields=["user", "number"], name="removed_item_number")]

    def __str__(self) -> str:
        return f"{self.what} of {self.kind} {self.item_id}"
