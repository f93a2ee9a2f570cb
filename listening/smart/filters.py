"""Rules as a filter of lists of tracks. Equal states of a filter mean equal tracks."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.utils import timezone

from library.models.catalogue import Track
from library.queries.filters import IdFilter
from listening.changes import Area, state_of
from listening.smart.conditions import Asker, condition_of
from listening.smart.fields import FIELDS, Source
from listening.smart.rules import SmartRules

AREAS: Mapping[Source, Area] = {
    Source.FAVOURITE: Area.FAVOURITES,
    Source.RATING: Area.RATINGS,
    Source.PLAYS: Area.PLAYS,
    Source.PLAYLIST: Area.PLAYLISTS,
}


def present_hour() -> datetime:
    """The beginning of this hour."""
    return timezone.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def rules_filter(rules: SmartRules, user_id: int, hour: datetime) -> IdFilter:
    """The present tracks that fit the rules, as this user has them at this hour."""
    condition = condition_of(rules.group, Asker(user_id, hour))
    fitting = Track.objects.present().filter(condition).order_by().values("pk")
    own, time = _own_state(rules, user_id), _time_state(rules, hour)
    return IdFilter(f"rules {rules.as_text()} for {own}{time}", fitting)


def _own_state(rules: SmartRules, user_id: int) -> str:
    areas = {AREAS.get(FIELDS[rule.field].source) for rule in rules.group.rules()}
    known = sorted(each for each in areas if each is not None)
    return state_of(user_id, *known) if known else str(user_id)


def _time_state(rules: SmartRules, hour: datetime) -> str:
    asks = any(rule.operator in {"in_last", "not_in_last"} for rule in rules.group.rules())
    return f" at {hour:%Y%m%d%H}" if asks else ""
