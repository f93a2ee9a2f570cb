// Queues that were replaced or cleared, kept in this browser so that they can be brought back.

const KEY = "mus-earlier-queues";
const MOST_QUEUES = 10;
const MOST_IDS = 100_000; // of all kept queues together: the storage has a few megabytes

// A kept queue: `{ queue, trackId, position, isPlaying, title, at }`; `queue` is what PlayQueue's
// toJSON gave, `title` that of the track that was current, `at` when it was replaced.
export class EarlierQueues {
  constructor(user) {
    this.key = `${KEY}-${user}`;
    this.inMemory = [];
  }

  // The latest first.
  get all() {
    try {
      const found = JSON.parse(localStorage.getItem(this.key));
      return Array.isArray(found) ? found.filter((kept) => Array.isArray(kept?.queue?.ids)) : this.inMemory;
    } catch {
      return this.inMemory; // of another version, or there is no storage
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
        // No room for so many: without the oldest of them, then.
      }
    }
  }
}

export const isSame = (one, other) =>
  one.ids.length === other.ids.length && one.ids.every((id, place) => id === other.ids[place]);

const idsIn = (queues) => queues.reduce((sum, { queue }) => sum + queue.ids.length, 0);
