// The queue of the server on which the one of this browser is based, and whether that was changed
// here since. All tabs share this. Each change has a time of its own, `changedAt`: see QueueSync.

import { storageName } from "./addresses.js";
import { read, write } from "./storage.js";

const LONGEST_AGE_S = 1e9;
const UNKNOWN = { number: null, changedAt: null, keepsEarlier: false };

export class QueueBase {
  constructor(user) {
    this.key = storageName(`mus-queue-number-${user}`);
    this.inMemory = UNKNOWN;
  }

  // `number`: of the server's queue; null if this browser's is based on none. `changedAt`: when this
  // browser changed it; null if the server has it. `keepsEarlier`: see `keepEarlier`.
  get stored() {
    return read(this.key) ?? this.inMemory;
  }

  store(values) {
    this.inMemory = { ...this.stored, ...values };
    write(this.key, this.inMemory);
  }

  get isChanged() {
    return this.stored.changedAt !== null;
  }

  // The queue was changed now, which is later than any change of before.
  changed() {
    this.store({ changedAt: Math.max(Date.now(), (this.stored.changedAt ?? 0) + 1) });
  }

  // The change was undone before it was sent.
  undone() {
    this.store({ changedAt: null, keepsEarlier: false });
  }

  // The queue of before is worth keeping: another one took its place.
  keepEarlier() {
    this.keepsEarlierSince = true;
    this.store({ keepsEarlier: true });
  }

  // What the server is to know of a queue that is sent now, in the API's format.
  toSend() {
    const { number, changedAt, keepsEarlier } = this.stored;
    this.keepsEarlierSince = false;
    return {
      based_on: number ?? 0,
      age_s: Math.min(Math.max(0, (Date.now() - changedAt) / 1000), LONGEST_AGE_S),
      keeps_earlier: keepsEarlier,
    };
  }

  // The server has the queue that was sent, as number `number`.
  sent(number) {
    this.store({ number, keepsEarlier: this.keepsEarlierSince });
  }

  // The change at `changedAt` need not be sent any more. Returns whether there is no later one.
  settleChange(changedAt) {
    const isLast = this.stored.changedAt === changedAt;
    if (isLast) this.store({ changedAt: null });
    return isLast;
  }

  // The queue is the server's with this number.
  settle(number) {
    this.store({ number, changedAt: null, keepsEarlier: false });
  }
}
