"""Whose turn it is, and who gives way where there is no room."""

from asgi.fair_queue import FairQueue, Owner

ADA, BOB = Owner("192.0.2.1", ""), Owner("192.0.2.2", "")
ADA_AT_HOME = Owner("192.0.2.1", "session")


def anybody(_: str) -> bool:
    return True


def filled(*items: tuple[Owner, int]) -> FairQueue[int]:
    queue: FairQueue[int] = FairQueue()
    for owner, item in items:
        queue.put(owner, item)
    return queue


def order(queue: FairQueue[int]) -> list[int]:
    taken = []
    while found := queue.take(anybody):
        taken.append(found[1])
    return taken


def test_addresses_have_their_turns_in_rotation_however_much_one_has_waiting() -> None:
    queue = filled((ADA, 1), (ADA, 2), (ADA, 3), (BOB, 4), (BOB, 5))
    assert order(queue) == [1, 4, 2, 5, 3]
    assert len(queue) == 0


def test_sessions_at_one_address_share_its_turns() -> None:
    queue = filled((ADA, 1), (ADA, 2), (ADA_AT_HOME, 3), (BOB, 4), (BOB, 5), (BOB, 6))
    assert order(queue) == [1, 4, 3, 5, 2, 6]


def test_an_address_that_may_not_go_is_passed_over_and_keeps_its_place() -> None:
    queue = filled((ADA, 1), (BOB, 2))
    assert queue.take(lambda address: address != ADA.address) == (BOB, 2)
    assert queue.take(lambda address: address != ADA.address) is None
    assert order(queue) == [1]


def test_what_is_removed_has_no_turn() -> None:
    queue = filled((ADA, 1), (ADA, 2), (BOB, 3))
    queue.remove(ADA, 1)
    queue.remove(ADA, 7)
    queue.remove(BOB, 3)
    assert len(queue) == 1
    assert order(queue) == [2]


def test_the_last_item_of_the_address_with_most_gives_way_to_another_address() -> None:
    queue = filled((ADA, 1), (ADA, 2), (BOB, 3))
    assert queue.displace_for(BOB) is None  # Bob would have as many as Ada
    queue.put(ADA, 4)
    assert queue.displace_for(BOB) == 4
    assert queue.displace_for(ADA) is None
    assert order(queue) == [1, 3, 2]


def test_a_session_with_many_gives_way_to_another_session_at_its_address() -> None:
    queue = filled((ADA, 1), (ADA, 2), (ADA, 3))
    assert queue.displace_for(ADA_AT_HOME) == 3
    assert queue.displace_for(ADA) is None


def test_sessions_without_number_displace_nobody() -> None:
    """A flooder may make up a session for each request."""
    queue = filled(*((Owner("192.0.2.1", f"{number}"), number) for number in range(5)))
    assert queue.displace_for(ADA_AT_HOME) is None


def test_nothing_gives_way_in_an_empty_queue() -> None:
    assert FairQueue[int]().displace_for(ADA) is None
