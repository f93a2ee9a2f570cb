"""Users: what clients are told of them, and what administrators do with them."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from accounts.people import PersonRefused, change_person
from accounts.roles import is_administrator
from tests.opensubsonic.in_process import Rest
from tests.opensubsonic.rows import make_folder

ROLES = {
    *("adminRole", "settingsRole", "downloadRole", "uploadRole", "playlistRole", "coverArtRole"),
    *("commentRole", "podcastRole", "streamRole", "jukeboxRole", "shareRole"),
    "videoConversionRole",
}
GOOD = "correct horse battery staple"


def test_the_own_user_has_every_role_that_clients_require(rest: Rest) -> None:
    user = rest("getUser", username="lee")["user"]
    assert user.keys() == ROLES | {"username", "scrobblingEnabled", "folder"}
    assert user["username"] == "lee"
    assert all(isinstance(user[role], bool) for role in ROLES)
    assert not user["adminRole"]
    assert user["streamRole"]
    assert rest("getUser")["user"] == user  # the own one if none is named
    assert rest("getUser", username="LEE")["user"] == user


def test_music_folders_are_numbers(rest: Rest, settings: Any) -> None:
    from library.models.folders import MusicFolder  # noqa: PLC0415

    number = MusicFolder.objects.create(root=str(settings.MUSIC_DIRS[0])).pk
    elsewhere = MusicFolder.objects.create(root="/elsewhere").pk
    assert rest("getUser")["user"]["folder"] == [number]
    make_folder(root="/elsewhere", total_track_count=1)  # not set any more, with present tracks
    assert rest("getUser")["user"]["folder"] == [number, elsewhere]
    listed = rest("getMusicFolders")["musicFolders"]["musicFolder"]
    assert [each["id"] for each in listed] == [number, elsewhere]


def test_others_are_for_administrators(rest: Rest, admin_rest: Rest) -> None:
    assert admin_rest("getUser", username="lee")["user"]["username"] == "lee"
    assert admin_rest.error("getUser", username="nobody")["code"] == 70
    assert admin_rest("getUser")["user"]["adminRole"] is True
    for name in ("stella", "nobody"):  # whether there is such a user stays unknown
        assert rest.error("getUser", username=name)["code"] == 50
    assert rest.error("getUsers")["code"] == 50


def test_all_users_cost_as_many_statements_as_one(rest: Rest, admin_rest: Rest) -> None:
    names = [user["username"] for user in admin_rest("getUsers")["users"]["user"]]
    assert names == ["lee", "stella"]
    before = len(admin_rest.statements)
    User.objects.bulk_create(User(username=f"user {number}") for number in range(20))
    assert len(admin_rest("getUsers")["users"]["user"]) == 22
    assert len(admin_rest.statements) == before == 2


def test_an_administrator_makes_changes_and_deletes_a_user(admin_rest: Rest) -> None:
    password = "enc:" + GOOD.encode().hex()
    said = {"username": "new", "password": password, "email": "new@example.org"}
    assert admin_rest("createUser", **said, podcastRole=True).keys() == admin_rest("ping").keys()
    user = User.objects.get(username="new")
    assert user.check_password(GOOD)
    assert user.email == "new@example.org"
    assert not is_administrator(user)
    admin_rest("updateUser", username="new", adminRole=True)
    user.refresh_from_db()
    assert is_administrator(user)
    assert user.check_password(GOOD)
    assert user.email == "new@example.org"
    admin_rest("updateUser", username="new", adminRole=False, email="other@example.org")
    user.refresh_from_db()
    assert not is_administrator(user)
    assert user.email == "other@example.org"
    admin_rest("deleteUser", username="new")
    assert not User.objects.filter(username="new").exists()
    assert admin_rest.error("deleteUser", username="new")["code"] == 70


def test_a_new_administrator(admin_rest: Rest) -> None:
    admin_rest("createUser", username="ada", password=GOOD, email="", adminRole="true")
    assert is_administrator(User.objects.get(username="ada"))


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ({"username": "new"}, 10, "password"),
        ({"password": GOOD}, 10, "username"),
        ({"username": "new", "password": "1234"}, 0, "too short"),
        ({"username": "new", "password": "enc:xyz"}, 0, "hexadecimal"),
        ({"username": "LEE", "password": GOOD}, 0, "already"),
        ({"username": "a/b", "password": GOOD}, 0, "username"),
        ({"username": "x" * 200, "password": GOOD}, 0, "150"),
        ({"username": "new", "password": GOOD, "email": "no address"}, 0, "email"),
        ({"username": "new", "password": GOOD, "adminRole": "perhaps"}, 0, "adminRole"),
    ],
)
def test_a_user_that_cannot_be_made(
    rest: Rest, admin_rest: Rest, said: dict[str, str], code: int, words: str
) -> None:
    error = admin_rest.error("createUser", **said)
    assert error["code"] == code
    assert words in error["message"]
    assert User.objects.count() == 2


@pytest.mark.parametrize("endpoint", ["createUser", "updateUser", "deleteUser"])
def test_a_listener_changes_nobody(rest: Rest, admin_rest: Rest, endpoint: str) -> None:
    error = rest.error(endpoint, username="stella", password=GOOD, adminRole=False)
    assert error["code"] == 50
    assert User.objects.count() == 2
    assert is_administrator(User.objects.get(username="stella"))


def test_nobody_deletes_or_demotes_themselves(admin_rest: Rest) -> None:
    assert "own account" in admin_rest.error("deleteUser", username="Stella")["message"]
    refused = admin_rest.error("updateUser", username="stella", adminRole=False)
    assert "from yourself" in refused["message"]
    assert is_administrator(User.objects.get(username="stella"))


def test_everybody_changes_the_own_password(rest: Rest, admin_rest: Rest) -> None:
    rest("changePassword", username="lee", password=GOOD)
    assert User.objects.get(username="lee").check_password(GOOD)
    assert "too short" in rest.error("changePassword", username="lee", password="1")["message"]
    assert rest.error("changePassword", username="stella", password=GOOD)["code"] == 50
    admin_rest("changePassword", username="lee", password=GOOD + "!")
    assert User.objects.get(username="lee").check_password(GOOD + "!")
    rest("ping")  # the app password is not changed by it


def test_an_administrator_who_is_none_any_more(
    admin_rest: Rest, rest: Rest, administrator: User
) -> None:
    admin_rest("getUsers")
    User.objects.filter(pk=administrator.pk).update(is_superuser=False, is_staff=False)
    User.objects.get(pk=administrator.pk).save()  # as the admin's page does it
    assert admin_rest.error("getUsers")["code"] == 50


def test_a_change_stores_what_it_changes_and_nothing_else(rest: Rest, admin_rest: Rest) -> None:
    """The hash of a password takes a while, and administrators may act meanwhile."""
    acting, before = User.objects.get(username="stella"), User.objects.get(username="stella")
    User.objects.filter(pk=before.pk).update(is_staff=False, is_active=False)
    change_person(acting, before, password=GOOD)
    after = User.objects.get(pk=before.pk)
    assert after.check_password(GOOD)
    assert (after.is_staff, after.is_active) == (False, False)
    User.objects.filter(pk=before.pk).delete()
    with pytest.raises(PersonRefused):
        change_person(acting, before, email="new@example.org")
    assert not User.objects.filter(username="stella").exists()
