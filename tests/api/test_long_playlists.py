"""Changes and pages of long playlists, and changes at random by two clients."""

import random

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import Track
from listening.models import PlaylistEntry
from listening.playlists.editing import make as make_with
from tests.api.library import get
from tests.api.playlists import add, change, entry_ids, make, totals
from tests.web.library_rows import make_track, make_tracks

pytestmark = pytest.mark.django_db


def filled(listener: User, number: int) -> int:
    ids = [*Track.objects.order_by("pk").values_list("pk", flat=True)]
    repeated = (ids * (number // len(ids) + 1))[:number]
    return make_with(listener.pk, {"name": "Long"}, repeated)


def test_a_change_of_a_long_playlist_costs_as_many_queries_and_rows_as_of_a_short_one(
    api: Client, listener: User
) -> None:
    make_tracks(20)
    new = make_track().pk
    costs = []
    for number in (20, 20_000):
        playlist = filled(listener, number)
        with CaptureQueriesContext(connection) as asked:
            added = add(api, playlist, track_ids=[new])
            moved = change(api, playlist, "move", added["entry_ids"], before=entry(playlist, 3))
            change(api, playlist, "remove", moved["entry_ids"])
            change(api, playlist, "restore", moved["entry_ids"])
        costs.append((len(asked), _rows_looked_at(asked)))
        assert titles_at(api, playlist, 3) == Track.objects.get(pk=new).title
    assert costs[0] == costs[1]


def entry(playlist: int, number: int) -> int:
    entries = PlaylistEntry.objects.filter(playlist=playlist, removed_at=None)
    return entries.order_by("place")[number].pk


def titles_at(api: Client, playlist: int, offset: int) -> str:
    (row,) = get(api, f"playlists/{playlist}/entries?limit=1&offset={offset}")["results"]
    return str(row["track"]["title"])


def _rows_looked_at(asked: CaptureQueriesContext) -> int:
    """How often SQLite steps through a table or index without a condition that narrows it down."""
    if connection.vendor != "sqlite":
        return 0
    scans = 0
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            if query["sql"].split(maxsplit=1)[0] in {"SELECT", "UPDATE", "INSERT"}:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
                plan = " ".join(row[3] for row in cursor.fetchall())
                assert "SCAN listening_playlistentry" not in plan, query["sql"]
                scans += plan.count("SCAN ")
    return scans


@pytest.mark.parametrize("offset", [0, 9_990, 10_010, 19_995, 30_000])
def test_each_page_of_a_long_playlist_is_read_from_the_nearer_end(
    api: Client, listener: User, offset: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_tracks(7)
    playlist = filled(listener, 20_000)
    wanted = [*PlaylistEntry.objects.order_by("place").values_list("pk", flat=True)]
    with django_assert_num_queries(7 if offset < 20_000 else 4):
        page = get(api, f"playlists/{playlist}/entries?limit=10&offset={offset}")
    assert [row["entry_id"] for row in page["results"]] == wanted[offset : offset + 10]
    assert page["count"] == 20_000


def test_changes_at_random_by_two_clients_keep_what_each_of_them_meant(api: Client) -> None:
    """The second client never sees what the first one does until it reads the list again."""
    numbers = random.Random(20)
    playlist = make(api, titles=[f"T{number}" for number in range(30)])
    model = entry_ids(api, playlist)
    removed: list[int] = []
    for _ in range(60):
        how = numbers.choice(["move", "move", "remove", "restore", "add"])
        chosen = numbers.sample(model, min(len(model), numbers.randint(1, 3)))
        before = numbers.choice([*model, None])
        if how == "move":
            change(api, playlist, "move", chosen, before=before)
            model = _moved(model, chosen, before)
        elif how == "remove" and len(model) > 5:
            removed = change(api, playlist, "remove", chosen)["entry_ids"]
            kept = model
            model = [each for each in model if each not in chosen]
        elif how == "restore" and removed:
            change(api, playlist, "restore", removed)
            model, removed = kept, []
        elif how == "add":
            made = add(api, playlist, track_ids=[make_track().pk], before=before)["entry_ids"]
            model = _moved([*model, *made], made, before)
            removed = []
        if how != "restore":
            removed = removed if how == "remove" else []
        assert entry_ids(api, playlist) == model
    assert totals(api, playlist)[0] == len(model)


def _moved(model: list[int], chosen: list[int], before: int | None) -> list[int]:
    rest = [each for each in model if each not in chosen]
    place = len(rest)
    if before is not None:
        behind = model[model.index(before) :]
        place = next((rest.index(each) for each in behind if each in rest), len(rest))
    return [*rest[:place], *chosen, *rest[place:]]
