"""The player's page of scans in Chromium: start, progress, cancel, results, and what failed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.audio_files import make_audio
from tests.browser.conftest import Watched, log_in, watch
from tests.browser.odd_library import serve_odd_library
from tests.web.served import ServedMus, manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

# As a scan on another machine leaves its row while it works.
RUNNING = """
from tests.web.library_rows import make_scan
make_scan(state="running", host_name="elsewhere", seen=900, total=3000, to_read=40, read=10)
"""
MORE = """
from library.models.scan import Scan
Scan.objects.filter(state="running").update(seen=1200, added=7)
"""
PURGED = """
from tests.web.library_rows import make_scan
make_scan(kind="purge", trigger="admin", purged=1234, revision=9, message="Purged.")
"""
FORGOTTEN = "from library.models.scan import Scan; Scan.objects.filter(kind='purge').delete()"
WISHED = "from library.models.scan import Scan; print(Scan.objects.latest('pk').cancel_requested)"
OVER = """
from django.utils import timezone
from library.models.scan import Scan
Scan.objects.filter(state="running").update(
    state="cancelled", finished_at=timezone.now(), message="Music library scan cancelled.")
"""


@pytest.fixture(scope="module")
def server(
    browser: Browser, odd_library: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    with serve_odd_library(tmp_path_factory.mktemp("scans"), odd_library) as server:
        yield server


@pytest.fixture
def tab(browser: Browser, server: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, server, 1280, "dark")
    log_in(tab)
    tab.page.goto("/scans")
    expect(tab.page.get_by_role("button", name="Rescan library")).to_be_visible()
    yield tab
    tab.page.context.close()
    expected = ("status of 409", "status of 404")  # of the start; of a cover that is no picture
    assert [each for each in tab.complaints if not any(word in each for word in expected)] == []


def test_a_scan_is_started_and_its_result_and_history_are_shown(tab: Watched) -> None:
    page = tab.page
    history = page.get_by_role("region", name="The latest scans").locator("tbody tr")
    expect(history).to_have_count(1)
    page.get_by_role("button", name="Full rescan").click()
    expect(history).to_have_count(2)
    expect(history.first).to_contain_text("ScanAPI")
    expect(history.first).to_contain_text("completed")
    panel = page.get_by_role("region", name="Scan", exact=True)
    expect(panel).to_contain_text("The last scan completed on")
    said = "Music library scan completed. 7 tracks updated, 1 file could not be read."
    expect(panel).to_contain_text(said)
    assert tab.overflow() == 0


def test_a_purge_is_in_the_history_by_its_kind_and_is_not_the_last_scan(
    tab: Watched, server: ServedMus
) -> None:
    server.python(PURGED)
    page = tab.page
    page.reload()
    row = page.get_by_role("region", name="The latest scans").locator("tbody tr").first
    expect(row.locator("td").nth(1)).to_have_text("Purge")
    expect(row.locator("td").last).to_have_text("1,234")
    expect(row.locator("td").nth(5)).to_have_text("")  # what a scan sees
    panel = page.get_by_role("region", name="Scan", exact=True)
    expect(panel).to_contain_text("The last scan completed on")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert tab.overflow() == 0
    server.python(FORGOTTEN)


def test_files_that_failed_are_listed_with_their_reasons(tab: Watched) -> None:
    failures = tab.page.get_by_role("region", name="Files that could not be read")
    expect(tab.page.get_by_role("heading", name="1 file could not be read")).to_be_visible()
    expect(failures.locator("tbody tr")).to_contain_text("broken.mp3")
    expect(failures.locator("tbody td").nth(1)).to_contain_text("No audio found")


def test_a_running_scan_shows_how_far_it_is_and_can_be_cancelled(
    tab: Watched, server: ServedMus
) -> None:
    page = tab.page
    panel = page.get_by_role("region", name="Scan", exact=True)
    server.python(RUNNING)
    page.get_by_role("button", name="Rescan library").click()  # the page has not heard of it
    expect(panel.get_by_role("alert")).to_contain_text("runs")
    expect(panel).to_contain_text("A scan runs: 900 of 3,000 files seen, 10 of 40 read.")
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_js_property("value", 900)
    server.python(MORE)
    expect(bar).to_have_js_property("value", 1200)
    running = page.get_by_role("region", name="The latest scans").locator("tbody tr").first
    expect(running).to_contain_text("running")
    expect(running.locator("td").nth(5)).to_have_text("1,200")
    expect(running.locator("td").nth(6)).to_have_text("7")
    page.get_by_role("button", name="Cancel the scan").click()
    expect(page.get_by_role("button", name="Cancel the scan")).to_be_visible()
    assert server.python(WISHED).strip() == "True"
    server.python(OVER)
    expect(panel).to_contain_text("The last scan was cancelled")
    expect(bar).to_have_count(0)
    expect(page.get_by_role("button", name="Rescan library")).to_be_visible()


def test_a_music_folder_that_is_really_empty_is_taken_so_and_what_was_passed_over_is_named(
    browser: Browser, peopled: Path, tmp_path: Path
) -> None:
    music = tmp_path / "music"
    song = make_audio(music / "song.mp3", title="Song")
    (music / "._song.mp3").write_bytes(b"of macOS")
    with serve(tmp_path, peopled, "--no-scan") as server:
        manage(server.variables, "scan_tracks", "--quiet")
        tab = watch(browser, server, 1280, "dark")
        log_in(tab)
        page = tab.page
        page.goto("/scans")
        passed_over = page.get_by_role("list", name="Ignored by the last scan")
        expect(passed_over).to_have_text(
            "AppleDouble files (named ._*), which macOS writes beside others: 1"
        )
        song.unlink()
        # The scan begins and ends before the page hears of its state.
        page.route("**/api/v1/scans?limit=1", lambda _: None)
        page.get_by_role("button", name="Rescan library").click()
        expect(page.locator(".toast")).to_contain_text("Music library scan failed.")
        page.unroute("**/api/v1/scans?limit=1")  # answers the held requests
        emptied = page.get_by_role("region", name="Folders without music")
        expect(emptied).to_contain_text(f"{music} (1 track)")
        panel = page.get_by_role("region", name="Scan", exact=True)
        expect(panel).to_contain_text("if the folder is meant to be empty, say so on the page")
        expect(page.locator("body")).not_to_contain_text("--allow-empty")
        assert tab.overflow() == 0
        emptied.get_by_role("button", name="They are really empty: scan again").click()
        expect(panel).to_contain_text("1 track missing")
        expect(emptied).to_have_count(0)
        page.context.close()


def test_without_an_answer_the_page_does_not_say_that_no_scan_has_run(tab: Watched) -> None:
    page = tab.page
    page.route("**/api/v1/**", lambda route: route.abort("connectionfailed"))
    page.goto("/scans")
    panel = page.get_by_role("region", name="Scan", exact=True)
    expect(panel).to_contain_text("The server does not answer.")
    expect(panel).not_to_contain_text("No scan has run yet.")
    page.unroute("**/api/v1/**")
    expect(panel).to_contain_text("The last scan")  # it asks again by itself
    expect(panel).not_to_contain_text("The server does not answer.")
    tab.complaints[:] = [each for each in tab.complaints if "CONNECTION_FAILED" not in each]


OUTDATED = """
from library.models.catalogue import Track
from library.scanning.read_with import current_version
tracks = Track.objects.present()
tracks.update(read_with=current_version())
tracks.filter(pk=tracks.first().pk).update(read_with="", root="/elsewhere")
"""


def test_how_far_files_are_read_again_after_an_upgrade_is_shown(
    tab: Watched, server: ServedMus
) -> None:
    manage(server.variables, "shell", "--no-imports", "-c", OUTDATED).check_returncode()
    tab.page.goto("/")
    tab.page.goto("/scans")
    told = "Reading again after an upgrade or a changed setting: "
    expect(tab.page.get_by_text(told)).to_be_visible()
