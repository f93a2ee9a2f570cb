"""What all users listen to at the moment: in their apps (`listening.now_playing`) and in their
browsers (`listening.devices`)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from library.models.catalogue import Track
from listening.devices import AWAY_SECONDS, POSITION
from listening.kinds import among, living
from listening.models import Device, NowPlaying
from listening.now_playing import State, is_out_of_date, position_at

MOST_SHOWN = 500


@dataclass(frozen=True, kw_only=True)
class Playing:
    """`player_id`: a number of the app or browser. `told_at`: when it last said something.
    `position_s`: where it should be by now; None, as `state`, if it says only what it plays."""

    player_id: int
    player: str
    username: str
    track_id: int
    told_at: datetime
    state: str = ""
    position_s: float | None = None
    rate: float = 1.0


def playing() -> list[Playing]:
    """The latest first, at most MOST_SHOWN; only of users who are active."""
    now = timezone.now()
    found = [*_in_apps(now), *_in_browsers(now)]
    found.sort(key=lambda each: (each.told_at, each.player_id), reverse=True)
    return found[:MOST_SHOWN]


def _in_apps(now: datetime) -> Iterator[Playing]:
    rows = NowPlaying.objects.filter(user__is_active=True).exclude(state=State.STOPPED)
    newest = [*rows.select_related("user").order_by("-reported_at", "-pk")[:MOST_SHOWN]]
    durations = _durations({row.track_id for row in newest})
    for row in newest:
        duration_s = durations.get(row.track_id, 0.0)
        if is_out_of_date(row, duration_s, now):
            continue
        yield Playing(
            player_id=2 * row.pk,
            player=row.client,
            username=row.user.get_username(),
            track_id=row.track_id,
            told_at=row.reported_at,
            state=row.state,
            position_s=position_at(row, duration_s, now) if row.state else None,
            rate=row.rate,
        )


def _in_browsers(now: datetime) -> Iterator[Playing]:
    there = now - timedelta(seconds=AWAY_SECONDS)
    devices = Device.objects.filter(user__is_active=True, is_playing=True, last_seen_at__gt=there)
    rows = [*devices.select_related("user").order_by("-last_seen_at", "-pk")[:MOST_SHOWN]]
    tracks = living("track", {row.state["track_id"] for row in rows if row.state.get("track_id")})
    durations = _durations({*tracks.values()})
    for row in rows:
        track_id = tracks.get(row.state.get("track_id") or 0)
        if track_id is None:
            continue
        passed_s = now.timestamp() - row.state.get("at", row.last_seen_at.timestamp())
        yield Playing(
            player_id=2 * row.pk + 1,
            player=row.name,
            username=row.user.get_username(),
            track_id=track_id,
            told_at=row.last_seen_at,
            state=State.PLAYING,
            position_s=min(
                row.state.get(POSITION, 0.0) + max(passed_s, 0.0), durations.get(track_id, 0.0)
            ),
        )


def _durations(track_ids: Collection[int]) -> dict[int, float]:
    tracks = Track.objects.filter(among("pk", track_ids)).order_by()
    return dict(tracks.values_list("pk", "duration_s"))
