// The play queue as it is saved, and what is made of it again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { queueOf, savedQueue } from "../../web/static/web/player/saved-queue.js";

const idsOf = (entries) => entries.map(({ id }) => id);

test("a shuffled queue with a track twice is the same queue again", () => {
  const ordered = [5, 6, 5].map((id) => ({ id }));
  const [one, other, twin] = ordered;
  const queue = { ordered, entries: [twin, one, other], isShuffled: true, position: 1, isHandMade: true, isOver: true, visitor: other };
  const saved = JSON.parse(JSON.stringify(savedQueue(queue)));
  assert.deepEqual(saved, { ids: [5, 6, 5], order: [2, 0, 1], position: 1, isHandMade: true, isOver: true, visitor: 1 });
  const again = queueOf(saved);
  assert.deepEqual(again, queue);
  assert.equal(again.visitor, again.entries[2]);
});

test("a queue that is not shuffled has no order", () => {
  const ordered = [{ id: 1 }];
  const saved = savedQueue({ ordered, entries: ordered, isShuffled: false, position: 0, isHandMade: false, isOver: false, visitor: null });
  assert.deepEqual([saved.order, saved.visitor], [null, null]);
  assert.equal(queueOf(saved).isShuffled, false);
});

test("of a damaged queue remains what can be read", () => {
  const read = (saved) => [idsOf(queueOf(saved).entries), queueOf(saved).position];
  for (const nothing of [null, "x", [1, 2], {}]) assert.deepEqual(read(nothing), [[], -1]);
  assert.deepEqual(read({ ids: [1, "2", null, 3.5, -4, 0, 2 ** 60, 5], position: 9 }), [[1, 5], 1]);
  assert.deepEqual(read({ ids: [1, 2, 3], order: [2], position: "x" }), [[1, 2, 3], 0]);
  assert.deepEqual(read({ ids: [1, 2, 3], order: [0, 0, 1], position: -3 }), [[1, 2, 3], 0]);
  assert.deepEqual(read({ ids: [1, 2], order: [1, 0], position: 1 }), [[2, 1], 1]);
});
