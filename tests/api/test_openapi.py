"""The OpenAPI document: whole, and true. Every operation in it is asked without login and without
CSRF token, so that none can be forgotten."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver

from api.application import document
from api.urls import operation_urls
from tests.api.library import ROOT, error, get

READS = {"get", "head"}
ANSWERED_BEFORE_DJANGO = ("/stream", "/lyrics", ".webp", "/events/track-updates", "/healthz")
REFERENCE = "#/components/schemas/"


def operations(*, only_api: bool = True) -> Iterator[tuple[str, str]]:
    for path, methods in document()["paths"].items():
        if not only_api or not path.endswith(ANSWERED_BEFORE_DJANGO):
            for method in methods:
                yield method, path


def url_of(path: str) -> str:
    return re.sub(r"\{\w+\}", "1", path)


def ask(client: Client, method: str, path: str) -> Any:
    return client.generic(method.upper(), url_of(path), b"{}", "application/json")


def test_it_is_served_to_who_is_logged_in(api: Client) -> None:
    assert get(api, "openapi.json") == json.loads(json.dumps(document()))
    error(Client().get(f"{ROOT}openapi.json"), 401, "not_logged_in")


def test_it_names_every_path_that_is_served() -> None:
    known = {path for _, path in operations()}
    patterns = [str(each.pattern) for each in operation_urls]
    served = {ROOT + each.replace("<", "{").replace(">", "}") for each in patterns}
    assert served == known
    assert len(served) > 50


@pytest.mark.parametrize(
    "path",
    [
        f"{ROOT}tracks/{{track_id}}/stream",
        f"{ROOT}tracks/{{track_id}}/lyrics",
        f"{ROOT}tracks/{{track_id}}/covers/{{size}}.webp",
        f"{ROOT}events/track-updates",
        "/healthz",
    ],
)
def test_it_names_what_is_answered_before_django(path: str) -> None:
    assert "200" in document()["paths"][path]["get"]["responses"]


def test_the_health_check_is_where_it_says() -> None:
    assert get_resolver().resolve("/healthz").url_name == "health"


@pytest.mark.parametrize(("method", "path"), list(operations()))
@pytest.mark.django_db
def test_nothing_is_answered_without_a_login(method: str, path: str) -> None:
    response = ask(Client(enforce_csrf_checks=True), method, path)
    error(response, 401, "not_logged_in")


@pytest.mark.parametrize(("method", "path"), list(operations()))
@pytest.mark.django_db
def test_nothing_is_answered_for_a_wrong_key_although_a_session_would_do(
    method: str, path: str
) -> None:
    client = Client(headers={"Authorization": f"Bearer mus-{'A' * 43}"})
    client.force_login(User.objects.create_superuser("root"))
    error(ask(client, method, path), 401, "invalid_key")


@pytest.mark.parametrize(
    ("method", "path"), [each for each in operations() if each[0] not in READS]
)
@pytest.mark.django_db
def test_nothing_is_changed_without_a_token(method: str, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))
    error(ask(client, method, path), 403, "csrf_failed")


def test_there_are_changes_to_refuse() -> None:
    assert len([method for method, _ in operations() if method not in READS]) >= 7


FOR_SESSIONS_ALONE = {
    ("post", "keys"),
    ("post", "app-passwords"),
    ("get", "app-passwords/{app_id}"),
    ("post", "app-passwords/{app_id}/restore"),
}
"""Whoever has a key or an app password can make or see no further one."""


def is_of_api(path: str) -> bool:
    return not path.endswith(ANSWERED_BEFORE_DJANGO)


def has_values_to_refuse(operation: dict[str, Any]) -> bool:
    """Whether a value may be of a wrong type: any text is a string, but not any is a number."""
    schemas = [each["schema"] for each in operation.get("parameters", [])]
    return "requestBody" in operation or any(
        each.get("type") != "string" or "enum" in each or "pattern" in each for each in schemas
    )


@pytest.mark.parametrize(("method", "path"), list(operations(only_api=False)))
def test_each_operation_says_who_may_ask_and_how_it_fails(method: str, path: str) -> None:
    operation = document()["paths"][path][method]
    if path == "/healthz":
        assert "security" not in operation
        return
    schemes = document()["components"]["securitySchemes"]
    ways = [schemes[name] for each in operation["security"] for name in each]
    assert ways[0]["in"] == "cookie"
    takes_keys = (method, path.removeprefix(ROOT)) not in FOR_SESSIONS_ALONE
    assert [each["scheme"] for each in ways[1:]] == ["bearer"] * takes_keys
    responses = {str(status): answer for status, answer in operation["responses"].items()}
    assert "401" in responses
    assert ("403" in responses) or method in READS
    assert ("422" in responses) or not has_values_to_refuse(operation) or not is_of_api(path)
    for status, answer in responses.items():
        if status >= "400":
            schema = answer["content"]["application/json"]["schema"]
            assert schema == {"$ref": f"{REFERENCE}ErrorBody"}


def test_its_references_lead_somewhere_and_its_operations_have_names_of_their_own() -> None:
    text = json.dumps(document())
    for name in text.split(f'"$ref": "{REFERENCE}')[1:]:
        assert name.split('"')[0] in document()["components"]["schemas"]
    names = [document()["paths"][path][method]["operationId"] for method, path in
             operations(only_api=False)]  # fmt: skip
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and not name.startswith("library") for name in names)


def test_a_body_and_its_types_are_described() -> None:
    body = document()["paths"][f"{ROOT}player/state"]["post"]["requestBody"]
    assert body["content"].keys() == {
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    }
    volume = body["content"]["application/json"]["schema"]["properties"]["volume_level"]
    assert (volume["minimum"], volume["maximum"]) == (0, 1)
