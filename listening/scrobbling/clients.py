"""The client that speaks the protocol of an account."""

from django.conf import settings

from listening.models import ScrobbleAccount, ScrobbleService
from listening.scrobbling.audioscrobbler import Application, Audioscrobbler
from listening.scrobbling.listenbrainz import ListenBrainz
from listening.scrobbling.protocol import Client
from listening.scrobbling.secrets import decrypted
from listening.scrobbling.services import Service, service_of

LIBREFM_KEY = "9a1f1b5c3d2e4f60718293a4b5c6d7e8"
"""Libre.fm wants any 32 characters as the key and the secret of a program."""


class NotOffered(Exception):
    """This server does not offer the account's service any more."""


def client_of(account: ScrobbleAccount) -> Client:
    """Raises NotOffered, and SecretLost if the secret cannot be decrypted."""
    service = service_of(account)
    if service is None:
        raise NotOffered
    secret = decrypted(account.secret)
    if service.takes_token:
        return ListenBrainz(service.address, secret, account.name)
    if account.connected_at is None:
        return Audioscrobbler(application_of(service), token=secret)
    return Audioscrobbler(application_of(service), secret, account.name)


def application_of(service: Service) -> Application:
    if service.kind == ScrobbleService.LIBREFM:
        return Application(service.address, LIBREFM_KEY, LIBREFM_KEY)
    return Application(service.address, settings.LASTFM_API_KEY, settings.LASTFM_API_SECRET)
