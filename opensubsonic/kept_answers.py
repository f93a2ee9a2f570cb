"""Keeps whole answers that clients ask for at each start, as they were sent: written, compressed.

An answer is kept for one user, in one form, as long as neither the library nor what the answer
says of the user's own things has changed.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock

from library.queries.revision import last_change_at, library_revision
from listening.changes import Area, state_of
from listening.ratings import all_ratings_state
from opensubsonic.answers import Response, Wanted
from opensubsonic.call import Call

_SONGS = (Area.FAVOURITES, Area.RATINGS, Area.PLAYS, Area.BOOKMARKS)
KEPT: Mapping[str, tuple[Area, ...]] = {
    "getArtists": (Area.FAVOURITES, Area.RATINGS),
    "getGenres": (),
    "getIndexes": _SONGS,
    "getStarred": _SONGS,
    "getStarred2": _SONGS,
}
"""The endpoints whose answers are kept, and which of the user's things are in them."""
_PARAMETERS = ("musicFolderId", "ifModifiedSince")
"""Those that make a difference for these endpoints."""
MOST_ANSWERS = 128
MOST_BYTES = 32 << 20
_Key = tuple[object, ...]


def call_for_all_apps(name: str, call: Call) -> Call:
    """The call without what only this app of the user may be told. The addresses of pictures hold
    the login that the app sent (`image_addresses`): an answer that is kept goes to the user's other
    apps, too, and so has none."""
    return replace(call, base_address="") if name in KEPT else call


class KeptAnswers:
    """The answers of one process, the one that was asked for last at the end."""

    def __init__(self, most: int = MOST_ANSWERS, most_bytes: int = MOST_BYTES) -> None:
        self._answers: OrderedDict[_Key, tuple[str, Response]] = OrderedDict()
        self._size_bytes = 0
        self._most, self._most_bytes = most, most_bytes
        self._lock = Lock()

    def respond(
        self, name: str, call: Call, wanted: Wanted, make: Callable[[], Response]
    ) -> Response:
        """The response to this call: the kept one, or else that which `make` returns."""
        if name not in KEPT:
            return make()
        asked = tuple(call.parameters.text(each) for each in _PARAMETERS)
        key = (name, call.user_id, asked, wanted.format, wanted.accepts_gzip)
        state = _state(call, KEPT[name])  # before the answer is made, see `library_revision`
        kept = self._find(key, state)
        if kept is None:
            kept = make()
            self._keep(key, state, kept)
        return kept

    def forget(self) -> None:
        with self._lock:
            self._answers.clear()
            self._size_bytes = 0

    def _find(self, key: _Key, state: str) -> Response | None:
        with self._lock:
            known, response = self._answers.get(key, ("", None))
            if response is None or known != state:
                return None
            self._answers.move_to_end(key)
            return response

    def _keep(self, key: _Key, state: str, response: Response) -> None:
        with self._lock:
            self._drop(key)
            if len(response.content) > self._most_bytes:
                return  # else it would drive out all others, and be dropped itself
            self._answers[key] = (state, response)
            self._size_bytes += len(response.content)
            while len(self._answers) > self._most or self._size_bytes > self._most_bytes:
                self._drop(next(iter(self._answers)))

    def _drop(self, key: _Key) -> None:
        if key in self._answers:
            self._size_bytes -= len(self._answers.pop(key)[1].content)


def _state(call: Call, areas: tuple[Area, ...]) -> str:
    _, token = library_revision()
    own = state_of(call.user_id, *areas) if areas else ""
    of_all = all_ratings_state() if areas == _SONGS else ""  # songs have the mean of all ratings
    return f"{token} {last_change_at()} {own} {of_all}"


kept_answers = KeptAnswers()
