"""Last.fm's protocol, Audioscrobbler 2.0, which Libre.fm speaks too.

https://www.last.fm/api/scrobbling, https://www.last.fm/api/webauth
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from listening.models import OutboxItem, OutboxKind
from listening.scrobbling.calls import Answer, call, shown
from listening.scrobbling.outcomes import (
    AnswerLost,
    CannotAsk,
    Failure,
    NotTaken,
    Refused,
    SecretRefused,
)
from listening.scrobbling.protocol import Facts, Identity, Told, Verdict, second_of

SHORTEST_S = 30.0
OLDEST = timedelta(days=14)
MOST_TOLD = 200
MOST_PAGES = 20
DAY_IS_FULL_PAUSE_S = 3600.0

_IGNORED = {
    1: "It ignores this artist.",
    2: "It ignores this track.",
    3: "It was played too long ago.",
    4: "Its time is in the future.",
}
_DAY_IS_FULL = 5
_NEEDS_OTHER_SECRET = {4, 9, 14, 15}
"""Numbers of errors: authentication failed, session not valid, token not authorized, expired."""
_IS_PRIVATE = 17
_LATER = {8, 11, 16}
"""The operation failed, the service is offline or not available."""
_TOO_MANY = 29
_SETUP_IS_WRONG = {10, 13, 26}
"""The key of this server is not valid, or its secret, or it was suspended."""


@dataclass(frozen=True)
class Application:
    """`address`: of the API. `key` and `secret`: those of mus at the service, not the user's."""

    address: str
    key: str
    secret: str


class Audioscrobbler:
    """`session`: the user's session key. `token`: which becomes one, while the user connects."""

    most_at_once = 50
    is_idempotent = False

    def __init__(
        self, application: Application, session: str = "", name: str = "", token: str = ""
    ) -> None:
        self._application = application
        self._session = session
        self._name = name
        self._token = token
        self.pause_s = 0.0

    def identify(self) -> Identity:
        answer = self._call("auth.getSession", token=self._token)
        session = answer.get("session")
        if not isinstance(session, dict) or not session.get("key"):
            raise AnswerLost("Its answer is not understood.")
        return Identity(shown(session.get("name", "")), str(session["key"]))

    def why_not(self, item: OutboxItem, now: datetime) -> str:
        if not (item.facts.get("title") and item.facts.get("artist")):
            return "The file has no title or no artist."
        if item.kind != OutboxKind.LISTEN:
            return ""
        if item.facts.get("duration_s", SHORTEST_S) < SHORTEST_S:
            return "Tracks of less than 30 seconds are not taken."
        if item.started_at and now - item.started_at > OLDEST:
            return "It was played more than 14 days ago."
        return ""

    def tell(self, items: Sequence[OutboxItem]) -> list[Verdict]:
        parameters: dict[str, str] = {}
        for place, item in enumerate(items):
            parameters |= {f"{name}[{place}]": text for name, text in _play(item).items()}
        scrobbles = self._call("track.scrobble", signed=True, **parameters).get("scrobbles")
        told = scrobbles.get("scrobble") if isinstance(scrobbles, dict) else None
        listed = told if isinstance(told, list) else [told]
        found = [each for each in listed if isinstance(each, dict)]
        if len(found) != len(items):
            raise AnswerLost("Its answer is not understood.")
        return [_verdict(each) for each in found]

    def told(self, first: int, last: int) -> list[Told]:
        found: list[Told] = []
        for page in range(1, MOST_PAGES + 1):
            tracks, pages = self._page(first, last, page)
            found += tracks
            if page >= pages:
                return found
        raise CannotAsk("It has too many plays of that time.")

    def love(self, facts: Facts, *, loved: bool) -> None:
        method = "track.love" if loved else "track.unlove"
        self._call(method, signed=True, artist=facts["artist"], track=facts["title"])

    def now_playing(self, facts: Facts) -> None:
        self._call("track.updateNowPlaying", signed=True, **_track(facts))

    def _page(self, first: int, last: int, page: int) -> tuple[list[Told], int]:
        """The plays of one page, and how many pages there are."""
        answer = self._call(
            "user.getRecentTracks",
            signed=True,
            user=self._name,
            limit=str(MOST_TOLD),
            page=str(page),
            **{"from": str(first - 1), "to": str(last + 1)},
        )
        recent = answer.get("recenttracks")
        if not isinstance(recent, dict):
            raise AnswerLost("Its answer is not understood.")
        tracks = recent.get("track", [])
        listed = tracks if isinstance(tracks, list) else [tracks]
        found = [told for told in map(_told, listed) if told and first <= told.second <= last]
        return found, _whole(_attributes(recent).get("totalPages"))

    def _call(self, method: str, *, signed: bool = False, **parameters: str) -> dict[str, Any]:
        """The JSON object that the service answers."""
        sent = {"method": method, "api_key": self._application.key, **parameters}
        if signed:
            sent["sk"] = self._session
        sent["api_sig"] = signature(sent, self._application.secret)
        sent["format"] = "json"  # not part of what is signed
        answer = call(
            "POST",
            self._application.address,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(sent).encode(),
        )
        if answer.fields.get("error") or answer.status != 200 or answer.data is None:  # noqa: PLR2004
            raise _failure(answer)
        return answer.fields


