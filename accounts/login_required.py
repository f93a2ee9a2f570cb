"""Middleware: sends visitors who are not logged in to the login page."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase


class LoginRequired(LoginRequiredMiddleware):
    """Django's middleware, except that views open to everyone do not load the user.

    Loading the user takes a query. The health check must be able to answer, also to a browser that
    is logged in, when the database is unavailable.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
