// Which queue of the server the one of this browser is based on, and what is sent of its changes.

import assert from "node:assert/strict";
import { test } from "node:test";

const values = new Map();
const localStorage = { getItem: (name) => values.get(name) ?? null, setItem: (name, value) => values.set(name, value) };
const document = { body: { dataset: { base: "/", storagePrefix: "" } } };
for (const [name, value] of Object.entries({ document, localStorage, location: new URL("http://host/") })) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { QueueBase } = await import("../../web/static/web/player/queue-base.js");

const base = (number) => {
  values.clear();
  const made = new QueueBase("ada");
  if (number !== undefined) made.settle(number);
  return made;
};

test("a browser that knows no queue of the server says that it is based on none", () => {
  const fresh = base();
  assert.equal(fresh.isChanged, false);
  fresh.changed();
  assert.equal(fresh.isChanged, true);
  const { based_on, age_s, keeps_earlier } = fresh.toSend();
  assert.deepEqual([based_on, keeps_earlier], [0, false]);
  assert.ok(age_s >= 0 && age_s < 60);
});

test("each change has a later time than the one before, in the same millisecond too", () => {
  const changed = base(3);
  const times = [1, 2, 3].map(() => {
    changed.changed();
    return changed.stored.changedAt;
  });
  assert.ok(times[0] < times[1] && times[1] < times[2], String(times));
});

test("a change that was made while another one was sent is still to be sent", () => {
  const changed = base(3);
  changed.changed();
  const { changedAt } = changed.stored;
  changed.changed();
  assert.equal(changed.settleChange(changedAt), false);
  assert.equal(changed.isChanged, true);
  assert.equal(changed.settleChange(changed.stored.changedAt), true);
  assert.equal(changed.isChanged, false);
});

test("a queue is kept as an earlier one once, unless it is replaced again while it is sent", () => {
  const changed = base(3);
  changed.keepEarlier();
  assert.equal(changed.toSend().keeps_earlier, true);
  changed.sent(4);
  assert.deepEqual([changed.stored.number, changed.toSend().keeps_earlier], [4, false]);
  changed.keepEarlier();
  changed.toSend();
  changed.keepEarlier();
  changed.sent(5);
  assert.equal(changed.toSend().keeps_earlier, true);
  changed.undone();
  assert.deepEqual([changed.isChanged, changed.toSend().keeps_earlier], [false, false]);
});

test("all tabs share it, and without a storage this page knows it still", () => {
  const changed = base(3);
  changed.changed();
  assert.equal(new QueueBase("ada").stored.changedAt, changed.stored.changedAt);
  assert.equal(new QueueBase("bob").stored.number, null);
  values.clear();
  assert.equal(changed.stored.number, 3);
});

test("the age that is sent has a bound, for clocks that are wrong", () => {
  const changed = base(3);
  changed.store({ changedAt: -1e15 });
  assert.equal(changed.toSend().age_s, 1e9);
  changed.store({ changedAt: Date.now() + 1e6 });
  assert.equal(changed.toSend().age_s, 0);
});
