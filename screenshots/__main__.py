"""`python -m screenshots [--all] [--to FOLDER] [--only NAME …]`: serves made-up libraries, writes
screenshots to docs/screenshots, or to another folder: those that the documents keep, or all."""

import argparse
import io
import shutil
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from screenshots.libraries import Libraries
from screenshots.tour import PICTURES, SIZES, TOUCHED, Look, Picture
from tests.browser.accounts import PASSWORD
from tests.web.served import PROJECT_DIR

TARGET = PROJECT_DIR / "docs" / "screenshots"
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
QUALITY = 80
PATIENCE_MS = 60_000
FORGET_LISTS = """Object.keys(localStorage).filter((key) => key.includes("mus-lists"))
  .forEach((key) => localStorage.removeItem(key))"""


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m screenshots")
    options.add_argument("--to", type=Path, default=TARGET, metavar="FOLDER")
    options.add_argument("--density", type=float, default=1, help="device pixels in a CSS pixel")
    options.add_argument("--all", action="store_true", help="also what the documents do not keep")
    options.add_argument("--only", nargs="+", default=(), metavar="NAME", help="these pictures")
    chosen = options.parse_args()
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not executable:
        print("Chromium is not installed: apt install chromium (or google-chrome)")
        return 2
    chosen.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        with Libraries(Path(work)) as libraries:
            failed = take_all(browser, libraries, chosen)
        browser.close()
    if not chosen.only:
        write_index(chosen.to)
    return 1 if failed else 0


def take_all(browser: Browser, libraries: Libraries, chosen: Any) -> list[str]:
    """Returns the names of the pictures that could not be taken."""
    expect.set_options(timeout=PATIENCE_MS)
    camera, failed = Camera(browser, libraries, chosen.to, chosen.density), []
    for picture in PICTURES:
        if chosen.only and picture.name not in chosen.only:
            continue
        looks = dict.fromkeys((*picture.kept, *picture.looks)) if chosen.all else picture.kept
        for look in looks:
            try:
                camera.take(picture, look)
            except (AssertionError, Error) as error:
                failed.append(f"{picture.name}-{'-'.join(look)}")
                print(failed[-1], str(error).splitlines()[0])
    return failed


@dataclass
class Camera:
    """Takes pictures. `logins`: the cookies of each user of each library."""

    browser: Browser
    libraries: Libraries
    target: Path
    density: float
    logins: dict[tuple[str, str], Any] = field(default_factory=dict)
    contexts: dict[tuple[str, str, str, bool], BrowserContext] = field(default_factory=dict)

    def take(self, picture: Picture, look: Look) -> None:
        size, scheme = look
        page = self._context(picture, size).new_page()
        try:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(self._address(picture))
            expect(page.locator(picture.shown).locator("visible=true").first).to_be_visible()
            page.mouse.move(0, 0)  # nothing is shown as under the pointer
            if picture.prepare:
                picture.prepare(page)
            settle(page)
            name = f"{picture.name}-{'-'.join(look)}.webp"
            keep(page.screenshot(), self.target / name)
        finally:
            with suppress(Error):
                page.evaluate(FORGET_LISTS)
            page.close()

    def _address(self, picture: Picture) -> str:
        server = self.libraries.server(picture.library)
        return server.setup_link() if picture.name == "setup" else picture.address

    def _context(self, picture: Picture, size: str) -> BrowserContext:
        """That of the user in a window of this size, who is logged in."""
        key = (picture.library, picture.user, size, picture.needs_worker)
        if key not in self.contexts:
            self.contexts[key] = self._new_context(picture, size)
            self.contexts[key].set_default_timeout(PATIENCE_MS)
        return self.contexts[key]

    def _new_context(self, picture: Picture, size: str) -> BrowserContext:
        width, height = SIZES[size]
        key = (picture.library, picture.user)
        if picture.user and key not in self.logins:
            self.logins[key] = self._log_in(*key)
        return self.browser.new_context(
            base_url=self.libraries.server(picture.library).url,
            viewport={"width": width, "height": height},
            device_scale_factor=self.density,
            has_touch=size in TOUCHED,
            is_mobile=size in TOUCHED,
            reduced_motion="reduce",
            service_workers="allow" if picture.needs_worker else "block",
            storage_state=self.logins.get(key),
        )

    def _log_in(self, library: str, user: str) -> Any:
        context = self.browser.new_context(
            base_url=self.libraries.server(library).url, service_workers="block"
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto("/login/")
        page.get_by_label("Username").fill(user)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("region", name="Player")).to_be_visible()
        cookies = context.storage_state()
        if library == "full":
            begin_an_album(page)
        context.close()
        return cookies


def begin_an_album(page: Page) -> None:
    page.goto("/albums?q=azulejo")
    page.get_by_role("link", name="Azulejo").click()
    page.locator("main .row").nth(2).dblclick()
    page.wait_for_function(
        "() => document.querySelector('#player [data-part=position]').textContent === '0:01'"
    )
    page.locator("[data-part=seek]").evaluate(
        "(seek) => { seek.value = seek.max * 0.4; seek.dispatchEvent(new Event('change')); }"
    )
    with page.expect_response(lambda response: "player/state" in response.url):
        page.keyboard.press("Space")


def settle(page: Page) -> None:
    """Wait until all visible covers are loaded."""
    with suppress(Error):
        page.wait_for_function(
            """() => [...document.querySelectorAll(".cover img:not([hidden])")].every((image) =>
              !image.checkVisibility() || (image.complete && image.naturalWidth > 0))""",
            timeout=5_000,
        )
    page.wait_for_timeout(300)


def keep(png: bytes, target: Path) -> None:
    Image.open(io.BytesIO(png)).convert("RGB").save(target, quality=QUALITY, method=6)


def write_index(target: Path) -> None:
    lines = ["# Screenshots", "", "Taken by `make screenshots`, with a made-up library."]
    names = sorted({path.name.split("-")[0] for path in target.glob("*.webp")})
    for name in names:
        lines += ["", f"## {name.capitalize()}", ""]
        lines += [f"![{path.stem}]({path.name})" for path in sorted(target.glob(f"{name}-*.webp"))]
    (target / "README.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
