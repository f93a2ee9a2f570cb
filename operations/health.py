"""The health check: whether this process, its database, its channel layer and its disk work."""

import asyncio
import logging
import shutil
from functools import partial

from channels.layers import get_channel_layer
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response
from django.views.decorators.csrf import csrf_exempt

from asgi.bounded_threads import BoundedThreads, TookTooLong, TooManyWaiting
from asgi.json_responses import error_response, json_response
from events.bell import is_layer_reachable
from runtime.faults import Faults
from runtime.version import VERSION

DATABASE_WITHIN_SECONDS = 2.0
DISK_WITHIN_SECONDS = 2.0
LAYER_WITHIN_SECONDS = 1.0
THREADS = 2

OK = "ok"
DEGRADED = "degraded"
FAILING = "failing"
UNREACHABLE = "unreachable"
NONE = "none"
METHODS = ("GET", "HEAD")
FULL = "full"
ALMOST_FULL_BYTES = 16 * 1024 * 1024
"""Less is not enough for a scan of a few thousand new files, or for a page of covers."""

_logger = logging.getLogger(__name__)
_faults = Faults(_logger, "The health check finds no database")
_disk_faults = Faults(_logger, "The health check finds no room on the disk of DATA_DIR")
# Threads of its own: a database that hangs takes these, not those that answer requests.
_threads = BoundedThreads("health", threads=THREADS, places=2 * THREADS)


@csrf_exempt  # it changes nothing: other methods are told which ones there are
@login_not_required
async def health(request: HttpRequest) -> HttpResponse:
    """200, or 503 where the database cannot be used. The channel layer only rings a bell that
    makes events quicker: without it everything works, and the status is `degraded`. So it is where
    the disk is full: what is there can be read and heard, and nothing new be written."""
    if request.method not in METHODS:
        return _not_allowed(request)
    database, layer, disk = await asyncio.gather(
        _look_at_database(), _look_at_layer(), _look_at_disk()
    )
    is_degraded = layer == UNREACHABLE or disk != OK
    body = {
        "status": FAILING if database != OK else DEGRADED if is_degraded else OK,
        "version": VERSION,
        "database": database,
        "channel_layer": layer,
        "disk": disk,
    }
    response = json_response(body, status=200 if database == OK else 503)
    response["Cache-Control"] = "no-store"
    if database != OK:  # what is wrong has been said, once; Django would tell of each answer
        said = "The health check answers 503."
        log_response(said, response=response, request=request, logger=_logger, level="debug")
    return response


def _not_allowed(request: HttpRequest) -> HttpResponse:
    allowed = ", ".join(METHODS)
    message = f"{request.method} is not possible here, only {allowed}."
    response = error_response(405, "method_not_allowed", message)
    response["Allow"] = allowed
    response["Cache-Control"] = "no-store"
    return response


async def _look_at_database() -> str:
    try:
        await _threads.run(DATABASE_WITHIN_SECONDS, _query)
    except (DatabaseError, TookTooLong, TooManyWaiting) as error:
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


async def _look_at_disk() -> str:
    look = partial(shutil.disk_usage, settings.DATA_DIR)
    try:
        usage = await _threads.run(DISK_WITHIN_SECONDS, look)
    except (OSError, TookTooLong, TooManyWaiting) as error:
        _disk_faults.note(error)
        return UNREACHABLE
    if usage.free < ALMOST_FULL_BYTES:
        _disk_faults.note(OSError(f"{usage.free:,} bytes are left in {settings.DATA_DIR}."))
        return FULL
    _disk_faults.are_over()
    return OK
