"""Apps with a wrong password, which they send again and again. None may be let in."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from soak.subsonic.client import Client, Login, body_of, by_key, by_password, by_token, error_code
from soak.subsonic.library import WEB_PASSWORD, People

REFUSALS = frozenset({40, 41, 44})
OWNER, WITHOUT_ANY, NOBODY = "listener0", "guest", "nobody"
KINDS: dict[str, Callable[[People], Login]] = {
    "no password": lambda _: {"u": OWNER, "p": "enc:null"},
    "revoked, as key": lambda people: by_key(OWNER, people.revoked),
    "without app password": lambda _: by_token(WITHOUT_ANY, "guessed"),
    "revoked, as token": lambda people: by_token(OWNER, people.revoked),
    "revoked": lambda people: by_password(OWNER, people.revoked),
    "the account's password": lambda _: by_password(OWNER, WEB_PASSWORD),
    "another's password": lambda people: by_password(NOBODY, people.apps[-1].password),
}
REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ping", {}),
    ("getAlbumList2", {"type": "newest"}),
    ("search3", {"query": ""}),
    ("stream", {"id": "tr-1"}),
    ("getCoverArt", {"id": "tr-1"}),
    ("scrobble", {"id": "tr-1", "time": "1600000000000"}),
    ("star", {"id": "tr-1"}),
    ("download", {"id": "tr-1"}),
)


def wrong_logins(people: People, number: int) -> Iterator[tuple[str, Login]]:
    """The kinds in turn."""
    names = list(KINDS)
    for each in range(number):
        name = names[each % len(names)]
        yield name, KINDS[name](people)


async def intrude(client: Client, deadline: float, chance: random.Random) -> None:
    """Without any pause."""
    while time.monotonic() < deadline:
        endpoint, said = chance.choice(REQUESTS)
        response = await client.request(endpoint, kind="any, with a wrong login", **said)
        if response is None:
            continue
        body = body_of(response)
        code = error_code(body) if body else None
        client.answers.note(f"wrong login ({client.about}): {response.status_code}, error {code}")
        if code not in REFUSALS:
            client.answers.complain(
                f"a wrong login ({client.about}) got {response.status_code}: {endpoint}: "
                f"{response.text[:200]!r}"
            )
