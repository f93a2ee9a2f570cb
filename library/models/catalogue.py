"""Tracks, and the albums and artists they belong to."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from library.models.folding import words_of
from library.models.indexes import OrderIndex, PostgresqlHashIndex, SqliteIndex
from library.models.keys import KeyField
from library.models.paths import PathField

PRESENT = Q(missing_since__isnull=True)
SEARCHED = ["search_text"]
"""What PostgreSQL's indexes of orders hold besides, so that a search is answered in any of them."""


class ArtistQuerySet(models.QuerySet["Artist"]):
    def listed(self) -> Self:
        """Artists with a present track of their own, or on an album of theirs."""
        named = TrackArtist.objects.filter(
            artist=OuterRef("pk"), role__in=OWN_ROLES, track__missing_since__isnull=True
        )
        return self.filter(Exists(named))

    def search(self, text: str) -> Self:
        """Artists in whose name, or name for sorting, each word of `text` is found, blind to case
        and accents."""
        artists = self
        for word in words_of(text):
            artists = artists.filter(Q(name_key__contains=word) | Q(sort_key__contains=word))
        return artists


class Artist(models.Model):
    """A name on tracks. Names that differ only in case are one artist."""

    key = KeyField(unique=True)
    name = models.TextField()
    name_key = KeyField(blank=True)
    sort_name = models.TextField(blank=True)
    sort_key = KeyField(db_index=True)
    musicbrainz_artist_id = models.CharField(max_length=36, blank=True)

    objects = ArtistQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name


class AlbumQuerySet(models.QuerySet["Album"]):
    def listed(self) -> Self:
        """Albums with a present track."""
        present = Track.objects.present().filter(album=OuterRef("pk"))
        return self.filter(Exists(present))

    def search(self, text: str) -> Self:
        """Albums in whose title or album artist each word of `text` is found, blind to case and
        accents."""
        albums = self
        for word in words_of(text):
            albums = albums.filter(Q(title_key__contains=word) | Q(artist_key__contains=word))
        return albums


