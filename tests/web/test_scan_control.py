"""The buttons for scans: who has them, when, and what they refuse.

What they do is tested in tests/library/runner.
"""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from library.models.scan import Scan, ScanKind, ScanState
from library.scanning.other_work import held_for
from library.scanning.purge import PURGING
from library.scanning.read_with import current_version
from tests.web.library_rows import make_scan, make_track


class TestScanControl:
    SCANS = "/admin/library/scan/"
    START = f"{SCANS}start/"

    def test_the_list_has_buttons_to_scan_while_none_runs(self, admin_client: Client) -> None:
        response = admin_client.get(self.SCANS)
        for text in ("Rescan library</button>", "Full rescan</button>", f'action="{self.START}"'):
            assertContains(response, text)
        assertNotContains(response, "Cancel scan")

    def test_a_purge_is_shown_by_its_kind_and_says_why_no_scan_can_begin(
        self, admin_client: Client
    ) -> None:
        with held_for(ScanKind.PURGE, PURGING) as lease:
            response = admin_client.get(self.SCANS)
            assertContains(response, f"Cancel purge {lease.scan_id}</button>")
            assertContains(response, f">Purge {lease.scan_id}</a> is running")
            assertContains(response, '<td class="field-kind">purge</td>')
            assertContains(admin_client.post(self.START, follow=True), PURGING)
            progress = admin_client.get(f"{self.SCANS}{lease.scan_id}/progress/").json()
            assert progress["text"] == "0 purged"
            cancel = f"{self.SCANS}{lease.scan_id}/cancel/"
            told = f"Purge {lease.scan_id} will end now; what it has deleted stays deleted."
            assertContains(admin_client.post(cancel, follow=True), told)
        assert not Scan.objects.exists()

    def test_a_restore_has_no_button_to_cancel_it(self, admin_client: Client) -> None:
        row = make_scan(state=ScanState.RUNNING, kind=ScanKind.RESTORE)
        for url in (self.SCANS, f"{self.SCANS}{row.pk}/change/"):
            response = admin_client.get(url)
            assertContains(response, f">Restore {row.pk}</a> is running")
            assertNotContains(response, "Cancel restore")
        refused = admin_client.post(f"{self.SCANS}{row.pk}/cancel/", follow=True)
        assertContains(refused, f"Restore {row.pk} cannot be cancelled; wait for its end.")

    def test_how_far_files_are_read_again_is_shown_and_a_portion_can_be_cancelled(
        self, admin_client: Client
    ) -> None:
        assertNotContains(admin_client.get(self.SCANS), "Reading again")
        make_track(read_with=current_version())
        make_track(read_with="")
        told = "Reading again after an upgrade or a changed setting: 1 of 2 tracks."
        assertContains(admin_client.get(self.SCANS), told)
        row = make_scan(state=ScanState.RUNNING, kind=ScanKind.REREAD)
        assertContains(admin_client.get(self.SCANS), f">Reread {row.pk}</a> is running")
        told = f"Reread {row.pk} will end now; what it has stored stays; it goes on in an hour."
        assertContains(admin_client.post(f"{self.SCANS}{row.pk}/cancel/", follow=True), told)

    def test_while_one_runs_list_and_page_show_it_and_can_cancel_it(
        self, admin_client: Client
    ) -> None:
        scan = make_scan(state=ScanState.RUNNING, seen=900, to_read=800, read=500, total=3000)
        for url in (self.SCANS, f"{self.SCANS}{scan.pk}/change/"):
            response = admin_client.get(url)
            assertContains(response, f"Cancel scan {scan.pk}</button>")
            assertContains(response, "600 of 3,000 files")
            assertContains(response, 'max="3000" value="600"')
            assertContains(response, 'type="module"')
            assertNotContains(response, "Full rescan")

    def test_a_scan_says_how_much_it_passed_over_and_why(self, admin_client: Client) -> None:
        scan = make_scan(ignored={"hidden_folders": 1200, "rule of a later version": 1})
        response = admin_client.get(f"{self.SCANS}{scan.pk}/change/")
        assertContains(response, "1,200 hidden folders (named with a dot and a letter)<br>")
        assertContains(response, "1 rule of a later version")

    def test_folders_that_are_empty_are_named_with_a_button_that_confirms_it(
        self, admin_client: Client
    ) -> None:
        button = "Rescan and accept empty folders</button>"
        make_scan(emptied=[{"path": "/music/<nas>\n\u202e", "tracks": 40}])
        make_scan(folders=["/music/jazz"])
        make_scan(state=ScanState.CANCELLED)
        assertContains(admin_client.get(self.SCANS), r"/music/&lt;nas&gt;\n\u202e (40 tracks)")
        assertContains(admin_client.get(self.SCANS), button)
        make_scan()
        assertNotContains(admin_client.get(self.SCANS), button)
        assertNotContains(admin_client.get(self.SCANS), "40 tracks")

    def test_the_page_of_a_scan_that_is_over_has_nothing_to_cancel(
        self, admin_client: Client
    ) -> None:
        over = make_scan()
        make_scan(state=ScanState.RUNNING)
        response = admin_client.get(f"{self.SCANS}{over.pk}/change/")
        assertNotContains(response, "Cancel scan")
        assertNotContains(response, "<progress")

    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ({}, "Starting."),
            ({"seen": 900, "to_read": 900, "read": 1}, "900 files found, 1 of 900 read"),
            ({"seen": 900, "total": 3000}, "900 of 3,000 files"),
            ({"seen": 31, "total": 30}, "30 of 30 files"),  # one came after they were counted
            ({"seen": 900, "total": 3000, "cancel_requested": True}, "Ending."),
        ],
    )
    def test_progress_is_told_as_json(
        self, admin_client: Client, fields: dict[str, int], text: str
    ) -> None:
        scan = make_scan(state=ScanState.RUNNING, **fields)
        response = admin_client.get(f"{self.SCANS}{scan.pk}/progress/")
        assert "no-store" in response.headers["cache-control"]
        told = response.json()
        assert told["is_running"] is True
        assert told["text"] == text
        assert told["counts"]["seen"] == fields.get("seen", 0)

    def test_the_end_of_a_scan_is_told_with_its_message(self, admin_client: Client) -> None:
        scan = make_scan(message="Music library scan completed. 3 items processed.")
        told = admin_client.get(f"{self.SCANS}{scan.pk}/progress/").json()
        assert (told["is_running"], told["message"]) == (False, scan.message)

    def test_a_scan_that_there_is_not_is_not_found(self, admin_client: Client) -> None:
        assert admin_client.get(f"{self.SCANS}7/progress/").status_code == 404
        assert admin_client.post(f"{self.SCANS}7/cancel/").status_code == 404

    def test_a_listener_gets_nothing(self, page: Client) -> None:
        scan = make_scan(state=ScanState.RUNNING)
        for url in (self.START, f"{self.SCANS}{scan.pk}/cancel/"):
            assert page.post(url).headers["location"].startswith("/admin/login/")
        assert page.get(f"{self.SCANS}{scan.pk}/progress/").status_code == 302
        assert not Scan.objects.filter(cancel_requested=True).exists()

    def test_a_link_begins_no_scan_and_neither_does_a_form_of_another_site(
        self, admin_client: Client, admin_user: User
    ) -> None:
        scan = make_scan(state=ScanState.RUNNING)
        cancel = f"{self.SCANS}{scan.pk}/cancel/"
        stranger = Client(enforce_csrf_checks=True)
        stranger.force_login(admin_user)
        for url in (self.START, cancel):
            assert admin_client.get(url).status_code == 405
            assert stranger.post(url).status_code == 403
        assert not Scan.objects.filter(cancel_requested=True).exists()
        assert Scan.objects.count() == 1

    def test_another_scan_is_a_warning_and_not_an_error(self, admin_client: Client) -> None:
        running = make_scan(state=ScanState.RUNNING, host_name="elsewhere")
        response = admin_client.post(self.START, follow=True)
        assertContains(response, 'class="warning"')
        assertContains(response, f'<a href="{self.SCANS}{running.pk}/change/">Show it</a>')
