// Which line of synced lyrics is sung.

import assert from "node:assert/strict";
import { test } from "node:test";
import { lineAt } from "../../web/static/web/player/lyrics-lines.js";

const lines = (...starts) => starts.map((start) => (Array.isArray(start) ? { start_s: start[0], text: start[1] } : { start_s: start, text: "x" }));

test("no line is sung before the first one", () => {
  assert.equal(lineAt(lines(5, 10), 4.9), -1);
  assert.equal(lineAt([], 3), -1);
});

test("a line is sung from its time until that of the next one", () => {
  assert.equal(lineAt(lines(0, 5, 10), 5), 1);
  assert.equal(lineAt(lines(0, 5, 10), 9.99), 1);
  assert.equal(lineAt(lines(0, 5, 10), 1000), 2);
});

test("an empty line at the time of another one does not hide it", () => {
  assert.equal(lineAt(lines([0, "a"], [5, "b"], [5, ""]), 6), 1);
  assert.equal(lineAt(lines([0, "a"], [5, ""]), 6), 1);
});
