"""Which artists lost credits to which others, so that a mended name can keep its row."""

from django.db import models

from library.models.catalogue import Artist


class Succession(models.Model):
    """Credits that once named `artist` name `successor` now: the files were changed, such as from
    `Bjork` to `Björk`.

    Batches of a scan write these rows in the transaction that changes the credits, so that they
    outlast a scan that is killed. An artist without any credit left is then one with its successor;
    see `library.scanning.successors`. `successor` is null if there were several: then they are not.
    `is_new`: the successor was new in the scan that first named it so.
    """

    artist = models.OneToOneField(Artist, models.CASCADE, related_name="succession")
    successor = models.ForeignKey(Artist, models.CASCADE, null=True, related_name="predecessions")
    is_new = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.artist_id} → {self.successor_id}"
