"""Rules as conditions of a query of tracks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import F, Q, QuerySet, Value

from library.models.albums import AlbumLabel
from library.models.catalogue import OWN_ROLES, TrackArtist, TrackGenre
from library.models.folding import identity_key, name_key, sort_key, words_of
from library.models.searched import phrase_condition, search_condition
from library.queries.groupings import genre_ids_like
from library.queries.prepared import IsAmong, ids_value
from listening.models import Favourite, PlayCount, PlaylistEntry, Rating, Sharing
from listening.smart.fields import FIELDS, FieldKind, SmartField, Source
from listening.smart.rules import Group, Rule
from listening.smart.texts import TEXT_LOOKUPS, text_condition

_NEGATED = {
    "is_not": "is",
    "not_contains": "contains",
    "not_in_last": "in_last",
    "not_in": "in",
    "not_matches": "matches",
}
_OWN_MODELS: Mapping[Source, Any] = {
    Source.FAVOURITE: Favourite,
    Source.RATING: Rating,
    Source.PLAYS: PlayCount,
}
_NULLABLE_NUMBERS = {"first_year", "year", "track_number", "disc_number", "bpm"}
_TEXT_OF_KEY = {"title_key": "title", "album_key": "album_title"}
_NUMBER_LOOKUPS = {"is": "exact", "greater_than": "gt", "less_than": "lt"}


@dataclass(frozen=True)
class Asker:
    """Whose favourites, ratings, plays and playlists the rules mean, and at what time."""

    user_id: int
    now: datetime


def condition_of(group: Group, asker: Asker) -> Q:
    """The condition that a track fits the rules."""
    parts = [
        condition_of(part, asker) if isinstance(part, Group) else _rule(part, asker)
        for part in group.parts
    ]
    return reduce(or_ if group.is_any else and_, parts)


@dataclass(frozen=True)
class _Asked:
    """What a rule without a negation asks for."""

    field: SmartField
    operator: str
    value: Any
    asker: Asker


def _rule(rule: Rule, asker: Asker) -> Q:
    positive = _NEGATED.get(rule.operator, rule.operator)
    condition = _positive(_Asked(FIELDS[rule.field], positive, rule.value, asker))
    return condition if positive == rule.operator else ~condition


def _positive(asked: _Asked) -> Q:
    if asked.field.source in _OWN_MODELS:
        return _own(asked)
    return _BY_SOURCE[asked.field.source](asked)


def _on_track(asked: _Asked) -> Q:
    if asked.field.kind is FieldKind.FLAG:
        return Q(**{asked.field.column: asked.value})
    if asked.operator == "is_missing":
        absent = _absent(asked.field)
        return absent if asked.value else ~absent
    if asked.field.kind is FieldKind.TEXT:
        text = _folded_title if asked.field.is_folded else text_condition
        return text(asked.field.column, asked.operator, asked.value)
    return _compared(asked)


def _absent(field: SmartField) -> Q:
    if field.column in _NULLABLE_NUMBERS:
        return Q(**{f"{field.column}__isnull": True})
    return Q(**{field.column: "" if field.kind is FieldKind.TEXT else 0})


def _folded_title(column: str, operator: str, value: str) -> Q:
    """The key in `column` has no leading article, the text as it is in the file has it."""
    key = sort_key(value) if operator == "is" else name_key(value)
    in_key = Q(**{f"{column}__{TEXT_LOOKUPS[operator][0]}": key})
    return in_key | text_condition(_TEXT_OF_KEY[column], operator, value)


def _compared(asked: _Asked) -> Q:
    """The condition of a number or a time in the field's column."""
    column, operator, value = asked.field.column, asked.operator, asked.value
    if asked.field.kind is FieldKind.DATE:
        first, last = _span(operator, value, asked.asker.now)
        if first is None and last is None:  # after the last day that there is
            return Q(pk__in=[])
        bounds = {"gte": first, "lt": last}
        return Q(**{f"{column}__{each}": at for each, at in bounds.items() if at is not None})
    if operator == "in_range":
        return Q(**{f"{column}__range": value})
    return Q(**{f"{column}__{_NUMBER_LOOKUPS[operator]}": value})


