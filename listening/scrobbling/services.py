"""Which services are offered, and their addresses."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from listening.models import ScrobbleAccount, ScrobbleService


@dataclass(frozen=True)
class Service:
    """A service that users can connect an account of. `url`: of its API; empty for the usual one,
    which `address` is then. `takes_token`: users paste a token; else they log in at the service and
    are sent back."""

    kind: ScrobbleService
    url: str
    address: str

    @property
    def takes_token(self) -> bool:
        return self.kind == ScrobbleService.LISTENBRAINZ

    @property
    def label(self) -> str:
        name = str(self.kind.label)
        return (
            gettext("%(name)s protocol at %(url)s") % {"name": name, "url": self.url}
            if self.url
            else name
        )


def offered() -> list[Service]:
    """Last.fm needs LASTFM_API_KEY and LASTFM_API_SECRET; SCROBBLE_URLS names further servers that
    speak ListenBrainz's protocol."""
    kinds = [each for each in ScrobbleService if each != ScrobbleService.LASTFM or _has_lastfm()]
    usual = [Service(each, "", settings.SCROBBLE_ADDRESSES[each.value]) for each in kinds]
    further = [
        Service(ScrobbleService.LISTENBRAINZ, url, url.rstrip("/"))
        for url in settings.SCROBBLE_URLS
    ]
    return [*usual, *further]


def find(kind: str, url: str = "") -> Service | None:
    """None if it is not offered."""
    return next((each for each in offered() if (each.kind, each.url) == (kind, url)), None)


def service_of(account: ScrobbleAccount) -> Service | None:
    """None if it is not offered any more."""
    return find(account.service, account.url)


def _has_lastfm() -> bool:
    return bool(settings.LASTFM_API_KEY and settings.LASTFM_API_SECRET)
