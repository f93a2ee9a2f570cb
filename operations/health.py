"""`/healthz`, the health check of this process, its database, channel layer and disk."""

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
"""Below this, a scan of a few thousand new files or a page of new covers may not fit."""

_logger = logging.getLogger(__name__)
_faults = Faults(_logger, "The health check finds no database")
_disk_faults = Faults(_logger, "The health check finds no room on the disk of DATA_DIR")
# A separate pool: a database that hangs blocks these threads, not those that answer requests.
_threads = BoundedThreads("health", threads=THREADS, places=2 * THREADS)


@csrf_exempt  # changes nothing; a POST should get 405 rather than a CSRF error
@login_not_required
async def health(request: HttpRequest) -> HttpResponse:
    """Answer 200, or 503 if the database cannot be used.

    The status is `degraded`, with 200, without the channel layer (events arrive up to a second
    later) and with a full disk (everything can be read and heard, nothing new can be written).
    """
    if request.method not in METHODS:
        return _not_allowed(request)
    database, layer, disk = await asyncio.gather(_probe_database(), _probe_layer(), _probe_disk())
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
    if database != OK:  # the fault is logged once already; Django would log each 503
        line = "The health check answers 503."
        log_response(line, response=response, request=request, logger=_logger, level="debug")
    return response


def _not_allowed(request: HttpRequest) -> HttpResponse:
    allowed = ", ".join(METHODS)
    message = f"{request.method} is not possible here, only {allowed}."
    response = error_response(405, "method_not_allowed", message)
    response["Allow"] = allowed
    response["Cache-Control"] = "no-store"
    return response


async def _probe_database() -> str:
    try:
        await _threads.run(DATABASE_WITHIN_SECONDS, _query)
    except (DatabaseError, TookTooLong, TooManyWaiting) as error:
        _faults.note(error)
        return UNREACHABLE
    _faults.are_over()
    return OK


def _query() -> None:
    """Query over a new connection, so that a database that has gone away is noticed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM library_scan LIMIT 1")
    finally:
        connection.close()


async def _probe_layer() -> str:
    if get_channel_layer() is None:
        return NONE
    return OK if await is_layer_reachable(LAYER_WITHIN_SECONDS) else UNREACHABLE


async def _probe_disk() -> str:
    measure = partial(shutil.disk_usage, settings.DATA_DIR)
    try:
        usage = await _threads.run(DISK_WITHIN_SECONDS, measure)
    except (OSError, TookTooLong, TooManyWaiting) as error:
        _disk_faults.note(error)
        return UNREACHABLE
    if usage.free < ALMOST_FULL_BYTES:
        _disk_faults.note(OSError(f"{usage.free:,} bytes are left in {settings.DATA_DIR}."))
        return FULL
    _disk_faults.are_over()
    return OK