def _span(operator: str, value: Any, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when, and before when."""
    if operator == "in_last":
        return now - timedelta(days=value), None
    if operator == "in_range":
        return _begin(value[0]), _begin(value[1], days=1)
    if operator == "before":
        return None, _begin(value)
    return _begin(value, days=1), None


def _begin(day: str, days: int = 0) -> datetime | None:
    try:
        on = date.fromisoformat(day) + timedelta(days=days)
    except OverflowError:  # after the last day that there is
        return None
    return datetime.combine(on, time.min, UTC)


def _credit(asked: _Asked) -> Q:
    credits_ = TrackArtist.objects.filter(role=asked.field.column)
    if asked.operator == "is_missing":
        return ~_is_in(credits_) if asked.value else _is_in(credits_)
    lookup = TEXT_LOOKUPS[asked.operator][0]
    return _is_in(credits_.filter(**{f"artist__name_key__{lookup}": name_key(asked.value)}))


def _genre(asked: _Asked) -> Q:
    if asked.operator == "is_missing":
        return Q(genre="") if asked.value else ~Q(genre="")
    if asked.operator == "is":
        return _is_in(TrackGenre.objects.filter(genre__key=identity_key(asked.value)))
    like = _GenresLike(asked.value, TEXT_LOOKUPS[asked.operator][0])
    return _is_in(TrackGenre.objects.filter(IsAmong(F("genre"), like)))


class _GenresLike(Value):
    """The ids of `genre_ids_like`, which are asked for as SQL is written: conditions are also made
    for their state alone."""

    def __init__(self, text: str, how: str) -> None:
        super().__init__(None)
        self._asked = (text, how)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        ids = Value(ids_value(genre_ids_like(*self._asked)))
        return ids.as_sql(compiler, connection)


def _label(asked: _Asked) -> Q:
    labels = AlbumLabel.objects.all()
    if asked.operator != "is_missing":
        lookup = TEXT_LOOKUPS[asked.operator][0]
        labels = labels.filter(**{f"label__key__{lookup}": identity_key(asked.value)})
    has_one = Q(album__in=labels.order_by().values("album"))
    return ~has_one if asked.operator == "is_missing" and asked.value else has_one


def _is_in(rows: QuerySet[Any]) -> Q:
    return Q(pk__in=rows.order_by().values("track"))


def _playlist(asked: _Asked) -> Q:
    """Of playlists that the asker does not see nothing is found. Smart ones have no entries."""
    is_shared = ~Q(playlist__sharing=Sharing.PRIVATE) & Q(playlist__user__is_active=True)
    is_seen = Q(playlist__user=asked.asker.user_id) | is_shared
    entries = PlaylistEntry.objects.filter(
        is_seen,
        playlist=asked.value,
        playlist__deleted_at=None,
        removed_at=None,
        track__isnull=False,
    )
    return _is_in(entries)


def _search(asked: _Asked) -> Q:
    return words_condition(asked.value)


def words_condition(text: str) -> Q:
    """The condition that all words of a text, and its phrases in quotation marks, are in what a
    track, an album or an artist is searched by."""
    if not words_of(text):
        return Q(pk__in=[])
    return search_condition(text) & phrase_condition(text)


def _own(asked: _Asked) -> Q:
    """By the asker's favourites, ratings or plays. What has none counts as 0 stars and 0 plays."""
    every = _OWN_MODELS[asked.field.source].objects.filter(
        **{"user": asked.asker.user_id, f"{asked.field.of}__isnull": False}
    )
    if asked.field.kind is FieldKind.FLAG:
        return _of(asked.field, every) if asked.value else ~_of(asked.field, every)
    if asked.operator == "is_missing":
        having = every.filter(**{f"{asked.field.column}__isnull": False})
        return ~_of(asked.field, having) if asked.value else _of(asked.field, having)
    fitting = _of(asked.field, every.filter(_compared(asked)))
    if asked.field.kind is FieldKind.NUMBER and _fits_zero(asked.operator, asked.value):
        return fitting | ~_of(asked.field, every)
    return fitting


def _fits_zero(operator: str, value: Any) -> bool:
    fits: Mapping[str, Callable[[], bool]] = {
        "is": lambda: bool(value == 0),
        "greater_than": lambda: bool(value < 0),
        "less_than": lambda: bool(value > 0),
        "in_range": lambda: bool(value[0] <= 0 <= value[1]),
    }
    return fits[operator]()


def _of(field: SmartField, rows: QuerySet[Any]) -> Q:
    """The tracks that these rows belong to, or whose album or artist they belong to."""
    ids = rows.order_by().values(field.of)
    if field.of == "track":
        return Q(pk__in=ids)
    if field.of == "album":
        return Q(album__in=ids)
    return _is_in(TrackArtist.objects.filter(role__in=OWN_ROLES, artist__in=ids))


_BY_SOURCE: Mapping[Source, Callable[[_Asked], Q]] = {
    Source.TRACK: _on_track,
    Source.CREDIT: _credit,
    Source.GENRE: _genre,
    Source.LABEL: _label,
    Source.PLAYLIST: _playlist,
    Source.SEARCH: _search,
}
