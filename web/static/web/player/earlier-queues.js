// Queues that were replaced or cleared, so that users can restore them: the server has those of all
// browsers, and this browser keeps its own for when the server is away.

import { storageName } from "./addresses.js";
import { get } from "./api.js";
import { fromServer } from "./queue-contents.js";

const KEY = "mus-earlier-queues";
const MOST_QUEUES = 10;
const SAME_MOMENT_MS = 60_000;
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

  // Those of the server, each `{ title, firstTitles, count, at, by, load }`, where `load()` resolves to a kept queue;
  // those of this browser if the server is away.
  async list() {
    try {
      const { body } = await get("player/queues");
      return body.queues.map((each) => this.offered(each));
    } catch {
      return this.all;
    }
  }

  offered({ id, title, first_titles: firstTitles, entry_count: count, replaced_at: replacedAt, changed_by: by }) {
    const at = Date.parse(replacedAt);
    const load = async () => {
      const { body } = await get(`player/queues/${id}`);
      const trackId = body.track_ids[body.index] ?? null;
      const found = { queue: fromServer(body), trackId, position: body.position_s, isPlaying: false, title, at };
      return this.ownOf(found) ?? found;
    };
    return { title, firstTitles, count, at, by: by?.name ?? "", load };
  }

  // The same queue as this browser kept it when it was replaced: the server knows the place in it
  // only up to the last time that it was saved.
  ownOf({ queue, at }) {
    return this.all.find((each) => Math.abs(each.at - at) < SAME_MOMENT_MS && isSame(each.queue, queue));
  }

  keep(kept) {
    this.store([kept, ...this.all.filter((each) => !isSame(each.queue, kept.queue))]);
  }

  forget(kept) {
    this.store(this.all.filter((each) => !isSame(each.queue, kept.queue)));
  }

  // Tracks were joined with others: `living` is a Map from their ids to those of the others.
  replaceIds(living) {
    const queues = this.all;
    const isConcerned = ({ queue, trackId }) => living.has(trackId) || queue.ids.some((id) => living.has(id));
    if (!queues.some(isConcerned)) return;
    const livingId = (id) => living.get(id) ?? id;
    this.store(
      queues.map((kept) => ({ ...kept, trackId: livingId(kept.trackId), queue: { ...kept.queue, ids: kept.queue.ids.map(livingId) } })),
    );
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
