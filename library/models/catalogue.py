"""The models of the catalogue: tracks and artists, and how they belong together. Albums: see
`library.models.albums`.

Only scans write these rows, and only purges delete them.
"""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.utils import timezone

from library.models.albums import Album, AlbumLabel
from library.models.folders import Folder
from library.models.folding import identity_key
from library.models.genres import Genre
from library.models.json_lists import Includes
from library.models.keys import KeyField
from library.models.paths import PathField
from library.models.searched import Sought, search_condition
from library.models.track_indexes import PRESENT, TRACK_INDEXES


class ArtistQuerySet(models.QuerySet["Artist"]):
    def listed(self) -> Self:
        """Artists who are the artist or the album artist of at least one present track."""
        return self.with_role(*OWN_ROLES)

    def composers(self) -> Self:
        """Artists who are the composer of at least one present track."""
        return self.with_role(ArtistRole.COMPOSER)

    def with_role(self, *roles: str) -> Self:
        """Artists who have one of these roles in at least one present track."""
        named = TrackArtist.objects.filter(
            artist=OuterRef("pk"), role__in=roles, track__missing_since__isnull=True
        )
        return self.filter(Exists(named))

    def search(self, text: str | Sought) -> Self:
        """Artists whose name or sort name contains every word of `text`; see
        `library.models.folding.plain` for what makes no difference."""
        return self.filter(search_condition(text))


class Artist(models.Model):
    """A person or group that tracks credit.

    `key` is the `identity_key` of the name: spellings of one name are one artist. Further artists
    of that name, who have other MusicBrainz ids, have a key of two lines: see `namesake_key`.
    `name_key` is the name in plain words, by which a search recognises a whole name.
    """

    key = KeyField(unique=True)
    name = models.TextField()
    name_key = KeyField(blank=True)
    sort_name = models.TextField(blank=True)
    sort_key = KeyField(db_index=True)
    musicbrainz_artist_id = models.CharField(max_length=36, blank=True)
    search_text = models.TextField(blank=True, db_default="")
    cover_id = models.CharField(
        max_length=32, blank=True, db_default="", help_text="What identifies the picture."
    )
    cover_folder = models.ForeignKey(
        Folder, models.SET_NULL, null=True, blank=True, related_name="pictured_artists"
    )
    cover_file_name = PathField(blank=True, db_default="", help_text="In `cover_folder`.")
    revision = models.PositiveBigIntegerField(
        default=0, db_default=0, help_text="The library's revision that last changed this row."
    )

    objects = ArtistQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        indexes = [models.Index(fields=["revision"], name="artist_revision")]

    def __str__(self) -> str:
        return self.name


def namesake_key(name_key: str, musicbrainz_artist_id: str) -> str:
    """The key of an artist whose name, with the key `name_key`, another artist has already. No
    `identity_key` of a name has a line break."""
    return f"{name_key}\n{musicbrainz_artist_id}"


def name_key_of(artist_key: str) -> str:
    """The `identity_key` of the artist's name."""
    return artist_key.partition("\n")[0]


class TrackQuerySet(models.QuerySet["Track"]):
    def present(self) -> Self:
        """Tracks whose file was there at the last scan."""
        return self.filter(PRESENT)

    def missing(self) -> Self:
        return self.exclude(PRESENT)

    def by_artist(self, artist_id: int) -> Self:
        """Tracks that name the artist with this id as artist or album artist."""
        own = TrackArtist.objects.filter(artist=artist_id, role__in=OWN_ROLES)
        return self.filter(pk__in=own.values("track"))

    def by_composer(self, artist_id: int) -> Self:
        """Tracks that name the artist with this id as composer."""
        composed = TrackArtist.objects.filter(artist=artist_id, role=ArtistRole.COMPOSER)
        return self.filter(pk__in=composed.values("track"))

    def of_genre(self, genre_id: int) -> Self:
        return self.filter(pk__in=TrackGenre.objects.filter(genre=genre_id).values("track"))

    def of_genre_named(self, name: str) -> Self:
        """Tracks that name this genre exactly so; of several genres, if they are given with `; `
        between them. An empty name: tracks without a genre."""
        names = [part for part in name.split("; ") if part]
        tracks = self if names else self.filter(genre="")
        for each in names:
            of_key = TrackGenre.objects.filter(genre__key=identity_key(each))
            tracks = tracks.filter(Includes("genres", Value(each)), pk__in=of_key.values("track"))
        return tracks

    def on_label(self, label_id: int) -> Self:
        """Tracks whose album is of the record label with this id."""
        return self.filter(album__in=AlbumLabel.objects.filter(label=label_id).values("album"))

    def search(self, text: str | Sought) -> Self:
        """Tracks where every word of `text` occurs in the title, artist, album, album artist,
        composer, a genre or the year; see `library.models.folding.plain`."""
        return self.filter(search_condition(text))


