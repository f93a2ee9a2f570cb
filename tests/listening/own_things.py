"""Things that people make of tracks, a row in each table that has them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import models

from events.marks import raise_mark
from listening.models import (
    Bookmark,
    ChatMessage,
    Device,
    Favourite,
    LostItem,
    NowPlaying,
    OutboxItem,
    OutboxKind,
    Play,
    PlayCount,
    PlayerCommand,
    Playlist,
    PlaylistEntry,
    PlaylistFolder,
    PlayQueue,
    RadioStation,
    Rating,
    RemovedItem,
    ScrobbleAccount,
    Share,
    ShareItem,
    ShareVisit,
    SoundChoice,
)

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
OF_TRACKS: tuple[type[models.Model], ...] = (
    *(Favourite, Rating, Play, PlayCount, Bookmark, PlaylistEntry),
)


def make_things(user: User, track_ids: Iterable[int]) -> None:
    """Everything that a user can make of a track, for each of these tracks."""
    ids = list(track_ids)
    playlist, _ = Playlist.objects.get_or_create(user=user, name="Mine", defaults={"name_key": ""})
    of_user: Mapping[type[Any], Mapping[str, Any]] = {
        Favourite: {"user": user, "favourited_at": NOON},
        Rating: {"user": user, "stars": 4, "rated_at": NOON},
        PlayCount: {"user": user, "count": 3, "last_played_at": NOON},
        PlaylistEntry: {"playlist": playlist},
    }
    rows: list[models.Model] = []
    for place, pk in enumerate(ids):
        rows += [
            model(track_id=pk, **({"place": place} if model is PlaylistEntry else {}), **values)
            for model, values in of_user.items()
        ]
        started = NOON + timedelta(minutes=place)
        rows.append(Play(user=user, track_id=pk, started_at=started))
        rows.append(Bookmark(user=user, track_id=pk, position_s=place, changed_at=NOON))
    for model in OF_TRACKS:
        some: list[Any] = [row for row in rows if type(row) is model]
        models.QuerySet(model).filter().bulk_create(some)


def where(user: User) -> dict[str, list[int | None]]:
    """The tracks that the user's things belong to, in the order in which they were made; None for
    those that belong to none."""
    owners: dict[type[Any], str] = {PlaylistEntry: "playlist__user"}
    return {
        model.__name__: list(
            models.QuerySet(model)
            .filter(**{owners.get(model, "user"): user})
            .order_by("pk")
            .values_list("track_id", flat=True)
        )
        for model in OF_TRACKS
    }


def everywhere(*track_ids: int | None) -> dict[str, list[int | None]]:
    """What `where` returns if all things belong to these tracks."""
    return {model.__name__: list(track_ids) for model in OF_TRACKS}


def make_everything(user: User, track_ids: Iterable[int]) -> None:
    """A row at least in each table of `listening` and of marks, except that of the player."""
    make_things(user, track_ids)
    lost = LostItem.objects.create(title="Lost", match_key="lost")
    folder = PlaylistFolder.objects.create(user=user, name="Folder")
    Playlist.objects.update(folder=folder)
    Playlist.objects.create(user=user, name="Smart", rules={"all": []})
    Favourite.objects.create(user=user, lost=lost)
    device = Device.objects.create(user=user, key="key", name="Phone")
    PlayerCommand.objects.create(user=user, device=device, name="pause")
    PlayQueue.objects.create(user=user, entries="[1]", entry_count=1, changed_by=device)
    number = raise_mark(user.pk, "favourites")
    RemovedItem.objects.create(user=user, what="favourite", item_id=99, number=number)
    share = Share.objects.create(user=user, selector="aaaaaaaa", nonce="s3cret")
    ShareItem.objects.create(share=share, lost=lost)
    ShareVisit.objects.create(share=share, name="visit")
    SoundChoice.objects.create(user=user, loudness="album", crossfade_s=4)
    RadioStation.objects.create(name="Nightly", stream_url="https://radio.example.org/live")
    ChatMessage.objects.create(user=user, text="hello")
    NowPlaying.objects.create(user=user, client="phone", track_id=next(iter(track_ids)))
    account = ScrobbleAccount.objects.create(user=user, service="listenbrainz", secret="sealed")
    OutboxItem.objects.create(account=account, kind=OutboxKind.LISTEN, facts={"title": "A"})
