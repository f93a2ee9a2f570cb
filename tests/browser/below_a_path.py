"""A mus below /music/ and another at / of one host, behind a proxy, for Chromium."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.audio_files import JPEG, retag
from tests.browser.accounts import PASSWORD
from tests.browser.conftest import PATIENCE_MS, Watched
from tests.browser.live_house import LiveHouse, let_it_be_old, live_house
from tests.operations.deploy.below_a_path import (
    BASE,
    BY_NGINX,
    NAME,
    SETTINGS,
    Ports,
    front_below_a_path,
    front_that_removes,
    port_of,
)
from tests.operations.deploy.fronts import Front

# The certificate is nobody's; a service worker is refused without the first.
BY_NAME = ("--ignore-certificate-errors", f"--host-resolver-rules=MAP {NAME} 127.0.0.1")
NOTE_SOUNDS = """
window.sounds = [];
window.Audio = new Proxy(Audio, { construct(target, given) {
  const made = new target(...given);
  sounds.push(made);
  return made;
} });
window.heard = () => sounds.find((each) => !each.paused && !each.ended);
"""


@dataclass(frozen=True)
class Site:
    below: LiveHouse
    at_root: LiveHouse
    front: Front

    def asked_at_root(self) -> list[str]:
        """What the other mus was asked for."""
        return re.findall(r"method=\S+ path=\S+", self.at_root.server.output())


@contextmanager
def site_of(kind: str, folder: Path, library: Path) -> Iterator[Site]:
    """Both with the same tracks; what the one below is called shows in its titles."""
    by_nginx = BY_NGINX if kind == "nginx" else {}
    (folder / "below").mkdir()
    (folder / "root").mkdir()
    with (
        live_house(folder / "below", library, BASE_PATH=BASE, **SETTINGS, **by_nginx) as below,
        live_house(folder / "root", library, LOG_LEVEL="DEBUG", **SETTINGS) as at_root,
    ):
        tone = below.music / "tone.wav"
        retag(tone, cover=JPEG, title="Tone below", album="Tones")
        let_it_be_old(tone)
        below.scan()
        ports = Ports(port_of(below.server), port_of(at_root.server))
        with front_below_a_path(kind, folder / "front", ports, below.music) as front:
            yield Site(below, at_root, front)


@contextmanager
def site_behind_a_proxy_that_removes(kind: str, folder: Path, library: Path) -> Iterator[Site]:
    """Without a mus at /."""
    (folder / "below").mkdir()
    with live_house(folder / "below", library, BASE_PATH=BASE, **SETTINGS) as below:
        port = port_of(below.server)
        with front_that_removes(kind, folder / "front", Ports(port, port)) as front:
            yield Site(below, below, front)


def open_browser(browser: Browser, site: Site, width: int = 1280) -> BrowserContext:
    context = browser.new_context(
        base_url=site.front.origin,
        ignore_https_errors=True,
        viewport={"width": width, "height": 844},
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(NOTE_SOUNDS)
    return context


def open_tab(context: BrowserContext, site: Site) -> Watched:
    return Watched(context.new_page(), urlsplit(site.front.origin).netloc)


def log_in(page: Page, address: str) -> None:
    """As `ada`, of whom each of the servers has one of its own."""
    page.goto(address)
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("region", name="Player", exact=True)).to_be_visible()
    expect(page.locator("main :is(h1, h2)").first).to_be_visible()  # its scripts run


def row(page: Page, title: str) -> Locator:
    return page.locator("main .rows .row").filter(has=page.get_by_text(title, exact=True))


def path_of(page: Page) -> str:
    return urlsplit(page.url).path
