"""What clients ask first: whether the server is there, what it can do, whether it scans."""

import os
import re
from datetime import UTC, datetime

from library.models.scan import ScanState
from tests.opensubsonic.conftest import RestServer
from tests.opensubsonic.in_process import Rest, login_of
from tests.web.library_rows import make_scan, make_track


def test_ping_is_answered_with_the_envelope_alone(rest: Rest) -> None:
    body = rest("ping")
    assert list(body) == ["status", "version", "type", "serverVersion", "openSubsonic"]
    assert body["version"] == "1.16.1"
    assert body["type"] == "mus"
    assert body["openSubsonic"] is True
    assert rest.statements == []


def test_the_license_is_valid(rest: Rest) -> None:
    assert rest("getLicense")["license"] == {"valid": True}


def test_the_extensions_are_public_and_no_login_is_looked_at(rest: Rest) -> None:
    found = Rest(None)("getOpenSubsonicExtensions")["openSubsonicExtensions"]
    assert {"name": "formPost", "versions": [1]} in found
    wrong = {"u": "lee", "p": "", "t": "wrong", "s": "salt", "apiKey": "wrong"}
    assert Rest(None)("getOpenSubsonicExtensions", **wrong)["openSubsonicExtensions"] == found
    assert rest("getOpenSubsonicExtensions")["openSubsonicExtensions"] == found


def test_a_key_is_told_its_user(rest: Rest) -> None:
    assert rest.user is not None
    key = login_of(rest.user)["p"]
    assert Rest(None)("tokenInfo", apiKey=key)["tokenInfo"] == {"username": "lee"}
    assert Rest(None).error("tokenInfo", apiKey="wrong")["code"] == 44
    assert rest.error("tokenInfo")["code"] == 44


def test_no_scan_yet(rest: Rest) -> None:
    status = rest("getScanStatus")["scanStatus"]
    assert status == {"scanning": False, "count": 0, "folderCount": 0}


def test_a_scan_that_runs_and_one_that_is_over(rest: Rest) -> None:
    make_track()
    make_track(missing=True)
    at = datetime(2026, 11, 28, 13, 43, 39, 123456, UTC)
    make_scan(finished_at=at)
    status = rest("getScanStatus")["scanStatus"]
    assert status["count"] == 1
    assert status["lastScan"] == "2026-11-28T13:43:39.123Z"
    here = {"host_name": os.uname().nodename, "process_id": os.getpid()}
    make_scan(state=ScanState.RUNNING, seen=100, to_read=30, read=10, **here)
    status = rest("getScanStatus")["scanStatus"]
    assert status["scanning"] is True
    assert status["lastScan"] == "2026-11-28T13:43:39.123Z"
    assert status["count"] == 80


def test_a_listener_starts_no_scan(rest: Rest) -> None:
    assert rest.error("startScan")["code"] == 50


def test_a_scan_is_started_once(rest_server: RestServer) -> None:
    """By the server that starts scans of the API, too. Asked again, it answers with the status."""
    for _ in range(2):
        body = rest_server.get("startScan", user="stella", fullScan="true").json()
        status = body["subsonic-response"]["scanStatus"]
        assert status.keys() >= {"scanning", "count"}
    assert rest_server.get("startScan").json()["subsonic-response"]["error"]["code"] == 50
    said = "from library.models.scan import Scan; print('scans', Scan.objects.scans().count())"
    assert int(re.findall(r"scans (\d+)", rest_server.served.python(said))[0]) >= 1


def test_an_unknown_endpoint_is_an_error_and_no_404(rest: Rest) -> None:
    assert rest.ask("getNothing").status == 200
    assert rest.error("getNothing") == {"code": 0, "message": "Unknown endpoint"}
