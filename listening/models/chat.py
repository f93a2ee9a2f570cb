"""What users write to all others by Subsonic clients."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class ChatMessage(models.Model):
    """A message; the last 500 are kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField()
    written_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.text[:50]
