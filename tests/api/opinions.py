"""Calls of `favourites` and `ratings`."""

import json
from typing import Any

from django.test import Client

from tests.api.library import ROOT


def send(client: Client, method: str, path: str, body: object = None) -> Any:
    """The response; `body` is sent as JSON."""
    data = b"" if body is None else json.dumps(body).encode()
    return client.generic(method, ROOT + path, data, content_type="application/json")


def sent(client: Client, method: str, path: str, body: object = None) -> Any:
    """The body of a response that has to be 200."""
    response = send(client, method, path, body)
    assert response.status_code == 200, response.content
    return response.json()
