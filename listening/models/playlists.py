"""Playlists, their entries, and the folders that users sort them into."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.roles import first_administrator
from library.models.keys import KeyField
from library.models.paths import PathField
from listening.models.targets import OfTrack, exactly_one


class Sharing(models.TextChoices):
    """What the other users may do with a playlist."""

    PRIVATE = "private", "nothing: only the owner sees it"
    READ = "read", "see and play it"
    WRITE = "write", "see, play and change it"


class SourceState(models.TextChoices):
    """What a playlist made of a file in a music folder has to do with that file."""

    FOLLOWS = "follows", "follows its file"
    GONE = "gone", "the file is gone"
    DETACHED = "detached", "does not follow its file any more"


def hand_over_or_delete(collector: Any, field: Any, playlists: Any, using: Any) -> None:
    """Where the user of playlists is deleted, those that follow files become the first
    administrator's, so that they stay the playlists that others know. All others go as well."""
    going = {user.pk for user in collector.data.get(field.related_model, ())}
    follows = models.Q(source_state__in=(SourceState.FOLLOWS, SourceState.GONE))
    heir = first_administrator(without=going)
    if heir is None:
        follows = models.Q(pk__in=())
    else:
        collector.add_field_update(field, heir, playlists.filter(follows))
    models.CASCADE(collector, field, playlists.exclude(follows), using)


class PlaylistFolder(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="+")
    name = models.TextField()
    name_key = KeyField(blank=True)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["name_key", "id"]

    def __str__(self) -> str:
        return self.name


class Playlist(models.Model):
    """A list of tracks that a user made, or a rule that finds them.

    `rules`: of a smart playlist, see `listening.smart`; null for one with entries. `version` rises
    with each change of the name, the entries or anything else that is shown. `entry_count` and
    `duration_s` are those of the entries, kept with each change. `deleted_at`: the owner deleted
    it; it is kept for a while, so that this can be undone.

    `source_root`, `source_path`: the file in a music folder that it follows; empty for others.
    `source_key` identifies these two; it is empty for a detached one. `source_mtime_ns`,
    `source_size_bytes`, `source_digest`: of that file when it was read.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, hand_over_or_delete, related_name="+")
    # Deleting a folder moves its playlists out of it first.
    folder = models.ForeignKey(
        PlaylistFolder, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.TextField()
    name_key = KeyField(blank=True)
    search_text = models.TextField(blank=True)
    description = models.TextField(blank=True)
    sharing = models.CharField(max_length=7, choices=Sharing.choices, default=Sharing.PRIVATE)
    rules = models.JSONField(null=True, blank=True)
    entry_count = models.PositiveIntegerField(default=0)
    duration_s = models.FloatField(default=0)
    version = models.PositiveBigIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    source_root = PathField(blank=True)
    source_path = PathField(blank=True)
    source_key = models.CharField(max_length=32, blank=True)
    source_mtime_ns = models.BigIntegerField(default=0)
    source_size_bytes = models.BigIntegerField(default=0)
    source_digest = models.CharField(max_length=32, blank=True)
    source_state = models.CharField(max_length=8, choices=SourceState.choices, blank=True)

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_key"],
                condition=~models.Q(source_key=""),
                name="playlist_unique_source",
            ),
        ]
        indexes = [
            models.Index(fields=["sharing", "name_key"], name="playlist_of_sharing"),
        ]

    def __str__(self) -> str:
        return self.name


class PlaylistEntry(OfTrack):
    """A place in a playlist. Entries are ordered by `place`; between two entries there is room for
    others, so that moving one changes one row. `removed_at`: it was taken out of the playlist; the
    row is kept with its place for a while, so that this can be undone."""

    playlist = models.ForeignKey(Playlist, models.CASCADE, related_name="entries", db_index=False)
    place = models.BigIntegerField()
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "playlist entries"
        ordering = ["place", "id"]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(("track", "lost")), name="playlist_entry_of_one"
            ),
        ]
        indexes = [
            models.Index(
                # The track, so that a whole playlist is read without looking up its rows.
                fields=["playlist", "place", "id", "track"],
                condition=models.Q(removed_at__isnull=True),
                name="playlist_entry_place",
            ),
            models.Index(
                fields=["removed_at"],
                condition=models.Q(removed_at__isnull=False),
                name="playlist_entry_removed",
            ),
            models.Index(fields=["track"], name="playlist_entry_of_track"),
            models.Index(
                fields=["lost"],
                condition=models.Q(lost__isnull=False),
                name="playlist_entry_of_lost",
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"
