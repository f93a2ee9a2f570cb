"""Internet radio stations, which all users have in common."""

from django.db import models
from django.utils import timezone


class RadioStation(models.Model):
    """A station: an address of a stream that never ends."""

    name = models.CharField(max_length=200)
    stream_url = models.CharField(max_length=2000)
    home_page_url = models.CharField(max_length=2000, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name
