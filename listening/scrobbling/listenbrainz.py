"""ListenBrainz's protocol, which Maloja, Koito and others speak too.

https://listenbrainz.readthedocs.io/en/latest/users/api/core.html
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

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
from runtime.version import VERSION

EARLIEST_SECOND = 1_033_430_400
"""October 2002, when the first scrobble was made: ListenBrainz takes none before."""
MOST_TOLD = 1000
MOST_PAGES = 20

_OK = 200
_UNAUTHORIZED = 401
_REFUSED = {400, 422}
_TOO_LARGE = 413
_NOT_THERE = {404, 405, 501}
_INFO = {
    "recording_id": "recording_mbid",
    "track_id": "track_mbid",
    "release_id": "release_mbid",
    "release_group_id": "release_group_mbid",
    "artist_ids": "artist_mbids",
    "track_number": "tracknumber",
    "album_artist": "release_artist_name",
}


class ListenBrainz:
    """`address`: of the API, without `/1`. `name`: the user's."""

    most_at_once = 100
    is_idempotent = True  # two listens of one user, second and recording are one

    def __init__(self, address: str, token: str, name: str = "") -> None:
        self._address = address
        self._token = token
        self._name = name
        self.pause_s = 0.0

    def identify(self) -> Identity:
        answer = self._call("GET", "validate-token")
        if not answer.fields.get("valid", answer.fields.get("user_name")):
            raise SecretRefused("The token is not valid.")
        return Identity(shown(answer.fields.get("user_name") or ""), self._token)

    def why_not(self, item: OutboxItem, now: datetime) -> str:  # noqa: ARG002
        if item.kind != OutboxKind.LISTEN:
            has_id = item.facts.get("recording_id")
            return "" if has_id else "The file has no MusicBrainz recording id."
        if not (item.facts.get("title") and item.facts.get("artist")):
            return "The file has no title or no artist."
        if second_of(item) < EARLIEST_SECOND:
            return "It was played before October 2002."
        return ""

    def tell(self, items: Sequence[OutboxItem]) -> list[Verdict]:
        payload = [
            {"listened_at": second_of(each), "track_metadata": _metadata(each.facts)}
            for each in items
        ]
        self._submit("single" if len(items) == 1 else "import", payload)
        return [Verdict() for _ in items]

    def told(self, first: int, last: int) -> list[Told]:
        found: list[Told] = []
        upto = last + 1
        for _ in range(MOST_PAGES):
            page = self._page(first, upto)
            found += page
            if len(page) < MOST_TOLD:
                return found
            upto = min(each.second for each in page)
        raise CannotAsk("It has too many plays of that time.")

    def love(self, facts: Facts, *, loved: bool) -> None:
        feedback = {"recording_mbid": facts["recording_id"], "score": 1 if loved else 0}
        answer = self._call("POST", "feedback/recording-feedback", feedback)
        if answer.status in _NOT_THERE:
            raise Refused("It takes no favourites.")
        _require_ok(answer)

    def now_playing(self, facts: Facts) -> None:
        self._submit("playing_now", [{"track_metadata": _metadata(facts)}])

    def _submit(self, kind: str, payload: list[dict[str, Any]]) -> None:
        answer = self._call("POST", "submit-listens", {"listen_type": kind, "payload": payload})
        _require_ok(answer)

    def _page(self, first: int, upto: int) -> list[Told]:
        """The newest plays of that time; `upto` is the first second after it."""
        times = {"min_ts": first - 1, "max_ts": upto, "count": MOST_TOLD}
        answer = self._call("GET", f"user/{quote(self._name, safe='')}/listens?{urlencode(times)}")
        payload = answer.fields.get("payload")
        listens = payload.get("listens") if isinstance(payload, dict) else None
        if answer.status == _OK and isinstance(listens, list):
            return [each for each in map(_told, listens) if each and first <= each.second < upto]
        if answer.status in _NOT_THERE or (answer.status in {_OK, *_REFUSED} and answer.fields):
            raise CannotAsk("It does not say which plays it has.")
        raise _failure(answer)

    def _call(self, method: str, path: str, value: object = None) -> Answer:
        """Raises SecretRefused if the service does not take the token."""
        headers = {"Authorization": f"Token {self._token}"}
        if value is not None:
            headers["Content-Type"] = "application/json"
        body = b"" if value is None else json.dumps(value).encode()
        answer = call(method, f"{self._address}/1/{path}", headers=headers, body=body)
        self.pause_s = 0.0 if answer.has_calls_left else answer.retry_after_s
        if answer.status == _UNAUTHORIZED:
            raise SecretRefused(_said(answer, "It does not take the token any more."))
        return answer


def _metadata(facts: Facts) -> dict[str, Any]:
    info = {name: facts[own] for own, name in _INFO.items() if own in facts}
    if "duration_s" in facts:
        info["duration_ms"] = round(facts["duration_s"] * 1000)
    info |= {"media_player": "mus", "submission_client": "mus"}
    info["submission_client_version"] = VERSION
    names = {
        "artist_name": facts.get("artist"),
        "track_name": facts.get("title"),
        "release_name": facts.get("album"),
    }
    return {**{name: text for name, text in names.items() if text}, "additional_info": info}


def _told(listen: object) -> Told | None:
    metadata = listen.get("track_metadata") if isinstance(listen, dict) else None
    if not (isinstance(listen, dict) and isinstance(metadata, dict)):
        return None
    second = listen.get("listened_at")
    artist, title = metadata.get("artist_name"), metadata.get("track_name")
    return Told(second, str(artist), str(title)) if isinstance(second, int) else None


def _require_ok(answer: Answer) -> None:
    # Some servers, such as older ones of multi-scrobbler, answer with the word alone.
    is_ok = answer.fields.get("status") == "ok" or answer.text.strip().lower() == b"ok"
    if answer.status != _OK or not is_ok:
        raise _failure(answer)


def _failure(answer: Answer) -> Failure:
    """What an answer means that is no success."""
    said = _said(answer, f"It answers with status {answer.status}.")
    if answer.status == _TOO_LARGE or (answer.status in _REFUSED and answer.fields):
        return Refused(said)
    if answer.status == _OK:
        # Maloja says with status 200 that it refuses something.
        has_error = bool(answer.fields.get("error"))
        return Refused(said) if has_error else AnswerLost("Its answer is not understood.")
    # A server that is overloaded or breaks may have taken what was sent before.
    return AnswerLost(said, answer.retry_after_s) if answer.status >= 500 else NotTaken(said)  # noqa: PLR2004


def _said(answer: Answer, otherwise: str) -> str:
    said = answer.fields.get("error") or answer.fields.get("message")
    return f"It says: {shown(said)}" if said else otherwise
