"""Middleware that protects the session cookie from late responses."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin


class KeepSessionCookie(MiddlewareMixin):
    """Wraps Django's SessionMiddleware, and lets only a POST, such as a logout, delete the cookie.

    If a session has ended, Django deletes its cookie in the response to any request. The response
    to a request from before a new login may arrive after the login, and would then delete the new
    session's cookie.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        name = settings.SESSION_COOKIE_NAME
        is_deleted = name in response.cookies and not response.cookies[name].value
        if is_deleted and request.method != "POST":
            del response.cookies[name]
        return response
