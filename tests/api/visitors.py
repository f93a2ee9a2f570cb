"""Somebody who is logged in at a real server, with a session as the login page makes it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.web.served import ServedMus

TOKEN = "t" * 32

_LOG_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
flags = {{"is_staff": {is_administrator}, "is_superuser": {is_administrator}}}
user, _ = User.objects.get_or_create(username="visitor", defaults=flags)
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""


@dataclass
class Visitor:
    """A client with a session and a CSRF token, which it sends with each change."""

    served: ServedMus
    client: httpx.Client
    cookies: dict[str, str]

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.client.post(path, **options)

    def put_at_once(self, path: str, bodies: Sequence[object]) -> None:
        with ThreadPoolExecutor(len(bodies)) as threads:
            for response in threads.map(lambda body: self.client.put(path, json=body), bodies):
                assert response.status_code == 200, response.text


@contextmanager
def log_in(served: ServedMus, *, is_administrator: bool) -> Iterator[Visitor]:
    key = served.python(_LOG_IN.format(is_administrator=is_administrator)).split()[-1]
    cookies = {"sessionid": key, "csrftoken": TOKEN}
    headers = {"X-CSRFToken": TOKEN}
    with httpx.Client(base_url=served.url, cookies=cookies, headers=headers, timeout=60) as client:
        yield Visitor(served, client, cookies)
