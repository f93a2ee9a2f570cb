"""Logins at services: the user allows mus to use the account there, and is sent back with a token
(https://www.last.fm/api/webauth)."""

from urllib.parse import urlencode

from django.conf import settings

from listening.scrobbling.clients import application_of
from listening.scrobbling.services import Service


def login_address(service: Service, back: str) -> str:
    """Where to send the user. `back`: the address of mus to which the service sends the user with
    the parameter `token`."""
    address = settings.SCROBBLE_LOGIN_ADDRESSES[service.kind.value]
    return f"{address}?{urlencode({'api_key': application_of(service).key, 'cb': back})}"
