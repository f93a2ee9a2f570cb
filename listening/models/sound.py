"""How a user wants music to sound in the player."""

from django.conf import settings
from django.db import models


class Loudness(models.TextChoices):
    """By which ReplayGain the volume of tracks is made alike."""

    OFF = "off"
    TRACK = "track"
    ALBUM = "album"


class SoundChoice(models.Model):
    """What a user chose for all browsers; see `listening.sound`. Without a row, music sounds as its
    files have it. The database does not check `user`: a server of the version before, which still
    runs during an upgrade, deletes users without knowing of this table."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    loudness = models.CharField(max_length=5, choices=Loudness, default=Loudness.OFF)
    crossfade_s = models.PositiveSmallIntegerField(default=0, help_text="Seconds; 0: none.")

    class Meta:
        verbose_name = "sound of an account"
        verbose_name_plural = "sounds of accounts"

    def __str__(self) -> str:
        return f"loudness {self.loudness}, crossfade {self.crossfade_s} s"
