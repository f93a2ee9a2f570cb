"""Which folders wait for a scan, when it is due, and what a finished scan has seen."""

import pytest

from library.runner.pending_folders import (
    BULK_FILES,
    MAX_FOLDERS,
    PAUSES_AFTER_FAILURE_S,
    PendingFolders,
)

ROOT = "/music"


@pytest.fixture
def pending() -> PendingFolders:
    return PendingFolders()


def note(pending: PendingFolders, folder: str, *times: float) -> None:
    for now in times:
        pending.note(ROOT, folder, now)


class TestWhenAScanIsDue:
    def test_nothing_is_where_nothing_has_changed(self, pending: PendingFolders) -> None:
        assert pending.due(1000) == []
        assert not pending.may_be_due(1000)

    @pytest.mark.parametrize(("now", "due"), [(11.9, []), (12.0, ["/music/a"])])
    def test_a_folder_is_when_it_was_quiet_for_two_seconds(
        self, pending: PendingFolders, now: float, due: list[str]
    ) -> None:
        note(pending, "/music/a", 1, 5, 10)
        assert pending.due(now) == due

    def test_all_of_them_at_once_when_all_are_quiet(self, pending: PendingFolders) -> None:
        note(pending, "/music/a", 1)
        note(pending, "/music/b", 2)
        assert pending.due(3.5) == []
        assert pending.due(4) == ["/music/a", "/music/b"]

    def test_settled_folders_wait_four_seconds_for_others(self, pending: PendingFolders) -> None:
        note(pending, "/music/settled", 1)
        note(pending, "/music/busy", *range(1, 30))
        assert pending.due(4.9) == []
        assert pending.due(5) == ["/music/settled"]

    def test_many_files_wait_half_a_minute_for_an_end(self, pending: PendingFolders) -> None:
        note(pending, "/music/a", *[1] * BULK_FILES)
        note(pending, "/music/busy", *[each / 2 for each in range(2, 61)])
        assert pending.due(30.9) == []
        assert pending.due(31) == ["/music/a", "/music/busy"]

    def test_many_files_do_not_wait_when_all_is_quiet(self, pending: PendingFolders) -> None:
        note(pending, "/music/a", *[1] * 1000)
        assert pending.due(3) == ["/music/a"]

    def test_a_folder_that_is_never_quiet_waits_half_a_minute(
        self, pending: PendingFolders
    ) -> None:
        note(pending, "/music/busy", *range(1, 41))
        assert pending.due(30) == []
        assert pending.due(31) == ["/music/busy"]

    def test_both_ends_of_a_move_together(self, pending: PendingFolders) -> None:
        pending.note_move((ROOT, "/music/from"), (ROOT, "/music/to"), 1)
        note(pending, "/music/to", *range(1, 10))
        assert pending.due(5.5) == ["/music/from", "/music/to"]

    def test_it_stays_pending_until_a_scan_has_seen_it(self, pending: PendingFolders) -> None:
        note(pending, "/music/a", 1)
        assert pending.due(3) == pending.due(4) == ["/music/a"]


class TestWhatAScanHasSeen:
    def test_changes_a_second_before_it_began(self, pending: PendingFolders) -> None:
        note(pending, "/music/a", 1)
        pending.taken(["/music/a"], 2)
        assert len(pending) == 0

    @pytest.mark.parametrize("changed", [9.5, 10, 11])
    def test_not_what_changed_just_before_or_during_the_scan(
        self, pending: PendingFolders, changed: float
    ) -> None:
        note(pending, "/music/a", 1, changed)
        pending.taken(["/music/a"], 10)
        assert pending.due(changed + 2) == ["/music/a"]

    def test_folders_in_those_it_was_of(self, pending: PendingFolders) -> None:
        note(pending, "/music/a/b", 1)
        note(pending, "/music/ab", 1)
        pending.taken(["/music/a"], 10)
        assert pending.due(12) == ["/music/ab"]

    def test_everything_where_it_was_of_no_folder(self, pending: PendingFolders) -> None:
        note(pending, "/music/a", 1)
        pending.taken([], 10)
        assert pending.due(12) == []

    def test_a_root_that_is_the_whole_system(self, pending: PendingFolders) -> None:
        pending.note("/", "/a", 1)
        pending.taken(["/"], 10)
        assert len(pending) == 0


class TestAScanThatFails:
    def test_is_tried_again_after_growing_pauses_and_then_left(
        self, pending: PendingFolders
    ) -> None:
        now = 10.0
        note(pending, "/music/a", 1)
        for pause_s in PAUSES_AFTER_FAILURE_S:
            assert not pending.failed(["/music/a"], now)
            assert pending.due(now + pause_s - 0.1) == []
            now += pause_s
            assert pending.due(now) == ["/music/a"]
        assert pending.failed(["/music/a"], now)
        assert len(pending) == 0

    def test_the_next_trouble_begins_with_the_first_pause(self, pending: PendingFolders) -> None:
        note(pending, "/music/a", 1)
        pending.failed(["/music/a"], 10)
        pending.succeeded()
        pending.failed(["/music/a"], 100)
        assert pending.due(100 + PAUSES_AFTER_FAILURE_S[0]) == ["/music/a"]


class TestManyFolders:
    def test_become_their_root(self, pending: PendingFolders) -> None:
        for number in range(MAX_FOLDERS + 1):
            note(pending, f"/music/{number}", number / 100)
        pending.note("/other", "/other/a", 1)
        assert pending.due(10) == [ROOT, "/other/a"]

    def test_what_changes_then_is_in_the_root(self, pending: PendingFolders) -> None:
        for number in range(MAX_FOLDERS + 1):
            note(pending, f"/music/{number}", 1)
        note(pending, "/music/0", 5)
        pending.taken([ROOT], 5.5)
        assert pending.due(7) == [ROOT]

    def test_both_ends_of_a_move_stay_together(self, pending: PendingFolders) -> None:
        pending.note_move(("/other", "/other/a"), (ROOT, "/music/b"), 1)
        for number in range(MAX_FOLDERS + 1):
            note(pending, f"/music/{number}", 1)
        pending.note("/other", "/other/a", 31)
        assert pending.due(31.5) == [ROOT, "/other/a"]

    @pytest.mark.parametrize("before", [MAX_FOLDERS - 2, MAX_FOLDERS - 1, MAX_FOLDERS])
    def test_a_move_may_be_what_makes_them_too_many(
        self, pending: PendingFolders, before: int
    ) -> None:
        for number in range(before):
            note(pending, f"/music/{number}", 1)
        pending.note_move((ROOT, "/music/a"), (ROOT, "/music/b"), 1)
        assert (pending.due(10) == [ROOT]) == (before > MAX_FOLDERS - 2)

    def test_there_are_never_more(self, pending: PendingFolders) -> None:
        for number in range(10_000):
            note(pending, f"/music/{number}", 1)
        assert len(pending) == 1
