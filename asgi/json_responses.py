"""JSON responses for Django views."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from pydantic_core import to_json

from asgi.responses import error_json


def json_response(body: Any, status: int = 200) -> HttpResponse:
    """`body` as JSON. Lists pass rows as plain dicts: building a pydantic model for each row would
    take longer than the query."""
    return HttpResponse(
        to_json(body, inf_nan_mode="null"), status=status, content_type="application/json"
    )


def error_response(
    status: int, code: str, message: str, details: Mapping[str, Any] | None = None
) -> HttpResponse:
    """An error in the API's format, see `asgi.responses.error_json`; `details` are more fields."""
    if details:
        error = {"code": code, "message": message, **details}
        return json_response({"error": error}, status=status)
    return HttpResponse(error_json(code, message), status=status, content_type="application/json")