def signature(parameters: dict[str, str], secret: str) -> str:
    """The parameters in the order of their names, then the secret, as the protocol asks for."""
    text = "".join(f"{name}{value}" for name, value in sorted(parameters.items()))
    return hashlib.md5(f"{text}{secret}".encode()).hexdigest()  # noqa: S324  # the protocol's


def _play(item: OutboxItem) -> dict[str, str]:
    return {**_track(item.facts), "timestamp": str(second_of(item))}


def _track(facts: Facts) -> dict[str, str]:
    named = {
        "artist": facts.get("artist"),
        "track": facts.get("title"),
        "album": facts.get("album"),
        "albumArtist": facts.get("album_artist"),
        "trackNumber": facts.get("track_number"),
        "mbid": facts.get("recording_id"),
        "duration": round(facts.get("duration_s", 0)),
    }
    return {name: str(value) for name, value in named.items() if value}


def _verdict(scrobble: dict[str, Any]) -> Verdict:
    ignored = scrobble.get("ignoredMessage")
    code = _whole(ignored.get("code")) if isinstance(ignored, dict) else 0
    if not code or not isinstance(ignored, dict):
        return Verdict()
    said = shown(ignored.get("#text") or "")
    if code == _DAY_IS_FULL:
        return Verdict("It takes no more plays today.", is_for_now=True)
    return Verdict(_IGNORED.get(code) or (f"It says: {said}" if said else "It ignores this play."))


def _told(track: object) -> Told | None:
    """None for the track that plays at the moment, which has no date."""
    if not isinstance(track, dict) or not isinstance(track.get("date"), dict):
        return None
    artist = track.get("artist")
    name = artist.get("#text", artist.get("name")) if isinstance(artist, dict) else artist
    second = _whole(track["date"].get("uts"))
    return Told(second, str(name), str(track.get("name"))) if second else None


def _failure(answer: Answer) -> Failure:
    code = _whole(answer.fields.get("error"))
    message = answer.fields.get("message")
    said = f"It says: {shown(message)}" if message else f"It answers with status {answer.status}."
    if code in _NEEDS_OTHER_SECRET:
        return SecretRefused(said)
    if code == _TOO_MANY:
        return NotTaken("It has too many requests at the moment.", answer.retry_after_s)
    if code in _SETUP_IS_WRONG:
        return NotTaken(f"The administrator has to see to its key. {said}")
    if code == _IS_PRIVATE:
        return CannotAsk("It does not say which plays it has, since these are private.")
    if not code and 400 <= answer.status < 500:  # noqa: PLR2004
        return NotTaken(said)  # something before the service: this says nothing of what was sent
    if code in _LATER or not code:
        return AnswerLost(said, answer.retry_after_s)
    return Refused(said)


def _attributes(value: dict[str, Any]) -> dict[str, Any]:
    attributes = value.get("@attr")
    return attributes if isinstance(attributes, dict) else {}


def _whole(value: object) -> int:
    """The whole number that a service writes as a text or as a number; 0 if it is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0  # noqa: PLR2004
