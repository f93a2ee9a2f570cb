"""The health check: whether this process, its database and its channel layer work."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from channels.layers import get_channel_layer
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from library.api.answers import json_response
from library.version import VERSION

DATABASE_WITHIN_SECONDS = 2.0
LAYER_WITHIN_SECONDS = 1.0

OK = "ok"
UNREACHABLE = "unreachable"

logger = logging.getLogger(__name__)
# Threads of its own: a database that hangs takes these, not those that answer requests.
_threads = ThreadPoolExecutor(2, thread_name_prefix="health")


@login_not_required
async def health(_: HttpRequest) -> HttpResponse:
    """200, or 503 where the database cannot be used. The channel layer only rings a bell that
    makes events quicker: without it everything works."""
    database, layer = await asyncio.gather(_look_at_database(), _look_at_layer())
    is_well = database == OK
    body = {
        "status": OK if is_well else "failing",
        "version": VERSION,
        "database": database,
        "channel_layer": layer,
    }
    response = json_response(body, status=200 if is_well else 503)
    response["Cache-Control"] = "no-store"
    return response


async def _look_at_database() -> str:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(DATABASE_WITHIN_SECONDS):
            await loop.run_in_executor(_threads, _query)
    except (DatabaseError, TimeoutError) as error:
        logger.warning("The health check found no database: %s", error or "no answer in time")
        return UNREACHABLE
    return OK


def _query() -> None:
    """Over a connection of its own, so that a database which went away is noticed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM library_scan LIMIT 1")
    finally:
        connection.close()


async def _look_at_layer() -> str:
    layer = get_channel_layer()
    if layer is None:
        return "none"
    try:
        async with asyncio.timeout(LAYER_WITHIN_SECONDS):
            await layer.group_send("health", {"type": "health"})  # nobody is in this group
    except Exception as error:  # noqa: BLE001  # each layer has errors of its own
        logger.warning("The health check found no channel layer: %s", error or "no answer in time")
        return UNREACHABLE
    return OK
