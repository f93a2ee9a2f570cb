"""The queue by itself, in the browser that runs it: its order, however it was changed or kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.templatetags.static import static
from playwright.sync_api import Page

from tests.browser.sound.listening import Listener

pytestmark = [pytest.mark.browser, pytest.mark.server]

# `ids()` are those of the queue in playing order; `heard(n, repeated)` goes on n times.
RUN = """async ([module, body, given]) => {
  const { PlayQueue } = await import(module);
  const make = (...ids) => { const queue = new PlayQueue(); queue.replace(ids); return queue; };
  const ids = queue => queue.entries.map(({ id }) => id);
  const heard = (queue, times, repeated = true) => Array.from({ length: times }, () => {
    queue.advance(repeated);
    return queue.currentId;
  });
  const tools = { PlayQueue, make, ids, heard, given };
  return (BODIES[body])(tools);
}"""
PLAY_QUEUE = static("web/player/play-queue.js")
BODIES = {
    "order": """({ make, ids }) => {
      const queue = make(1, 2, 3);
      queue.advance(false);
      queue.playNext([8, 9]);
      queue.append([7]);
      queue.move(5, 0);
      return [ids(queue), queue.currentId, queue.following(false)];
    }""",
    "ends": """({ make }) => {
      const queue = make(1, 2);
      return [queue.retreat(false), queue.advance(false), queue.advance(false), queue.currentId,
        queue.advance(true), queue.currentId, queue.retreat(true), queue.currentId];
    }""",
    "rounds": """({ make, heard }) => {
      const queue = make(...Array(40).keys());
      queue.setShuffled(true);
      const first = [queue.currentId, ...heard(queue, 39)];
      const second = heard(queue, 40);
      return [first, second];
    }""",
    "upcoming": """({ make, heard }) => {
      const queue = make(1, 2, 3);
      queue.setShuffled(true);
      const told = Array.from({ length: 20 }, () => {
        const id = queue.upcomingId(true);
        return [id, ...heard(queue, 1)];
      });
      heard(queue, (3 - queue.position - 1) % 3, false);
      return [told, queue.upcomingId(false)];
    }""",
    "back": """({ make, heard }) => {
      const queue = make(1, 2, 3, 4, 5, 6);
      queue.setShuffled(true);
      const forward = [queue.currentId, ...heard(queue, 8)];
      const back = [];
      while (queue.retreat(true)) back.unshift(queue.currentId);
      const again = [queue.currentId, ...heard(queue, 8)];
      return [forward.slice(0, -1), back, forward, again];
    }""",
    "unshuffled": """({ make, ids }) => {
      const queue = make(1, 2, 3, 4, 5);
      queue.jump(2);
      queue.setShuffled(true);
      queue.playNext([9]);
      const next = ids(queue)[queue.position + 1];
      queue.setShuffled(false);
      return [next, ids(queue), queue.currentId];
    }""",
    "jump": """({ make, ids }) => {
      const queue = make(1, 2, 3, 4, 5);
      queue.setShuffled(true);
      const before = ids(queue);
      queue.jump(3);
      const to_come = ids(queue).slice(queue.position + 1);
      return [before[3] === queue.currentId, to_come, [before[1], before[2], before[4]]];
    }""",
    "removal": """({ make, ids }) => {
      const queue = make(1, 2, 3, 2);
      queue.jump(1);
      const wasCurrent = [queue.remove(0), queue.remove(0)];
      const after = [ids(queue), queue.currentId];
      queue.setShuffled(true);
      queue.remove(1);
      queue.setShuffled(false);
      queue.remove(0);
      return [wasCurrent, after, [ids(queue), queue.currentId, queue.position]];
    }""",
    "kept": """({ PlayQueue, make, ids }) => {
      const queue = make(5, 6, 7, 5);
      queue.setShuffled(true);
      queue.advance(false);
      const other = new PlayQueue();
      other.restore(JSON.parse(JSON.stringify(queue)));
      const same = [ids(other).join() === ids(queue).join(), other.position, other.isShuffled];
      other.setShuffled(false);
      return [...same, ids(other)];
    }""",
    "damaged": """({ PlayQueue, ids, given }) => given.map(saved => {
      const queue = new PlayQueue();
      queue.restore(saved);
      return [ids(queue), queue.position, queue.currentId];
    })""",
    "long": """({ make, ids }) => {
      const many = Array.from({ length: 300000 }, (_, index) => index + 1);
      const queue = make(0);
      queue.playNext(many);
      queue.append(many);
      queue.setShuffled(true);
      queue.setShuffled(false);
      return [queue.length, ids(queue).slice(0, 3), JSON.stringify(queue).length > 1000];
    }""",
}
Run = Callable[..., Any]


@pytest.fixture
def run(tab: Listener) -> Run:
    """Runs one of the bodies above in the page."""
    tab.open()
    script = RUN.replace("BODIES", "{" + ",".join(f'"{k}": {v}' for k, v in BODIES.items()) + "}")
    page: Page = tab.page
    return lambda body, given=None: page.evaluate(script, [PLAY_QUEUE, body, given])


def test_what_is_added_and_moved_lies_where_it_was_put(run: Run) -> None:
    assert run("order") == [[7, 1, 2, 8, 9, 3], 2, 3]


def test_it_ends_at_its_ends_unless_it_is_repeated(run: Run) -> None:
    assert run("ends") == [False, True, False, 2, True, 1, True, 2]


def test_shuffled_each_comes_once_a_round_and_none_twice_in_a_row(run: Run) -> None:
    first, second = run("rounds")
    assert sorted(first) == sorted(second) == list(range(40))
    assert first != list(range(40))
    assert first[-1] != second[0]


def test_what_comes_is_known_before_even_where_a_shuffled_queue_begins_again(run: Run) -> None:
    told, at_the_end = run("upcoming")
    assert all(upcoming == heard for upcoming, heard in told)
    assert at_the_end is None


def test_shuffled_back_and_forward_are_the_same_way_even_into_the_round_before(run: Run) -> None:
    before, back, forward, again = run("back")
    assert back == before
    assert again == forward


def test_taking_the_shuffle_back_gives_the_order_of_before_with_what_was_added(run: Run) -> None:
    assert run("unshuffled") == [9, [1, 2, 3, 9, 4, 5], 3]


def test_a_jump_in_a_shuffled_queue_passes_over_nothing(run: Run) -> None:
    is_there, to_come, passed = run("jump")
    assert is_there
    assert to_come == passed


def test_what_is_removed_is_gone_and_the_current_track_is_known(run: Run) -> None:
    was_current, after, rest = run("removal")
    assert was_current == [False, True]
    assert after == [[3, 2], 3]
    assert rest == [[], None, -1]


def test_a_kept_queue_is_the_same_queue(run: Run) -> None:
    assert run("kept") == [True, 1, True, [5, 6, 7, 5]]


def test_a_damaged_queue_gives_what_can_be_made_of_it(run: Run) -> None:
    damaged = {
        "nothing": None,
        "a text": "x",
        "a list": [1, 2],
        "ids of other kinds": {"ids": [1, "2", None, 3.5, -4, 0, 2**60, 5], "position": 1},
        "a position outside": {"ids": [1, 2], "position": 99},
        "no position": {"ids": [1, 2], "position": "x"},
        "an order too short": {"ids": [1, 2, 3], "order": [2], "position": 0},
        "an order with a place twice": {"ids": [1, 2, 3], "order": [0, 0, 1], "position": 1},
        "an order that leads outside": {"ids": [1, 2], "order": [0, 7], "position": -5},
    }
    assert run("damaged", list(damaged.values())) == [
        [[], -1, None],
        [[], -1, None],
        [[], -1, None],
        [[1, 5], 1, 5],
        [[1, 2], 1, 2],
        [[1, 2], 0, 1],
        [[1, 2, 3], 0, 1],
        [[1, 2, 3], 1, 2],
        [[1, 2], 0, 1],
    ]


def test_hundreds_of_thousands_of_tracks_can_be_added_at_once(run: Run) -> None:
    assert run("long") == [600_001, [0, 1, 2], True]
