"""What apps ask for first is counted before they ask."""

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.app_passwords import make_app_password
from library.queries import discographies
from operations.server.warm_up import start_warm_up

pytestmark = pytest.mark.django_db(transaction=True)


def warm_up() -> None:
    discographies.forget()
    start_warm_up()
    for thread in threading.enumerate():
        if thread.name == "warm-up":
            thread.join()


@pytest.mark.parametrize("has_app", [True, False])
def test_the_albums_of_artists_are_counted_where_there_are_apps(*, has_app: bool) -> None:
    if has_app:
        make_app_password(User.objects.create_user("lee"), "phone")
    warm_up()
    with CaptureQueriesContext(connection) as queries:
        discographies.discographies()
    assert (len(queries) == 1) is has_app
