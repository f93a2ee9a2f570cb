"""The health check: whether this process, its database and its channel layer work."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from channels.layers import get_channel_layer
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from events.bell import is_layer_reachable
from events.faults import Faults
from library.api.answers import json_response
from library.version import VERSION

DATABASE_WITHIN_SECONDS = 2.0
LAYER_WITHIN_SECONDS = 1.0

OK = "ok"
DEGRADED = "degraded"
FAILING = "failing"
UNREACHABLE = "unreachable"
NONE = "none"

_faults = Faults(logging.getLogger(__name__), "The health check finds no database")
# Threads of its own: a database that hangs takes these, not those that answer requests.
_threads = ThreadPoolExecutor(2, thread_name_prefix="health")


@login_not_required
async def health(_: HttpRequest) -> HttpResponse:
    """200, or 503 where the database cannot be used. The channel layer only rings a bell that
    makes events quicker: without it everything works, and the status is `degraded`."""
    database, layer = await asyncio.gather(_look_at_database(), _look_at_layer())
    body = {
        "status": FAILING if database != OK else DEGRADED if layer == UNREACHABLE else OK,
        "version": VERSION,
        "database": database,
        "channel_layer": layer,
    }
    response = json_response(body, status=200 if database == OK else 503)
    response["Cache-Control"] = "no-store"
    return response


async def _look_at_database() -> str:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(DATABASE_WITHIN_SECONDS):
            await loop.run_in_executor(_threads, _query)
    except (DatabaseError, TimeoutError) as error:
        _faults.note(error)
        return UNREACHABLE
    _faults.are_over()
    return OK


def _query() -> None:
    """Over a connection of its own, so that a database which went away is noticed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM library_scan LIMIT 1")
    finally:
        connection.close()


async def _look_at_layer() -> str:
    if get_channel_layer() is None:
        return NONE
    return OK if await is_layer_reachable(LAYER_WITHIN_SECONDS) else UNREACHABLE
