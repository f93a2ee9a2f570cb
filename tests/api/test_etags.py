"""What a client has already is not listed again."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import Track
from library.models.revision import Revision, new_epoch
from library.scanning import purge_missing
from tests.web.library_rows import make_track, make_tracks


def test_what_a_client_has_already_is_not_listed_again(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_tracks(3)
    for path in ("tracks", "tracks/ids", "albums", "artists"):
        etag = api.get(f"/api/v1/{path}")["ETag"]
        assert etag.startswith('W/"')
        with django_assert_num_queries(3):  # session, user, revision
            again = api.get(f"/api/v1/{path}", headers={"If-None-Match": f'"other", {etag}'})
        assert again.status_code == 304
        assert again.content == b""
        assert again["ETag"] == etag


def test_each_revision_has_an_etag_of_its_own(api: Client) -> None:
    first = api.get("/api/v1/tracks")["ETag"]
    make_track(revision=Revision.objects.raised())
    second = api.get("/api/v1/tracks", headers={"If-None-Match": first})
    assert second.status_code == 200
    assert second["ETag"] != first


def test_a_purge_leads_back_to_no_earlier_etag(api: Client) -> None:
    make_tracks(3)
    first = api.get("/api/v1/tracks?q=track")
    gone = Track.objects.earliest("pk")
    gone.missing_since = datetime.now(UTC)
    gone.save()
    purge_missing()
    again = api.get("/api/v1/tracks?q=track", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert (first.json()["count"], again.json()["count"]) == (3, 2)


def test_a_number_that_came_again_in_another_epoch_makes_a_new_etag(api: Client) -> None:
    """As after a backup was restored."""
    Revision.objects.raised()
    first = api.get("/api/v1/tracks")["ETag"]
    Revision.objects.update(epoch=new_epoch())
    assert api.get("/api/v1/tracks", headers={"If-None-Match": first}).status_code == 200


def test_another_version_of_mus_makes_a_new_etag(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = api.get("/api/v1/tracks")["ETag"]
    monkeypatch.setattr("api.answers.VERSION", "0.0.1")
    assert api.get("/api/v1/tracks", headers={"If-None-Match": first}).status_code == 200
