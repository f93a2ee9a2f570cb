"""Adds the plain ASGI endpoints and the health check, unknown to django-ninja, to the OpenAPI
document."""

from typing import Any

from django.conf import settings

from library.covers.size import BY_NAME

ROOT = "/api/v1/"

_ERROR = {"$ref": "#/components/schemas/ErrorBody"}
_WITH_KEY: dict[str, list[str]] = {"ApiKey": []}
_LOGIN: list[dict[str, list[str]]] = [{"LoggedIn": []}, _WITH_KEY]
_KEY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "mus-…",
    "description": "An API key, which its user makes on the page API keys, or an app password of "
    "the page Apps. Needs no CSRF token.",
}
_WITHOUT_KEYS = "SessionOnly"
"""The scheme of operations that take no key."""
_TRACK_ID = {
    "name": "track_id",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1},
}
_REASONS = {
    304: "Not Modified",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    416: "Range Not Satisfiable",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """`document`, as django-ninja generates it, with the paths and the API keys that django-ninja
    does not know."""
    paths = {path: _with_keys(each) for path, each in document["paths"].items()}
    components = document.get("components", {})
    schemes = {**components.get("securitySchemes", {}), "ApiKey": _KEY_SCHEME}
    components = {**components, "securitySchemes": schemes}
    whole = {**document, "paths": {**paths, **_other_paths()}, "components": components}
    if settings.BASE_PATH != "/":  # the paths are relative to the server's URL
        whole["servers"] = [{"url": settings.BASE_PATH.removesuffix("/")}]
    return whole


def _with_keys(operations: dict[str, Any]) -> dict[str, Any]:
    """The operations of a path; a key is an alternative to a session where it is enough."""
    return {
        method: operation
        if _WITHOUT_KEYS in operation["security"][0]
        else {**operation, "security": [*operation["security"], _WITH_KEY]}
        for method, operation in operations.items()
    }


def _errors(*statuses: int) -> dict[str, Any]:
    content = {"application/json": {"schema": _ERROR}}
    return {str(each): {"description": _REASONS[each], "content": content} for each in statuses}


def _header(name: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": description,
    }


def _file(media_type: str, description: str) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": {}}}}


def _other_paths() -> dict[str, Any]:
    return {
        f"{ROOT}tracks/{{track_id}}/stream": _read_paths(_stream()),
        **{
            f"{ROOT}{kind}s/{{{kind}_id}}/covers/{{size}}.webp": _read_paths(_cover(kind))
            for kind in ("track", "album", "artist", "folder")
        },
        f"{ROOT}tracks/{{track_id}}/lyrics": _read_paths(_lyrics()),
        f"{ROOT}events/track-updates": {"get": _events()},
        "/healthz": {"get": _health()},
    }


def _read_paths(operation: dict[str, Any]) -> dict[str, Any]:
    """The operation as GET, and as HEAD, which answers the same without a body."""
    head = {**operation, "operationId": f"{operation['operationId']}_head"}
    return {"get": operation, "head": head}


def _stream() -> dict[str, Any]:
    return {
        "operationId": "stream_track",
        "summary": "Stream a track",
        "description": "The audio file, unchanged. Ranges work as RFC 9110, section 14, says.",
        "tags": ["tracks"],
        "security": _LOGIN,
        "parameters": [
            _TRACK_ID,
            _header("Range", "Which bytes; several ranges are answered as multipart/byteranges."),
            _header("If-Range", "An ETag or a date: the whole file if it has changed since."),
            _header("If-None-Match", "An ETag: 304 if the file is still the same."),
        ],
        "responses": {
            "200": _file("audio/*", "The file."),
            "206": _file("audio/*", "The ranges."),
            "304": {"description": _REASONS[304]},
            **_errors(400, 401, 404, 405, 416),
        },
    }


def _cover(kind: str) -> dict[str, Any]:
    name, size = f"{kind}_id", {"type": "string", "enum": list(BY_NAME)}
    return {
        "operationId": "get_cover" if kind == "track" else f"get_{kind}_cover",
        "summary": "Get a cover" if kind == "track" else f"Get the cover of one of the {kind}s",
        "description": "A number is the edge of a square in pixels; `small` is 160. `original` has "
        "the picture's own size, up to 3,000 pixels. No picture is scaled up: a square may be "
        f"smaller. With `v`, the `cover_id` of the {kind}, the response may be cached for ever. If "
        "the picture is damaged, the next one that can be shown is, and may be cached only if it "
        "is revalidated.",
        "tags": [f"{kind}s"],
        "security": _LOGIN,
        "parameters": [
            {**_TRACK_ID, "name": name},
            {"name": "size", "in": "path", "required": True, "schema": size},
            {"name": "v", "in": "query", "required": False, "schema": {"type": "string"}},
            _header("If-None-Match", "An ETag: 304 if the picture is still the same."),
        ],
        "responses": {
            "200": _file("image/webp", "The picture."),
            "304": {"description": _REASONS[304]},
            **_errors(400, 401, 404, 405),
        },
    }


def _list_of_lyrics() -> dict[str, Any]:
    line = {
        "type": "object",
        "required": ["text", "start_s"],
        "properties": {
            "text": {"type": "string"},
            "start_s": {"type": ["number", "null"], "description": "null if not synced."},
        },
    }
    lyrics = {
        "type": "object",
        "required": ["kind", "language", "source", "lines"],
        "properties": {
            "kind": {"type": "string", "enum": ["synced", "plain"]},
            "language": {"type": "string", "description": "Empty if nothing says."},
            "source": {"type": "string", "enum": ["embedded", "file"]},
            "lines": {"type": "array", "items": line},
        },
    }
    return {
        "type": "object",
        "required": ["lyrics"],
        "properties": {"lyrics": {"type": "array", "items": lyrics}},
    }


def _lyrics() -> dict[str, Any]:
    return {
        "operationId": "get_lyrics",
        "summary": "Get lyrics",
        "description": "All lyrics of a track, in its tags and in a file beside it (`.lrc` or "
        "`.txt`); synced ones come first. The list is empty if there are none.",
        "tags": ["tracks"],
        "security": _LOGIN,
        "parameters": [
            _TRACK_ID,
            _header("If-None-Match", "An ETag: 304 if no scan found others since."),
        ],
        "responses": {
            "200": {
                "description": "The lyrics.",
                "content": {"application/json": {"schema": _list_of_lyrics()}},
            },
            "304": {"description": _REASONS[304]},
            **_errors(401, 404, 405, 503),
        },
    }


def _events() -> dict[str, Any]:
    return {
        "operationId": "listen",
        "summary": "Listen for changes",
        "description": "Server-sent events: one summary for each scan that has ended. Its data is "
        "a JSON object with `message_to_show`, `message_level`, `action_key` and `action_payload`.",
        "tags": ["events"],
        "security": _LOGIN,
        "parameters": [
            _header("Last-Event-ID", "The last event received; events missed since come first."),
            {
                "name": "last_event_id",
                "in": "query",
                "required": False,
                "schema": {"type": "string"},
                "description": "The same, for scripts in browsers, which cannot set that header.",
            },
        ],
        "responses": {
            "200": _file("text/event-stream", "Events, until either side ends the stream."),
            **_errors(400, 401, 405),
        },
    }


def _health() -> dict[str, Any]:
    words = {"type": "string", "enum": ["ok", "unreachable", "none"]}
    report = {
        "type": "object",
        "required": ["status", "version", "database", "channel_layer", "disk"],
        "properties": {
            "status": {"type": "string", "enum": ["ok", "degraded", "failing"]},
            "version": {"type": "string"},
            "database": words,
            "channel_layer": words,
            "disk": {"type": "string", "enum": ["ok", "full", "unreachable"]},
        },
    }
    content = {"application/json": {"schema": report}}
    return {
        "operationId": "get_health",
        "summary": "Check the server's health",
        "description": "For monitoring; needs no login. An unreachable channel layer only delays "
        "events, and with a full disk music still plays. Both are no failure: the status is "
        "`degraded`.",
        "tags": ["about"],
        "responses": {
            "200": {"description": "The server works.", "content": content},
            "503": {"description": "The database cannot be used.", "content": content},
        },
    }