class Album(models.Model):
    """Tracks that share a release id, else title and album artist, else title and folder.

    `key` says which of these, and its value; it is what makes two tracks one album.
    """

    key = KeyField(unique=True)
    title = models.TextField()
    title_key = KeyField(db_index=True)
    album_artist = models.TextField(blank=True)
    artist_key = KeyField(blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    musicbrainz_release_id = models.CharField(max_length=36, blank=True)
    compilation = models.BooleanField(default=False)
    cover_id = models.CharField(max_length=32, blank=True)

    objects = AlbumQuerySet.as_manager()

    class Meta:
        ordering = ["title_key"]

    def __str__(self) -> str:
        return self.title


def found_by(text: str) -> Q:
    """The condition of `TrackQuerySet.search`."""
    condition = Q()
    for word in words_of(text):
        condition &= Q(search_text__contains=word)
    return condition


class TrackQuerySet(models.QuerySet["Track"]):
    def present(self) -> Self:
        """Tracks whose file was there at the last scan."""
        return self.filter(PRESENT)

    def missing(self) -> Self:
        return self.exclude(PRESENT)

    def by_artist(self, artist_id: int) -> Self:
        """Tracks on which the artist is named as artist or album artist."""
        own = TrackArtist.objects.filter(artist=artist_id, role__in=OWN_ROLES)
        return self.filter(pk__in=own.values("track"))

    def search(self, text: str) -> Self:
        """Tracks in which each word of `text` is found, blind to case and accents, in the title,
        the artist, the album or the album artist."""
        return self.filter(found_by(text))


class Track(models.Model):
    """One audio file. The row outlives the file: see `missing_since`."""

    root = PathField()
    path = PathField(help_text="Relative to its root.")
    mtime_ns = models.BigIntegerField(help_text="0 where it could not be read.")
    size_bytes = models.BigIntegerField()
    device = models.BigIntegerField(default=0)
    inode = models.BigIntegerField(default=0)

    title = models.TextField()
    artist = models.TextField()
    artists = models.JSONField(default=list)
    album_title = models.TextField(blank=True)
    album_artist = models.TextField(blank=True)
    track_number = models.PositiveIntegerField(null=True, blank=True)
    track_total = models.PositiveIntegerField(null=True, blank=True)
    disc_number = models.PositiveIntegerField(null=True, blank=True)
    disc_total = models.PositiveIntegerField(null=True, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    genre = models.TextField(blank=True)
    composer = models.TextField(blank=True)
    compilation = models.BooleanField(default=False)
    musicbrainz_recording_id = models.CharField(max_length=36, blank=True)
    musicbrainz_release_id = models.CharField(max_length=36, blank=True)
    musicbrainz_artist_ids = models.JSONField(default=list)
    replaygain_track_gain_db = models.FloatField(null=True, blank=True)
    replaygain_track_peak = models.FloatField(null=True, blank=True)
    replaygain_album_gain_db = models.FloatField(null=True, blank=True)
    replaygain_album_peak = models.FloatField(null=True, blank=True)

    duration_s = models.FloatField(default=0)
    bitrate_kbps = models.PositiveIntegerField(default=0)
    sample_rate_hz = models.PositiveIntegerField(default=0)
    channels = models.PositiveSmallIntegerField(default=0)
    codec = models.CharField(max_length=16, blank=True)

    has_cover = models.BooleanField(default=False)
    cover_id = models.CharField(max_length=32, blank=True, help_text="What identifies the picture.")
    cover_file_name = PathField(blank=True, help_text="In the track's folder; empty: embedded.")

    # The index below that begins with the album serves its foreign key, too.
    album = models.ForeignKey(
        Album, models.SET_NULL, null=True, blank=True, related_name="tracks", db_index=False
    )
    contributors = models.ManyToManyField(Artist, through="TrackArtist", related_name="tracks")

    title_key = KeyField()
    artist_key = KeyField()
    album_key = KeyField(blank=True)
    search_text = models.TextField()

    added_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    missing_since = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveBigIntegerField(help_text="The scan that last changed this track.")

    objects = TrackQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["root", "path"], name="track_unique_path"),
            models.CheckConstraint(
                condition=Q(size_bytes__gte=0) & Q(duration_s__gte=0), name="track_ranges"
            ),
            models.CheckConstraint(
                condition=Q(has_cover=True) ^ Q(cover_id=""), name="track_cover_has_an_id"
            ),
        ]
        indexes = [
            models.Index(
                F("added_at").desc(),
                F("id").desc(),
                condition=PRESENT,
                include=SEARCHED,
                name="track_added",
            ),
            OrderIndex(
                fields=["title_key", "id"], condition=PRESENT, include=SEARCHED, name="track_title"
            ),
            OrderIndex(
                fields=["artist_key", "album_key", "disc_number", "track_number", "id"],
                condition=PRESENT,
                include=SEARCHED,
                name="track_artist",
            ),
            OrderIndex(
                fields=["album_key", "disc_number", "track_number", "id"],
                condition=PRESENT,
                include=SEARCHED,
                name="track_album",
            ),
            OrderIndex(
                fields=["year", "id"], condition=PRESENT, include=SEARCHED, name="track_year"
            ),
            OrderIndex(
                fields=["duration_s", "id"],
                condition=PRESENT,
                include=SEARCHED,
                name="track_duration",
            ),
            models.Index(fields=["revision"], name="track_revision"),
            models.Index(fields=["album", "missing_since", "duration_s"], name="track_of_album"),
            # A narrow copy of what lists are searched by, a tenth of the table. SQLite reads it
            # whole in 10 ms for 100,000 tracks. It begins with the id, so that new rows go to its
            # end, and holds `missing_since` because a partial index covers only what it contains.
            SqliteIndex(
                fields=["id", "search_text", "genre", "album", "missing_since"],
                condition=PRESENT,
                name="track_search",
            ),
            PostgresqlHashIndex(fields=["genre"], condition=PRESENT, name="track_genre"),
        ]

    def __str__(self) -> str:
        return self.title


class ArtistRole(models.TextChoices):
    ARTIST = "artist", "artist"
    ALBUM_ARTIST = "albumartist", "album artist"
    COMPOSER = "composer", "composer"


OWN_ROLES = (ArtistRole.ARTIST, ArtistRole.ALBUM_ARTIST)
"""Whose track it is; a composer's part does not make it one of theirs."""


class TrackArtist(models.Model):
    """An artist's part in a track; `position` keeps the order of the credit."""

    # The unique constraint below already is an index that begins with the track.
    track = models.ForeignKey(Track, models.CASCADE, related_name="track_artists", db_index=False)
    artist = models.ForeignKey(Artist, models.PROTECT, related_name="track_artists", db_index=False)
    role = models.CharField(max_length=12, choices=ArtistRole.choices)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["role", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["track", "role", "position"], name="track_artist_unique_position"
            ),
        ]
        indexes = [models.Index(fields=["artist", "role", "track"], name="credit_of_artist")]

    def __str__(self) -> str:
        return f"{self.artist} ({self.role})"
