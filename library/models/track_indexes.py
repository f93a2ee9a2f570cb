"""The indexes of the table of tracks: one for each order of lists, and those for look-ups."""

from django.db import models
from django.db.models import F, Q

from library.models.indexes import OrderIndex, SqliteIndex

PRESENT = Q(missing_since__isnull=True)
SEARCHED = ["search_text"]
"""Extra columns in the indexes that lists are sorted by (INCLUDE in PostgreSQL; SQLite leaves them
out). PostgreSQL can then filter by a search while it walks such an index, without the table."""

TRACK_INDEXES: list[models.Index] = [
    models.Index(
        F("added_at").desc(),
        F("id").desc(),
        condition=PRESENT,
        include=SEARCHED,
        name="track_added",
    ),
    OrderIndex(fields=["title_key", "id"], condition=PRESENT, include=SEARCHED, name="track_title"),
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
    OrderIndex(fields=["first_year", "id"], condition=PRESENT, include=SEARCHED, name="track_year"),
    OrderIndex(
        fields=["duration_s", "id"],
        condition=PRESENT,
        include=SEARCHED,
        name="track_duration",
    ),
    models.Index(fields=["revision"], name="track_revision"),
    models.Index(fields=["album", "missing_since", "duration_s"], name="track_of_album"),
    models.Index(fields=["folder", "missing_since"], name="track_of_folder"),
    models.Index(fields=["read_with", "id"], condition=PRESENT, name="track_read_with"),
    models.Index(
        fields=["audio_digest"], condition=Q(audio_digest__gt=""), name="track_audio_digest"
    ),
    models.Index(fields=["album_by_hand"], condition=Q(album_by_hand__gt=""), name="track_by_hand"),
    # A covering index of the columns that lists filter by: a tenth of the table's size.
    # SQLite scans all of it in 10 ms for 100,000 tracks. The id comes first, so that new
    # rows are appended. `missing_since` is in it although the condition fixes its value:
    # without it SQLite would not take the index as covering.
    SqliteIndex(
        fields=["id", "search_text", "first_year", "album", "missing_since"],
        condition=PRESENT,
        name="track_search",
    ),
]