class Track(models.Model):
    """One audio file.

    The row stays when the file is gone: a scan then sets `missing_since`. Only a purge deletes it.
    """

    root = PathField()
    path = PathField(help_text="Relative to its root.")
    mtime_ns = models.BigIntegerField(help_text="0 where it could not be read.")
    size_bytes = models.BigIntegerField()
    device = models.BigIntegerField(default=0)
    inode = models.BigIntegerField(default=0)

    audio_digest = models.CharField(
        max_length=32, blank=True, db_default="", help_text="Identifies the sound."
    )
    read_with = models.CharField(
        max_length=32,
        blank=True,
        db_default="",
        help_text="The readers and settings it was read with.",
    )

    title = models.TextField()
    title_sort = models.TextField(blank=True, db_default="")
    artist = models.TextField()
    artist_sort = models.TextField(blank=True, db_default="")
    artists = models.JSONField(default=list)
    album_title = models.TextField(blank=True)
    album_sort = models.TextField(blank=True, db_default="")
    album_artist = models.TextField(blank=True)
    album_artist_sort = models.TextField(blank=True, db_default="")
    track_number = models.PositiveIntegerField(null=True, blank=True)
    track_total = models.PositiveIntegerField(null=True, blank=True)
    disc_number = models.PositiveIntegerField(null=True, blank=True)
    disc_total = models.PositiveIntegerField(null=True, blank=True)
    disc_subtitle = models.TextField(blank=True, db_default="")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    first_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of the original release; else `year`."
    )
    original_date = models.CharField(max_length=10, blank=True, db_default="")
    release_date = models.CharField(max_length=10, blank=True, db_default="")
    genre = models.TextField(blank=True)
    genres = models.JSONField(default=list, db_default=[], help_text="Names; see TrackGenre.")
    moods = models.JSONField(default=list, db_default=[])
    composer = models.TextField(blank=True)
    composer_sort = models.TextField(blank=True, db_default="")
    compilation = models.BooleanField(default=False)
    release_types = models.JSONField(default=list, db_default=[])
    edition = models.TextField(blank=True, db_default="")
    labels = models.JSONField(default=list, db_default=[])
    catalogue_number = models.TextField(blank=True, db_default="")
    bpm = models.FloatField(null=True, blank=True)
    comment = models.TextField(blank=True, db_default="")
    grouping = models.TextField(blank=True, db_default="")
    isrc = models.JSONField(default=list, db_default=[])
    work = models.TextField(blank=True, db_default="")
    movement = models.TextField(blank=True, db_default="")
    movement_number = models.PositiveIntegerField(null=True, blank=True)
    movement_total = models.PositiveIntegerField(null=True, blank=True)
    explicit_status = models.CharField(max_length=8, blank=True, db_default="")
    musicbrainz_recording_id = models.CharField(max_length=36, blank=True)
    musicbrainz_track_id = models.CharField(max_length=36, blank=True, db_default="")
    musicbrainz_release_id = models.CharField(max_length=36, blank=True)
    musicbrainz_release_group_id = models.CharField(max_length=36, blank=True, db_default="")
    musicbrainz_artist_ids = models.JSONField(default=list)
    replaygain_track_gain_db = models.FloatField(null=True, blank=True)
    replaygain_track_peak = models.FloatField(null=True, blank=True)
    replaygain_album_gain_db = models.FloatField(null=True, blank=True)
    replaygain_album_peak = models.FloatField(null=True, blank=True)

    duration_s = models.FloatField(default=0)
    bitrate_kbps = models.PositiveIntegerField(default=0)
    sample_rate_hz = models.PositiveIntegerField(default=0)
    bit_depth = models.PositiveSmallIntegerField(default=0, db_default=0)
    channels = models.PositiveSmallIntegerField(default=0)
    codec = models.CharField(max_length=16, blank=True)

    has_cover = models.BooleanField(default=False)
    cover_id = models.CharField(max_length=32, blank=True, help_text="What identifies the picture.")
    cover_file_name = PathField(blank=True, help_text="In the track's folder; empty: embedded.")

    lyrics_kind = models.CharField(max_length=6, blank=True, db_default="")
    lyrics_language = models.CharField(max_length=16, blank=True, db_default="")
    lyrics_id = models.CharField(
        max_length=32, blank=True, db_default="", help_text="What identifies the file of lyrics."
    )
    lyrics_file_name = PathField(
        blank=True, db_default="", help_text="In the track's folder; empty: embedded."
    )

    # No index of its own: the index `track_of_folder` begins with this column.
    folder = models.ForeignKey(
        Folder, models.SET_NULL, null=True, blank=True, related_name="tracks", db_index=False
    )
    # No index of its own: the index `track_of_album` begins with this column.
    album = models.ForeignKey(
        Album, models.SET_NULL, null=True, blank=True, related_name="tracks", db_index=False
    )
    album_by_hand = models.CharField(
        max_length=32,
        blank=True,
        db_default="",
        help_text="Tracks that a person joined share this; scans keep them on one album.",
    )
    contributors = models.ManyToManyField(Artist, through="TrackArtist", related_name="tracks")

    title_key = KeyField()
    artist_key = KeyField()
    album_key = KeyField(blank=True)
    search_text = models.TextField()

    added_at = models.DateTimeField(default=timezone.now)
    added_by_scan = models.PositiveBigIntegerField(
        default=0, db_default=0, help_text="The id of the scan that added it; 0 if it is not known."
    )
    updated_at = models.DateTimeField(default=timezone.now)
    missing_since = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveBigIntegerField(
        help_text="The library's revision that last changed this track."
    )

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
        indexes = TRACK_INDEXES

    def __str__(self) -> str:
        return self.title


