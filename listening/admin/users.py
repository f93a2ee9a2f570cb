"""Adds the export of everything that users have made to the list of users."""

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse

from accounts.admin import add_user_action
from listening.admin.owned import download
from listening.exporting import everything_of


@admin.action(description="Export what the selected users have made, as JSON")
def export_everything(
    _admin: object, _request: HttpRequest, queryset: QuerySet[User]
) -> StreamingHttpResponse:
    users = list(queryset.order_by("pk"))
    return download(everything_of(users), "users.json", "application/json")


add_user_action(export_everything)
