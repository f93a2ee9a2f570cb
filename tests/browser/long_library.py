"""A library of 100,000 tracks, 10,000 albums and 5,000 artists, written in a second."""

from django.db import connection
from django.db.models.expressions import DatabaseDefault

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.genres import Genre, Label
from tests.web.library_rows import make_scan, make_track

TRACKS = 100_000
TRACKS_OF_AN_ALBUM = 10
TRACKS_OF_AN_ARTIST = 20
COMPOSERS = 3
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"


def fill_long_library() -> None:
    """Track 41 is `title000041`, by `artist00002`, number 1 on `album00004`. Albums with an even
    number have two discs, tracks of the others are `Jazz`. The artists up to `artist00002`
    composed their tracks, and their albums are on the label `Long Records`."""
    make_scan(seen=TRACKS)
    _make_groups()
    _copy(Artist, Artist(), TRACKS // TRACKS_OF_AN_ARTIST, **_keyed(_named("artist", "n", 5)))
    _copy(Album, Album(), TRACKS // TRACKS_OF_AN_ALBUM, **_album())
    template = make_track(genre="Rock", duration_s=200)
    _copy(Track, template, TRACKS, **_track())
    template.delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO library_trackartist (track_id, artist_id, role, position) "
            "SELECT id, CAST(substr(artist, 7) AS INTEGER) + 1, 'artist', 0 FROM library_track"
        )
        cursor.execute(
            "INSERT INTO library_trackartist (track_id, artist_id, role, position) "
            "SELECT track_id, artist_id, 'composer', 0 FROM library_trackartist "
            "WHERE artist_id <= %s",
            [COMPOSERS],
        )
        cursor.execute(
            "INSERT INTO library_trackgenre (track_id, genre_id, position) "
            "SELECT t.id, g.id, 0 FROM library_track AS t JOIN library_genre AS g ON g.name = genre"
        )
        cursor.execute(
            "INSERT INTO library_albumlabel (album_id, label_id, position) "
            "SELECT id, %s, 0 FROM library_album WHERE id <= %s",
            [_make_groups(), COMPOSERS * TRACKS_OF_AN_ARTIST // TRACKS_OF_AN_ALBUM],
        )


def _make_groups() -> int:
    """The genres and the label. Returns the label's id."""
    for name in ("Rock", "Jazz"):
        Genre.objects.get_or_create(key=name.lower(), name=name, sort_key=name.lower())
    name = "Long Records"
    return Label.objects.get_or_create(key=name.lower(), name=name, sort_key=name.lower())[0].pk


def _named(word: str, number: str, digits: int) -> str:
    return f"printf('{word}%%0{digits}d', {number})"


def _keyed(name: str) -> dict[str, str]:
    names = ("key", "name", "name_key", "sort_name", "sort_key", "search_text")
    return {"id": "n + 1", **dict.fromkeys(names, name)}


def _album() -> dict[str, str]:
    title = _named("album", "n", 5)
    artist = _named("artist", f"n * {TRACKS_OF_AN_ALBUM} / {TRACKS_OF_AN_ARTIST}", 5)
    return {
        "id": "n + 1",
        **dict.fromkeys(("key", "title", "title_key"), title),
        **dict.fromkeys(("album_artist", "artist_key"), artist),
        **dict.fromkeys(("year", "first_year"), "1950 + n %% 70"),
        "first_date": "CAST(1950 + n %% 70 AS TEXT)",
        "search_text": f"{title} || ' ' || {artist}",
        "genres": """CASE WHEN n %% 2 THEN '["Jazz"]' ELSE '["Rock"]' END""",
        "track_count": f"{TRACKS_OF_AN_ALBUM}",
        "duration_s": f"{TRACKS_OF_AN_ALBUM * 200}",
        "first_added_at": "'2026-01-01 00:00:00'",
    }


def _track() -> dict[str, str]:
    title = _named("title", "n", 6)
    album = _named("album", f"n / {TRACKS_OF_AN_ALBUM}", 5)
    artist = _named("artist", f"n / {TRACKS_OF_AN_ARTIST}", 5)
    is_odd = f"n / {TRACKS_OF_AN_ALBUM} %% 2"
    return {
        "path": f"{title} || '.flac'",
        **dict.fromkeys(("title", "title_key"), title),
        **dict.fromkeys(("artist", "artist_key"), artist),
        **dict.fromkeys(("album_title", "album_key"), album),
        "album_id": f"n / {TRACKS_OF_AN_ALBUM} + 1",
        **dict.fromkeys(("year", "first_year"), "1950 + n %% 70"),
        "track_number": f"n %% {TRACKS_OF_AN_ALBUM}",
        "disc_number": f"CASE WHEN {is_odd} THEN NULL ELSE 1 + n %% {TRACKS_OF_AN_ALBUM} / 5 END",
        "genre": f"CASE WHEN {is_odd} THEN 'Jazz' ELSE 'Rock' END",
        "genres": f"""CASE WHEN {is_odd} THEN '["Jazz"]' ELSE '["Rock"]' END""",
        "search_text": f"{title} || ' ' || {artist} || ' ' || {album}",
    }


def _copy(
    model: type[Track | Album | Artist],
    template: Track | Album | Artist,
    number: int,
    **expressions: str,
) -> None:
    """`number` rows like `template`, but for the columns in `expressions`, in which `n` counts."""
    left_to_the_database = {
        field.column
        for field in model._meta.concrete_fields
        if isinstance(getattr(template, field.attname), DatabaseDefault) or field.primary_key
    } - expressions.keys()
    columns = [str(field.column) for field in model._meta.concrete_fields]
    columns = [column for column in columns if column not in left_to_the_database]
    values, parameters = [], [number - 1]
    for field in model._meta.concrete_fields:
        if field.column in expressions:
            values.append(expressions[field.column])
        elif field.column in columns:
            values.append("%s")
            value = getattr(template, field.attname)
            parameters.append(field.get_db_prep_save(value, connection))
    statement = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "  # noqa: S608 (own names)
        f"{NUMBERS} SELECT {', '.join(values)} FROM numbers"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
