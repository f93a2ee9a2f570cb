"""Turns every exception below /api/ into an error `{"error": {"code", "message"}}`."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import pydantic
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from accounts.authentication import token_of
from asgi import bearer, database_away
from asgi.database_away import DATABASE_IS_AWAY
from asgi.json_responses import error_response

logger = logging.getLogger(__name__)

PARAMETERS = "parameters"
"""The operations' argument that holds the query. Clients do not know it, so errors leave it out."""
UNKNOWN_PARAMETER = "unknown_parameter"

_LONGEST_SHOWN = 80
_TOLD_PROBLEMS = 5


class ErrorDetail(Schema):
    code: str = Field(description="Names the kind of error, for programs.")
    message: str = Field(description="What is wrong, and what to do about it.")


class ErrorBody(Schema):
    """The body of every error response."""

    error: ErrorDetail


class ApiError(Exception):
    """An operation refuses a request: HTTP status, a code in snake_case, a sentence for people, and
    details for programs."""

    def __init__(
        self, status: int, code: str, message: str, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.details = details or {}
        self.status = status
        self.code = code
        self.message = message


def not_found(message: str) -> ApiError:
    """404; the sentence says what is not there."""
    return ApiError(404, "not_found", message)


def invalid(message: str) -> ApiError:
    """422, for values that are not allowed."""
    return ApiError(422, "invalid", message)


def problems_of(error: pydantic.ValidationError) -> str:
    """A sentence for each invalid value: its name, what is allowed, and what was found."""
    found = error.errors(include_url=False)
    sentences = [_problem(each) for each in found[:_TOLD_PROBLEMS]]
    if len(found) > _TOLD_PROBLEMS:
        sentences.append(f"{len(found) - _TOLD_PROBLEMS} more are wrong.")
    return " ".join(sentences)


def answer_fault(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The response to an exception outside of an operation, in Django or its middleware."""
    answer = _unavailable if isinstance(error, DATABASE_IS_AWAY) else _fault
    return answer(request, error)


def handle_errors(api: NinjaAPI) -> None:
    """Register the responses to all exceptions that an operation may raise."""
    answers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        ApiError: _refusal,
        AuthenticationError: _not_logged_in,
        HttpError: _ninja_refusal,
        ValidationError: _invalid,
        Http404: _nothing_here,
        RequestDataTooBig: _too_big,
        BadRequest: _malformed,
        SuspiciousOperation: _malformed,
        MultiPartParserError: _malformed,
        UnreadablePostError: _malformed,
        **dict.fromkeys(DATABASE_IS_AWAY, _unavailable),
        Exception: _fault,
    }
    for kind, answer in answers.items():
        api.add_exception_handler(kind, answer)


def _problem(problem: Any) -> str:
    steps = [str(step) for step in problem["loc"] if step != PARAMETERS]
    name = ".".join(steps) or "The body"
    if problem["type"] == UNKNOWN_PARAMETER:
        return str(problem["msg"])
    if problem["type"] == "missing":
        return f"{name}: is missing."
    if problem["type"] == "extra_forbidden":
        return f"{name}: there is no field of this name."
    rule = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {rule[0].lower()}{rule[1:]}; found {_shown(problem['input'])}."


def _shown(value: object) -> str:
    text = ascii(value) if isinstance(value, str | bytes) else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _refusal(_: HttpRequest, error: Any) -> HttpResponse:
    return error_response(error.status, error.code, error.message, error.details)


def _not_logged_in(request: HttpRequest, _: Exception) -> HttpResponse:
    if token_of(request) is None:
        response = error_response(401, bearer.NOT_LOGGED_IN, gettext(bearer.LOG_IN_FIRST))
        response["WWW-Authenticate"] = bearer.CHALLENGE
    else:
        response = error_response(401, bearer.REFUSED, bearer.REFUSED_TEXT)
        response["WWW-Authenticate"] = bearer.REFUSED_CHALLENGE
    return response


def _ninja_refusal(_: HttpRequest, error: Any) -> HttpResponse:
    return error_response(error.status_code, "refused", str(error))


def _invalid(_: HttpRequest, error: Any) -> HttpResponse:
    return error_response(422, "invalid", " ".join(each["message"] for each in error.errors))


def _nothing_here(*_: object) -> HttpResponse:
    return error_response(404, "not_found", gettext("There is nothing here."))


def _too_big(*_: object) -> HttpResponse:
    return error_response(
        413, "too_big", gettext("The body is larger than anything this API takes.")
    )


def _malformed(_: HttpRequest, error: Exception) -> HttpResponse:
    return error_response(400, "malformed", f"The request cannot be read: {error}")


def _unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    response = error_response(503, database_away.CODE, gettext(database_away.MESSAGE))
    return database_away.add_retry_after(request, response, error)


def _fault(request: HttpRequest, error: BaseException) -> HttpResponse:
    logger.error("%s %s failed.", request.method, request.path, exc_info=error)
    return error_response(
        500, "fault", gettext("The server has failed; its log says more. Try again later.")
    )
