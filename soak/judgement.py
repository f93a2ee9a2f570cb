"""The checks at the end of the soak test, which must hold whatever was killed meanwhile."""

import asyncio
import sys
import time
from typing import Any

import psycopg

from soak.house import STANDSTILL, Disturbance, House
from soak.samples import Samples
from soak.visitors import Failure, Visitors

CALM_WITHIN_S = 120.0
HEARD_WITHIN_S = 20.0
GRACE_S = 2.0
"""Seconds that connections may need after a service is back."""
TRACKS = """
SELECT path, title, artist, size_bytes, mtime_ns, genre, duration_s, search_text
FROM library_track WHERE missing_since IS NULL ORDER BY path COLLATE "C"
"""
FAILURES = 'SELECT path, stage, reason FROM library_scanfailure ORDER BY path COLLATE "C"'
ARTISTS = """
SELECT DISTINCT track.path, artist.name, role, position FROM library_trackartist
JOIN library_artist artist ON artist.id = artist_id JOIN library_track track ON track.id = track_id
WHERE track.missing_since IS NULL ORDER BY 1, 3, 4
"""


async def judge(house: House, visitors: Visitors, samples: Samples) -> list[str]:
    """Run all checks and print their figures; returns a sentence for each failure."""
    await asyncio.sleep(3)  # a scan leaves files that changed within the last two seconds
    await asyncio.to_thread(scan_until_calm, house)
    return [
        *await _listeners(house, visitors),
        *await asyncio.to_thread(_same_as_fresh, house),
        *_ids(house, visitors),
        *failed_requests(house, visitors.failures),
        *_resources(samples),
        *tracebacks(house),
    ]


def scan_until_calm(house: House, *arguments: str) -> None:
    """Run a last scan by the command, as soon as no scan of a server runs."""
    deadline = time.monotonic() + CALM_WITHIN_S
    while time.monotonic() < deadline:
        try:
            house.manage("scan_tracks", "--quiet", *arguments)
        except RuntimeError as error:
            if "ended with 4" not in str(error):
                raise
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("there was no turn for a last scan")


async def _listeners(house: House, visitors: Visitors) -> list[str]:
    sql = "SELECT value FROM django_eventstream_eventcounter WHERE name = 'track-updates'"
    (newest,) = (await asyncio.to_thread(_query, house.environment["DATABASE_URL"], sql))[0]
    deadline = time.monotonic() + HEARD_WITHIN_S
    while time.monotonic() < deadline:
        connected = visitors.connected()
        late = [each for each in connected if each.last_id < newest]
        if not late and len(connected) >= len(visitors.listeners) // 2:
            break
        await asyncio.sleep(0.2)
    _say(f"{len(connected)} listeners are connected; all {newest} events were to be heard")
    if late:
        return [f"{len(late)} of {len(connected)} connected listeners missed event {newest}"]
    return [] if connected else ["no listener is connected"]


def _same_as_fresh(house: House) -> list[str]:
    """Compare the rows with those of a scan of the same files into an empty database."""
    fresh = {"DATABASE_URL": house.postgresql.create("fresh"), "SCAN_INTERVAL_SECONDS": "0"}
    house.manage("migrate", "--verbosity", "0", **fresh)
    house.manage("scan_tracks", "--quiet", **fresh)
    problems = []
    for what, sql in (("tracks", TRACKS), ("credits", ARTISTS), ("failures", FAILURES)):
        own = set(_query(house.environment["DATABASE_URL"], sql))
        wanted = set(_query(fresh["DATABASE_URL"], sql))
        if what != "failures":
            # A file that was damaged later keeps its track, which a fresh scan cannot know.
            damaged = {row[0] for row in _query(fresh["DATABASE_URL"], FAILURES)}
            own = {row for row in own if row[0] not in damaged}
        _say(f"{what}: {len(own)}, as a fresh scan finds them {len(wanted)}")
        if own != wanted:
            problems.append(f"{what} differ from a fresh scan: {sorted(own ^ wanted)[:4]}")
    return problems


def _ids(house: House, visitors: Visitors) -> list[str]:
    rows = _query(house.environment["DATABASE_URL"], "SELECT title, id FROM library_track")
    for title, track_id in rows:
        if title in visitors.first_ids:
            visitors.note(title, track_id)
    _say(f"ids of {len(visitors.first_ids)} files were watched")
    return [f"an id changed: {each}" for each in visitors.changed_ids[:5]]


def failed_requests(house: House, failures: list[Failure]) -> list[str]:
    longest = max(failures, key=lambda each: each.seconds, default=None)
    restarts = [each.seconds for each in house.disturbances if each.what != STANDSTILL]
    stood_still_s = sum(each.seconds for each in house.disturbances if each.what == STANDSTILL)
    _say(
        f"{len(failures)} requests failed"
        + (f", the longest after {longest.seconds:.1f} s ({longest.what})" if longest else "")
        + f"; the longest restart took {max(restarts, default=0.0):.1f} s, "
        f"and this machine stood still for {stood_still_s:.1f} s in all"
    )
    outside = [each for each in failures if not _is_excused(house, each)]
    return [f"{len(outside)} requests failed beside all restarts: {outside[:3]}"] if outside else []


def _is_excused(house: House, failure: Failure) -> bool:
    """Whether the request failed during a restart, and for no longer than the restart took."""
    met = [each for each in house.disturbances if _overlap(each, failure)]
    if any(each.what == STANDSTILL for each in met):
        return True  # the machine stood still, so the failure proves nothing
    return any(
        failure.seconds <= each.seconds + GRACE_S
        for each in met
        if each.what in ("PostgreSQL restarted", "a server killed")
    )


def _overlap(disturbance: Disturbance, failure: Failure) -> bool:
    is_after = failure.began > disturbance.ended + GRACE_S
    return disturbance.began <= failure.ended and not is_after


def _resources(samples: Samples) -> list[str]:
    _say(samples.as_text())
    return samples.problems()


def tracebacks(house: House) -> list[str]:
    """Expected faults are logged in one line, so a traceback in a log is a failure."""
    faults = sum(server.log().count("Traceback (most recent") for server in house.servers)
    return [f"{faults} tracebacks are in the logs of the servers"] if faults else []


def _query(url: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql.encode()).fetchall()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
