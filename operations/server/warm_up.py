"""Counts, right after the start of a server, what the first app that asks would wait for."""

import logging
import threading

from django.db import DatabaseError, connection

from accounts.models import AppPassword
from library.queries.discographies import discographies

logger = logging.getLogger(__name__)


def start_warm_up() -> None:
    """In a thread of its own, for apps alone: the player does not ask for this."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    try:
        if AppPassword.objects.exists():
            discographies()
    except DatabaseError as error:  # the first app counts it then
        logger.warning("What apps ask for first could not be counted in advance: %s", error)
    finally:
        connection.close()
