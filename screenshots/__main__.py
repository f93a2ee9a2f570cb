"""`python -m screenshots [--to FOLDER] [--density 3]`: serves the collection and writes screenshots
to docs/screenshots, or to another folder and for another density of the screen."""

import argparse
import io
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from screenshots.collection import make_collection
from tests.browser.accounts import PASSWORD, USERS
from tests.web.served import PROJECT_DIR, ServedMus, manage, migrated_database, serve

TARGET = PROJECT_DIR / "docs" / "screenshots"
QUALITY = 80
WIDE, PHONE = (1280, 800), (390, 844)
SIZES = {"wide": WIDE, "phone": PHONE}
SCHEMES = ("dark", "light")
MOVED = "Ada Fennel/Kitchen Songs"
SEEN_TO_CHANGE = """
from library.models.scan import Scan
Scan.objects.filter(pk__gt=1).update(trigger="watch")
"""
ITEM = "main :is(.row, .tile, .artist-row):not([hidden], .is-loading)"


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m screenshots")
    options.add_argument("--to", type=Path, default=TARGET, metavar="FOLDER")
    options.add_argument("--density", type=float, default=1, help="device pixels in a CSS pixel")
    chosen = options.parse_args()
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if not executable:
        print("Chromium is not installed: apt install chromium (or google-chrome)")
        return 2
    chosen.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        folder = Path(work)
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        make_collection(folder / "music")
        (folder / "new").mkdir()
        with serve(folder, migrated_database(folder / "new"), "--no-scan") as server:
            server.python(USERS)
            scan_with_joins(server, folder / "music")
            for size in SIZES:
                for scheme in SCHEMES:
                    shots = Shots(chosen.to, size, scheme, chosen.density)
                    take_all(browser, server, shots)
        browser.close()
    write_index(chosen.to)
    return 0


def scan_with_joins(server: ServedMus, music: Path) -> None:
    """The last of three scans joins the tracks of an album with a copy made before the album was
    deleted."""
    manage(server.variables, "scan_tracks", "--quiet")
    folder = music / MOVED
    copied = folder.with_name(f"{folder.name} (new disk)")
    shutil.copytree(folder, copied)
    manage(server.variables, "scan_tracks", "--quiet")
    shutil.rmtree(folder)
    manage(server.variables, "scan_tracks", "--quiet")
    server.python(SEEN_TO_CHANGE)


@dataclass(frozen=True)
class Shots:
    """Where screenshots go, and of which kind they are."""

    target: Path
    size: str
    scheme: str
    density: float

    def take(self, page: Page, name: str) -> None:
        page.mouse.move(0, 0)  # nothing is shown as under the pointer
        settle(page)
        keep(page.screenshot(), self.target / f"{name}-{self.size}-{self.scheme}.webp")


def take_all(browser: Browser, server: ServedMus, shots: Shots) -> None:
    size = shots.size
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": width, "height": height},
        device_scale_factor=shots.density,
        color_scheme="dark" if shots.scheme == "dark" else "light",
        has_touch=size == "phone",
        reduced_motion="reduce",
    )
    page = context.new_page()

    def take(name: str) -> None:
        shots.take(page, name)

    page.goto("/login/")
    take("login")
    log_in(page)
    begin_an_album(page)
    for name, address in (
        ("home", "/"),
        ("tracks", "/tracks"),
        ("albums", "/albums"),
        ("artists", "/artists"),
    ):
        page.goto(address)
        expect(page.locator(ITEM).nth(5)).to_be_visible()
        take(name)
    take_single_pages(page, take)
    take_player(page, take, size)
    context.close()


def take_single_pages(page: Page, take: Callable[[str], None]) -> None:
    for name, query, title, shown in (
        ("album", "mill", "At the Old Mill", "Disc 2: The late set"),
        ("compilation", "songs harbour", "Songs from the Harbour", "9 tracks"),
        ("classical", "sonatas", "Sonatas for Cello", "Sonata No. 1 in G minor, Op. 12"),
        ("editions", "blue hour", "Blue Hour", "Other editions"),
    ):
        page.goto(f"/albums?{urlencode({'q': query})}")
        page.get_by_role("link", name=title).first.click()
        text = page.locator("main").get_by_text(shown).first
        expect(text).to_be_visible()
        if name == "editions":
            page.get_by_role("list", name=shown).scroll_into_view_if_needed()
        take(name)
    page.goto("/artists?q=Lantern")
    page.get_by_role("link", name="The Lantern Trio").click()
    expect(page.get_by_role("heading", name="Singles")).to_be_visible()
    take("artist")
    page.goto("/scans")
    expect(page.get_by_role("heading", name="The latest scans")).to_be_visible()
    take("scans")
    take_joins(page, take)
    take_keys(page, take)
    for name, query, shown in (
        ("search", "lantern", "The Lantern Trio"),
        ("corrected", "lantren", "Showing"),
        ("nothing", "zzzz", "Nothing found"),
    ):
        page.goto(f"/search?{urlencode({'q': query})}")
        expect(page.locator("main").get_by_text(shown).first).to_be_visible()
        take(name)


def take_joins(page: Page, take: Callable[[str], None]) -> None:
    heading = page.locator(".scan-joins h2")
    expect(heading).to_contain_text("joined by the scan of")
    heading.evaluate("(heading) => heading.scrollIntoView()")
    take("joins")
    page.get_by_role("button", name="Part ").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    take("part")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()


def take_keys(page: Page, take: Callable[[str], None]) -> None:
    page.goto("/keys/")
    page.get_by_label("What is the key for?").fill("The tablet in the kitchen")
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_text("it is not shown again")).to_be_visible()
    page.locator("#new-key").evaluate("(key) => key.textContent = 'mus-' + 'k'.repeat(43)")
    take("keys")


def take_player(page: Page, take: Callable[[str], None], size: str) -> None:
    page.goto("/albums" if size == "wide" else "/tracks")
    expect(page.locator(ITEM).nth(5)).to_be_visible()
    page.get_by_role("button", name="Queue").locator("visible=true").first.click()
    expect(page.locator("#queue .row").nth(5)).to_be_visible()
    take("queue")
    if size == "phone":
        page.locator("#queue").get_by_role("button", name="Close the queue").click()
        page.get_by_role("button", name="Open the player").click()
        take("player")


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


def log_in(page: Page) -> None:
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("region", name="Player")).to_be_visible()


def settle(page: Page) -> None:
    """Wait until all visible covers are loaded."""
    page.wait_for_function(
        """() => [...document.querySelectorAll(".cover img:not([hidden])")].every((image) =>
          !image.checkVisibility() || (image.complete && image.naturalWidth > 0))"""
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