class ArtistRole(models.TextChoices):
    ARTIST = "artist", "artist"
    ALBUM_ARTIST = "albumartist", "album artist"
    COMPOSER = "composer", "composer"
    CONDUCTOR = "conductor", "conductor"
    LYRICIST = "lyricist", "lyricist"
    ARRANGER = "arranger", "arranger"
    REMIXER = "remixer", "remixer"
    PRODUCER = "producer", "producer"
    PERFORMER = "performer", "performer"


OWN_ROLES = (ArtistRole.ARTIST, ArtistRole.ALBUM_ARTIST)
"""The roles that make a track count as the artist's own; being the composer does not."""


class TrackArtist(models.Model):
    """The role of an artist in a track; `position` is the artist's place in the credit."""

    # No index of its own: the unique constraint below creates one that begins with `track`.
    track = models.ForeignKey(Track, models.CASCADE, related_name="track_artists", db_index=False)
    artist = models.ForeignKey(Artist, models.PROTECT, related_name="track_artists", db_index=False)
    role = models.CharField(max_length=12, choices=ArtistRole.choices)
    position = models.PositiveSmallIntegerField()
    instrument = models.TextField(blank=True, db_default="", help_text="What a performer plays.")
    is_identified = models.BooleanField(
        default=False, db_default=False, help_text="The file states the artist's MusicBrainz id."
    )
    credited_as = models.TextField(  # noqa: DJ001  # both databases find NULL by a partial index
        null=True, blank=True, help_text="The name in the file, if spelled unlike the artist's."
    )

    class Meta:
        ordering = ["role", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["track", "role", "position"], name="track_artist_unique_position"
            ),
        ]
        indexes = [
            models.Index(fields=["artist", "role", "track"], name="credit_of_artist"),
            models.Index(
                fields=["artist"],
                condition=Q(credited_as__isnull=False),
                name="credit_spelled_otherwise",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.artist} ({self.role})"


class TrackGenre(models.Model):
    """A genre of a track; `position` is the genre's place in the file."""

    # No index of its own: the unique constraint below creates one that begins with `track`.
    track = models.ForeignKey(Track, models.CASCADE, related_name="track_genres", db_index=False)
    genre = models.ForeignKey(Genre, models.PROTECT, related_name="track_genres", db_index=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["track", "position"], name="track_genre_unique_position"
            ),
        ]
        indexes = [models.Index(fields=["genre", "track"], name="track_of_genre")]

    def __str__(self) -> str:
        return str(self.genre)
