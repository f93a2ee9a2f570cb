// Stores queues that were replaced or cleared in this browser, so that users can restore them.

import { storageName } from "./addresses.js";

const KEY = "mus-earlier-queues";
const MOST_QUEUES = 10;
const MOST_IDS = 100_000; // in all kept queues together: localStorage has a few megabytes

// A kept queue is `{ queue, trackId, position, isPlaying, title, at }`: `queue` from
// PlayQueue.toJSON, `title` of the current track of then, `at` the time of the replacement in
// milliseconds.
export class EarlierQueues {
  constructor(user) {
    this.key = storageName(`${KEY}-${user}`);
    this.inMemory = [];
  }

  // The latest first.
  get all() {
    try {
      const found = JSON.parse(localStorage.getItem(this.key));
      return Array.isArray(found) ? found.filter((kept) => Array.isArray(kept?.queue?.ids)) : this.inMemory;
    } catch {
      return this.inMemory; // another version stored it, or there is no storage
    }
  }

  keep(kept) {
    this.store([kept, ...this.all.filter((each) => !isSame(each.queue, kept.queue))]);
  }

  forget(kept) {
    this.store(this.all.filter((each) => !isSame(each.queue, kept.queue)));
  }

  store(queues) {
    let most = Math.min(queues.length, MOST_QUEUES);
    while (most > 1 && idsIn(queues.slice(0, most)) > MOST_IDS) most -= 1;
    this.inMemory = queues.slice(0, most);
    for (; most >= 0; most -= 1) {
      try {
        localStorage.setItem(this.key, JSON.stringify(queues.slice(0, most)));
        return;
      } catch {
        // Not enough room: try again without the oldest queue.
      }
    }
  }
}

export const isSame = (one, other) =>
  one.ids.length === other.ids.length && one.ids.every((id, place) => id === other.ids[place]);

const idsIn = (queues) => queues.reduce((sum, { queue }) => sum + queue.ids.length, 0);
