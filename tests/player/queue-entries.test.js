// What happens to the current entry, and to the order without shuffle, when entries come and go.

import assert from "node:assert/strict";
import { test } from "node:test";
import { insertEntries, moveEntries, moveEntry, nearestEntry, removeEntries, removeEntry, visitEntry } from "../../web/static/web/player/queue-entries.js";

// The entry at `position` is current.
const queue = (ids, position, isShuffled = false) => {
  const entries = ids.map((id) => ({ id }));
  return { entries, ordered: [...entries].sort((one, other) => (isShuffled ? one.id - other.id : 0)), position, isShuffled, visitor: null };
};
const idsOf = (entries) => entries.map(({ id }) => id);
const shown = ({ entries, ordered, position }) => [idsOf(entries), idsOf(ordered), entries[position]?.id ?? null];

test("what is put in has its place in both orders", () => {
  const shuffled = queue([3, 1, 2], 1, true);
  insertEntries(shuffled, [8, 9], 1, 3);
  assert.deepEqual(shown(shuffled), [[3, 8, 9, 1, 2], [1, 2, 3, 8, 9], 1]);
  const empty = queue([], -1);
  insertEntries(empty, [5, 6], 0, 0);
  assert.deepEqual(shown(empty), [[5, 6], [5, 6], 5]);
});

test("the current entry remains it when it or another one is moved over it", () => {
  for (const [from, to, ids] of [[1, 3, [1, 3, 4, 2]], [0, 2, [2, 3, 1, 4]], [3, 0, [4, 1, 2, 3]], [2, 3, [1, 2, 4, 3]]]) {
    const moved = queue([1, 2, 3, 4], 1);
    moveEntry(moved, from, to);
    assert.deepEqual(shown(moved), [ids, ids, 2]);
  }
  const several = queue([1, 2, 3, 4, 5], 2);
  assert.equal(moveEntries(several, [0, 3], 5), 3);
  assert.deepEqual(shown(several), [[2, 3, 5, 1, 4], [2, 3, 5, 1, 4], 3]);
});

test("a move in a shuffled queue leaves the order without shuffle", () => {
  const one = queue([3, 1, 2], 0, true);
  moveEntry(one, 2, 0);
  assert.deepEqual(shown(one), [[2, 3, 1], [1, 2, 3], 3]);
  assert.equal(moveEntries(one, [1, 2], 0), 0);
  assert.deepEqual(shown(one), [[3, 1, 2], [1, 2, 3], 3]);
});

test("after the current entry is removed the next one that remains is current, at the end the last", () => {
  const one = queue([3, 1, 2], 1, true);
  assert.equal(removeEntry(one, 0), false);
  assert.deepEqual(shown(one), [[1, 2], [1, 2], 1]);
  assert.equal(removeEntry(one, 0), true);
  assert.deepEqual(shown(one), [[2], [2], 2]);
  assert.equal(removeEntry(one, 0), true);
  assert.deepEqual([shown(one), one.position], [[[], [], null], -1]);
  const several = queue([1, 2, 3, 4, 5], 2);
  assert.equal(removeEntries(several, [0, 2]), true);
  assert.deepEqual(shown(several), [[2, 4, 5], [2, 4, 5], 4]);
  assert.equal(removeEntries(several, [0]), false);
  assert.equal(removeEntries(several, [0, 1]), true);
  assert.deepEqual([shown(several), several.position], [[[], [], null], -1]);
});

test("what another browser played takes one place, however much that was", () => {
  const visited = queue([3, 1, 2], 1, true);
  visitEntry(visited, 8);
  visitEntry(visited, 9);
  assert.deepEqual(shown(visited), [[3, 1, 9, 2], [1, 9, 2, 3], 9]);
  visited.position = 0;
  visitEntry(visited, 8);
  assert.deepEqual(shown(visited), [[3, 8, 1, 9, 2], [1, 9, 2, 3, 8], 8]);
});

test("of a track that is there several times the one nearest to the current entry is found", () => {
  assert.equal(nearestEntry(queue([7, 1, 2, 7, 3], 2), 7), 3);
  assert.equal(nearestEntry(queue([7, 1, 2, 3, 7], 1), 7), 0);
  assert.equal(nearestEntry(queue([1, 2, 3, 7], 0), 7), 3);
  assert.equal(nearestEntry(queue([7], 0), 9), -1);
});
