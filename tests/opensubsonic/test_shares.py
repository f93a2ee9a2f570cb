"""The calls for shared links."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from listening.models import Share
from listening.playlists.editing import make
from listening.shares.links import token_of
from opensubsonic import shares
from tests.opensubsonic.in_process import Rest
from tests.web.library_rows import make_track

END_MS = 2_000_000_000_000


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    settings.SHARING = "everybody"


def test_a_share_is_made_listed_changed_and_deleted(rest: Rest, listener: User) -> None:
    track, other = make_track(title="One"), make_track(title="Two")
    playlist = make(listener.pk, {"name": "List"}, [other.pk])
    ids = [f"tr-{track.pk}", f"pl-{playlist}"]
    given = {"description": "For you", "expires": END_MS}
    (made,) = rest("createShare", id=ids, **given)["shares"]["share"]
    share = Share.objects.get()
    assert made["id"] == f"sh-{share.pk}"
    assert made["url"].endswith(f"/s/{token_of(share)}")
    assert made["url"].startswith("http")
    assert made["expires"] == "2033-05-18T03:33:20.000Z"
    assert (made["description"], made["username"], made["visitCount"]) == ("For you", "lee", 0)
    assert [song["title"] for song in made["entry"]] == ["One", "Two"]
    assert rest("getShares")["shares"]["share"] == [made]
    rest("updateShare", id=made["id"], expires=0)
    (changed,) = rest("getShares")["shares"]["share"]
    assert changed == {name: value for name, value in made.items() if name != "expires"}
    rest("deleteShare", id=made["id"])
    assert rest("getShares")["shares"]["share"] == []
    assert rest.error("updateShare", id=made["id"])["code"] == 70


def test_a_list_of_many_links_has_a_bounded_number_of_songs(
    rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"tr-{make_track().pk}" for _ in range(3)]
    for _ in range(3):
        rest("createShare", id=ids)
    monkeypatch.setattr(shares, "MOST_SONGS", 5)
    listed = rest("getShares")["shares"]["share"]
    assert [len(each["entry"]) for each in listed] == [3, 2, 0]


def test_where_sharing_is_off_all_changes_are_refused(rest: Rest, settings: Any) -> None:
    track = make_track()
    (made,) = rest("createShare", id=f"tr-{track.pk}")["shares"]["share"]
    assert rest("getUser")["user"]["shareRole"] is True
    settings.SHARING = "administrators"
    assert rest("getUser")["user"]["shareRole"] is False
    for endpoint, shared in (("createShare", f"tr-{track.pk}"), ("updateShare", made["id"])):
        assert rest.error(endpoint, id=shared)["code"] == 50
    assert rest.error("deleteShare", id=made["id"])["code"] == 50


def test_what_is_not_there_cannot_be_shared(rest: Rest, admin_rest: Rest) -> None:
    assert rest.error("createShare")["code"] == 10
    for nothing in ("tr-999", "al-999", "ar-1", "nonsense"):
        assert rest.error("createShare", id=nothing)["code"] == 70
    (made,) = admin_rest("createShare", id=f"tr-{make_track().pk}")["shares"]["share"]
    for endpoint in ("updateShare", "deleteShare"):
        assert rest.error(endpoint, id=made["id"])["code"] == 70
    assert rest("getShares")["shares"]["share"] == []
