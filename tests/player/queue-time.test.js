// How long the rest of a queue plays.

import assert from "node:assert/strict";
import { test } from "node:test";
import { timeLeft } from "../../web/static/web/player/queue-time.js";

const queue = (count, position) => ({ entries: Array.from({ length: count }, (_, id) => ({ id })), position });

test("what is left of the current track and the tracks after it count", () => {
  assert.deepEqual(timeLeft(queue(5, 2), () => 60, 12), { seconds: 132, isAbout: false });
  assert.deepEqual(timeLeft(queue(1, 0), () => 60, 12), { seconds: 12, isAbout: false });
  assert.deepEqual(timeLeft(queue(0, -1), () => 60, 0), { seconds: 0, isAbout: false });
});

test("nothing is said before the lengths are known", () => {
  assert.equal(timeLeft(queue(3, 0), (id) => (id === 2 ? undefined : 60), 0), null);
});

test("a long queue is estimated by its next tracks", () => {
  const { seconds, isAbout } = timeLeft(queue(100_001, 0), (id) => (id <= 300 ? 100 : undefined), 0);
  assert.deepEqual([seconds, isAbout], [10_000_000, true]);
});
