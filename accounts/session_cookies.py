"""The cookie of a login, which only logging in and logging out change."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin


class KeepSessionCookie(MiddlewareMixin):
    """Around Django's SessionMiddleware, which takes the cookie of a session that is over away with
    any answer. One to what was asked before a new login may come after it, and would take away the
    new one."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        name = settings.SESSION_COOKIE_NAME
        is_taken_away = name in response.cookies and not response.cookies[name].value
        if is_taken_away and request.method != "POST":  # to log out is one
            del response.cookies[name]
        return response
