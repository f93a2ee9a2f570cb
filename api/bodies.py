"""Request bodies: the content types that an operation accepts, and their validation."""

from typing import Any, TypeVar, cast

import pydantic
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from pydantic import BaseModel
from pydantic_core import from_json

from api.errors import ApiError, invalid, problems_of
from asgi.body_limits import body_limit_bytes

JSON = "application/json"
TEXT = "text/plain"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

_FORMS = {URLENCODED, MULTIPART}
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field

Body = TypeVar("Body", bound=BaseModel)


def read_body(request: HttpRequest, model: type[Body], *types: str) -> Body:
    """Parse and validate the body. JSON must have the right types; texts in forms are converted.

    Raises ApiError: 415 if the content type is not among `types`, 400 if the body is malformed, 422
    for values that are not allowed.
    """
    content_type = request.content_type or ""
    if content_type not in types:
        raise ApiError(
            415,
            "unsupported_type",
            f"A body of type {content_type[:80] or 'unknown'!a} is not accepted here; "
            f"send {' or '.join(types)}.",
        )
    is_form = content_type in _FORMS
    values = _form_values(request) if is_form else _json_value(request)
    try:
        return model.model_validate(values, strict=not is_form)
    except pydantic.ValidationError as error:
        raise invalid(problems_of(error)) from None


def described(model: type[BaseModel], *types: str, required: bool = True) -> dict[str, Any]:
    """Describe such a body in the OpenAPI document: the `openapi_extra` of an operation."""
    schema = _without_references(model.model_json_schema())
    return {
        "requestBody": {
            "required": required,
            "content": {content_type: {"schema": schema} for content_type in types},
        }
    }


def _without_references(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema with each definition in the place where it is referred to: inside of the
    document, references would have to begin at its root."""
    definitions = schema.pop("$defs", {})

    def resolved(node: Any) -> Any:
        if isinstance(node, list):
            return [resolved(each) for each in node]
        if not isinstance(node, dict):
            return node
        rest = {name: resolved(value) for name, value in node.items() if name != "$ref"}
        if "$ref" not in node:
            return rest
        return resolved(definitions[node["$ref"].rpartition("/")[2]]) | rest

    return cast("dict[str, Any]", resolved(schema))


def _json_value(request: HttpRequest) -> Any:
    if len(request.body) > body_limit_bytes(request.path_info.encode()):
        raise RequestDataTooBig  # behind a server that does not look at the table itself
    try:
        return from_json(request.body, allow_inf_nan=False)
    except ValueError as error:
        raise ApiError(400, "malformed", f"The body is not valid JSON: {error}.") from None


def _form_values(request: HttpRequest) -> dict[str, Any]:
    """The fields of a form. An empty one becomes null, which a form cannot express otherwise."""
    return {name: value or None for name, value in request.POST.items() if name != _TOKEN}
