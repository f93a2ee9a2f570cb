import assert from "node:assert/strict";
import { test } from "node:test";
import { missingOf, nextHalfHour, roomLeft, roomOfQueue, surplusOf } from "../../web/static/web/player/kept-room.js";

const durationOf = () => 600;
const sizeOf = () => 10;

test("the user's bound and the browser's quota both hold", () => {
  assert.equal(roomLeft({ bound: 100, kept: 30, estimate: null }), 70);
  assert.equal(roomLeft({ bound: 1e9, kept: 0, estimate: { quota: 100e6, usage: 20e6 } }), 30e6);
  assert.equal(roomLeft({ bound: 100, kept: 300, estimate: null }), 0);
  assert.equal(roomLeft({ bound: 1e9, kept: 0, estimate: { quota: 10e6, usage: 0 } }), 0);
  assert.equal(roomOfQueue(2e9), 0.3e9);
  assert.equal(roomOfQueue(0.4e9), 0.1e9);
});

test("half an hour of the queue from the current track on, and the one before", () => {
  const given = { ids: [1, 2, 3, 4, 5, 6], durationOf, sizeOf, room: 1000 };
  assert.deepEqual(nextHalfHour({ ...given, position: 1 }), [2, 3, 4, 1]);
  assert.deepEqual(nextHalfHour({ ...given, position: 0 }), [1, 2, 3]);
  assert.deepEqual(nextHalfHour({ ...given, position: 5 }), [6, 5]);
  assert.deepEqual(nextHalfHour({ ...given, ids: [], position: -1 }), []);
});

test("no more than the room, a repeated track once, unknown lengths as four minutes", () => {
  assert.deepEqual(nextHalfHour({ ids: [1, 2, 3], position: 0, durationOf, sizeOf, room: 25 }), [1, 2]);
  assert.deepEqual(nextHalfHour({ ids: [1, 1, 1, 2], position: 0, durationOf, sizeOf, room: 99 }), [1]);
  const ids = Array.from({ length: 20 }, (_, index) => index + 1);
  assert.equal(nextHalfHour({ ids, position: 0, durationOf: () => undefined, sizeOf, room: 999 }).length, 8);
});

test("what is missing begins with the queue; what nothing wants goes", () => {
  const sets = [{ kind: "albums", trackIds: [1, 2, 3] }, { kind: "queue", trackIds: [3, 4] }];
  assert.deepEqual(missingOf(sets, (id) => id === 1), [3, 4, 2]);
  assert.deepEqual(surplusOf(sets, [1, 4, 9]), [9]);
});
