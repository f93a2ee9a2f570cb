"""Scans that the actions of the admin's lists begin, for real."""

from collections.abc import Iterator

import pytest

from tests.audio_files import make_audio
from tests.library.runner.house import Administrator, House, wait_until

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def ada(shared_house: House) -> Iterator[Administrator]:
    with shared_house.serve("--no-scan") as server:
        yield Administrator(server)


def test_the_action_of_the_list_of_scans_needs_no_selection(
    shared_house: House, ada: Administrator
) -> None:
    for selected in ((), (1,)):
        number = len(shared_house.scans()) + 1
        response = ada.act("scan", "rescan_library", *selected)
        assert response.headers["location"] == f"/admin/library/scan/{number}/change/"
        wait_until(shared_house.is_over)
    scans = shared_house.scans()
    assert [(scan["trigger"], scan["state"]) for scan in scans] == [("admin", "completed")] * 2


def test_failures_are_tried_again_by_a_full_scan_of_their_folders(
    shared_house: House, ada: Administrator
) -> None:
    music = shared_house.folder / "music"
    for name in ("one/broken.mp3", "two/broken.mp3", "gone/broken.mp3"):
        make_audio(music / name).write_bytes(b"no audio")
    ada.start()
    wait_until(shared_house.is_over)
    failures = shared_house.query("SELECT id, path FROM library_scanfailure ORDER BY path")
    (gone,), rest = [[each["id"] for each in part] for part in (failures[:1], failures[1:])]
    (music / "gone" / "broken.mp3").unlink()
    (music / "gone").rmdir()
    ada.act("scanfailure", "try_again", gone, *rest)
    wait_until(shared_house.is_over)
    scan = shared_house.last_scan()
    assert scan["is_full"] == 1
    assert scan["folders"] == f'["{music}/one", "{music}/two"]'
    assert scan["seen"] == scan["failed"] == 2
    page = ada.follow(ada.act("scanfailure", "try_again", gone))
    assert "Their folders are gone." in page
    assert shared_house.last_scan()["id"] == scan["id"]


def test_the_button_says_that_empty_folders_are_meant_so(
    shared_house: House, ada: Administrator
) -> None:
    emptied = shared_house.folder / "music" / "emptied"
    for number in range(200):
        make_audio(emptied / f"{number}.mp3", title=f"Emptied {number}")
    ada.start()
    wait_until(shared_house.is_over)
    for path in emptied.iterdir():
        path.unlink()
    ada.start()
    wait_until(shared_house.is_over)
    assert shared_house.last_scan()["missing"] == 0
    assert shared_house.events()[-1]["message_level"] == "warning"
    assert "200 tracks were kept" in shared_house.events()[-1]["message_to_show"]
    ada.start(allow_empty="1")
    wait_until(shared_house.is_over)
    assert shared_house.last_scan()["missing"] == 200
