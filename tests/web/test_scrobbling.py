"""The pages of scrobbling, as a browser without JavaScript sees them."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from pytest_django.fixtures import Settings

from listening.models import OutboxItem, OutboxState, ScrobbleAccount
from listening.scrobbling.secrets import decrypted, encrypted

PAGE = "/scrobbling/"
URL = "https://koito.example.org/apis/listenbrainz"


@pytest.fixture
def account(listener: User) -> ScrobbleAccount:
    return ScrobbleAccount.objects.create(
        user=listener,
        service="listenbrainz",
        name="<b>lee</b>",
        secret=encrypted("geheim"),
        connected_at=timezone.now(),
    )


def entry(account: ScrobbleAccount, state: OutboxState = OutboxState.REFUSED) -> OutboxItem:
    facts = {"title": "<i>Hyperballad</i>", "artist": "Björk"}
    return OutboxItem.objects.create(
        account=account, kind="listen", state=state, facts=facts, reason="It ignores this track."
    )


def test_a_token_connects_an_account_that_is_then_asked_about(page: Client) -> None:
    assertContains(page.get(PAGE), "You have connected no account yet.")
    response = page.post(PAGE, {"url": "", "token": " geheim "})
    assertRedirects(response, PAGE)
    shown = page.get(PAGE)
    assertContains(shown, "Asking ListenBrainz about the account")
    assertContains(shown, 'http-equiv="refresh"')
    assertNotContains(shown, "geheim")
    assert decrypted(ScrobbleAccount.objects.get().secret) == "geheim"
    assertContains(page.post(PAGE, {"url": "", "token": ""}), "This field is required.")
    assertContains(page.post(PAGE, {"url": "", "token": "ge\u2028heim"}), "signs of ASCII")


def test_only_addresses_that_are_allowed_can_be_chosen(page: Client, settings: Settings) -> None:
    assertNotContains(page.get(PAGE), "<select")
    settings.SCROBBLE_URLS = (URL,)
    assertContains(page.get(PAGE), f'<option value="{URL}">')
    assertRedirects(page.post(PAGE, {"url": URL, "token": "geheim"}), PAGE)
    wrong = page.post(PAGE, {"url": "http://127.0.0.1:8000", "token": "geheim"})
    assertContains(wrong, "is not one of the available choices")
    assert [each.url for each in ScrobbleAccount.objects.all()] == [URL]


def test_how_an_account_stands(page: Client, account: ScrobbleAccount) -> None:
    for state in (*OutboxState.values, "waiting"):
        entry(account, OutboxState(state))
    shown = page.get(PAGE)
    assertContains(shown, "&lt;b&gt;lee&lt;/b&gt;")
    for text in ("3 waiting", "1 refused", "1 arrived in the last week"):
        assertContains(shown, text)
    assertNotContains(shown, "http-equiv")
    account.problem = "The token is not valid. Connect the account again."
    account.save()
    assertContains(page.get(PAGE), account.problem)


def test_what_it_is_told_can_be_changed(page: Client, account: ScrobbleAccount) -> None:
    path = f"{PAGE}{account.pk}/switch/"
    assertRedirects(page.post(path, {"is_enabled": "on"}), PAGE)
    account.refresh_from_db()
    assert (account.is_enabled, account.tells_now_playing) == (True, False)
    page.post(path, {})
    assertContains(page.get(PAGE), "Turned off")


def test_what_was_refused_is_shown_with_its_reason(page: Client, account: ScrobbleAccount) -> None:
    one, other, third = entry(account), entry(account), entry(account)
    path = f"{PAGE}{account.pk}/refused/"
    shown = page.get(path)
    assertContains(shown, "&lt;i&gt;Hyperballad&lt;/i&gt;")
    assertContains(shown, "It ignores this track.", count=3)
    assertContains(page.post(path, {"item": one.pk, "again": ""}, follow=True), "1 entry will")
    assertContains(page.post(path, {"item": other.pk, "forget": ""}, follow=True), "1 entry forg")
    assertContains(page.post(path, {"again": ""}, follow=True), "Nothing that was refused is left")
    assert {each.pk: each.state for each in OutboxItem.objects.all()} == {
        one.pk: OutboxState.WAITING,
        third.pk: OutboxState.WAITING,
    }


def test_disconnecting_says_what_goes(page: Client, account: ScrobbleAccount) -> None:
    entry(account, OutboxState.WAITING)
    path = f"{PAGE}{account.pk}/disconnect/"
    assertContains(page.get(path), "1 entry that waits is forgotten")
    assertRedirects(page.post(path), PAGE)
    assert not ScrobbleAccount.objects.exists()


def test_accounts_of_others_are_not_there(admin_client: Client, account: ScrobbleAccount) -> None:
    for name in ("refused", "disconnect"):
        assert admin_client.get(f"{PAGE}{account.pk}/{name}/").status_code == 404
    for name in ("refused", "switch"):
        assert admin_client.post(f"{PAGE}{account.pk}/{name}/").status_code == 404
    for name in ("try-now", "disconnect"):
        admin_client.post(f"{PAGE}{account.pk}/{name}/")
    assert ScrobbleAccount.objects.get().is_enabled


class TestLogins:
    @pytest.fixture(autouse=True)
    def offered(self, settings: Settings) -> None:
        settings.LASTFM_API_KEY = settings.LASTFM_API_SECRET = "ab" * 16

    def begin(self, page: Client, kind: str = "lastfm") -> str:
        """The path to which the service sends the user back."""
        response = page.post(f"{PAGE}log-in/{kind}/")
        (address,) = re.findall(r'href="(https://[^"]+)"', response.content.decode())
        query = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
        return str(urlsplit(query["cb"][0]).path)

    @pytest.mark.parametrize("kind", ["lastfm", "librefm"])
    def test_the_user_comes_back_with_a_token(self, page: Client, kind: str) -> None:
        response = page.get(self.begin(page, kind), {"token": "allowed"})
        assertRedirects(response, PAGE)
        (made,) = ScrobbleAccount.objects.all()
        assert (made.service, decrypted(made.secret), made.connected_at) == (kind, "allowed", None)

    @pytest.mark.parametrize("way", ["another state", "twice", "no token", "another session"])
    def test_nobody_can_connect_an_account_for_others(
        self, page: Client, admin_client: Client, way: str
    ) -> None:
        path = self.begin(page)
        if way == "another state":
            page.get(f"{PAGE}logged-in/lastfm/{'x' * 32}/", {"token": "allowed"})
        if way == "twice":
            page.get(path, {"token": "allowed"})
            ScrobbleAccount.objects.all().delete()
        client = admin_client if way == "another session" else page
        response = client.get(path, {} if way == "no token" else {"token": "x"}, follow=True)
        assertContains(response, "was not connected: begin again")
        assert not ScrobbleAccount.objects.exists()

    def test_services_without_a_login_have_none(self, page: Client, settings: Settings) -> None:
        settings.LASTFM_API_KEY = ""
        for kind in ("listenbrainz", "lastfm", "nothing"):
            assert page.post(f"{PAGE}log-in/{kind}/").status_code == 404
        assertNotContains(page.get(PAGE), "Connect Last.fm")
