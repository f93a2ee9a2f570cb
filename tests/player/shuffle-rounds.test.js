// The rounds of a shuffled queue: their order, and the way back and forth between them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { shuffledFrom, ShuffleRounds } from "../../web/static/web/player/shuffle-rounds.js";

const entries = (count) => Array.from({ length: count }, (_, id) => ({ id }));
const sorted = (round) => round.map(({ id }) => id).sort((one, other) => one - other);
const all = (count) => [...Array(count).keys()];

test("each round has each entry once, and does not begin with what has just ended", () => {
  const ordered = entries(3);
  for (let times = 0; times < 50; times += 1) {
    const round = new ShuffleRounds().after(ordered, ordered);
    assert.deepEqual(sorted(round), all(3));
    assert.notEqual(round[0], ordered.at(-1));
  }
});

test("the round that was told is the one that comes, and going back leads to the same two", () => {
  const ordered = entries(20);
  const rounds = new ShuffleRounds();
  const told = rounds.after(ordered, ordered);
  assert.equal(rounds.goOn(ordered, ordered), told);
  assert.deepEqual(rounds.entries, ordered);
  assert.equal(rounds.goBack(told), ordered);
  assert.equal(rounds.goOn(ordered, ordered), told);
});

test("after a change of the queue there is no round before, and another one after", () => {
  const ordered = entries(20);
  const rounds = new ShuffleRounds();
  const told = rounds.after(rounds.goOn(ordered, ordered), ordered);
  rounds.forget();
  assert.deepEqual([rounds.earlier, rounds.entries], [null, []]);
  assert.notDeepEqual(rounds.after(ordered, ordered), told);
});

test("a shuffle keeps the chosen entry first", () => {
  const ordered = entries(20);
  const shuffled = shuffledFrom(ordered[7], ordered);
  assert.equal(shuffled[0].id, 7);
  assert.deepEqual(sorted(shuffled), all(20));
  assert.notDeepEqual(shuffled.slice(1).map(({ id }) => id), all(20).filter((id) => id !== 7));
});
