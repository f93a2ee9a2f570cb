// Saves the player's state: track, position and modes on the server, for all browsers of the user;
// the queue, which may be long, in this browser.

import { storageName } from "./addresses.js";
import { get, send, sendBeacon } from "./api.js";

const PATH = "player/state";
const DELAY_MS = 1000;
const EVERY_MS = 5000;
const QUEUE_KEY = "mus-queue";
const STATE_KEY = "mus-state";
const ROWS_KEY = "mus-rows";
const UNDER_WAY_MS = 10_000;

export class SavedState {
  // `read()` returns the state in the API's format; `isOurs()` whether this tab is the one that
  // plays; `rows()` the tracks that the page shows for this state, in the API's format.
  constructor({ user, queue, read, isOurs, rows }) {
    const [key, stateKey, rowsKey] = [QUEUE_KEY, STATE_KEY, ROWS_KEY].map((each) => storageName(`${each}-${user}`));
    Object.assign(this, { queue, read, isOurs, rows, key, stateKey, rowsKey });
    this.last = "";
    queue.addEventListener("change", () => this.queueChanged());
    addEventListener("pagehide", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    addEventListener("storage", (event) => event.key === this.key && !isOurs() && this.loadQueue());
  }

  async load() {
    const { body } = await get(PATH);
    this.last = JSON.stringify(body);
    this.lastTrackId = body.current_track_id;
    const { state, at, isUnderWay } = stored(this.stateKey) ?? {};
    return isUnderWay && Date.now() - at < UNDER_WAY_MS ? state : body;
  }

  // The copy in this browser, for a start without the server: the last state or null, and its
  // tracks.
  kept() {
    const { state = null } = stored(this.stateKey) ?? {};
    const rows = stored(this.rowsKey);
    return { state: isState(state) ? state : null, rows: Array.isArray(rows) ? rows : [] };
  }

  keep(state, isUnderWay) {
    store(this.stateKey, { state, at: Date.now(), isUnderWay });
    store(this.rowsKey, this.rows());
  }

  loadQueue() {
    this.takeQueue(stored(this.key));
  }

  // Restore a queue from the storage or from the tab that played. It is stored already.
  takeQueue(saved) {
    this.isLoading = true;
    this.queue.restore(saved);
    this.isLoading = false;
  }

  // The state has changed: save it within a second.
  soon() {
    this.saveWithin(DELAY_MS);
  }

  // The position has changed: save it within five seconds.
  playing() {
    this.saveWithin(EVERY_MS);
  }

  saveWithin(delay) {
    const due = performance.now() + delay;
    if (this.saving && this.due <= due) return;
    clearTimeout(this.saving);
    this.due = due;
    this.saving = setTimeout(() => this.save(), delay);
  }

  async save() {
    this.stopTimer();
    const state = this.changed();
    if (!state) return;
    this.keep(state, false);
    try {
      await send("PUT", PATH, this.toSend(state));
    } catch (error) {
      this.forget();
      // Usually the server is away, and the next change tries again. 422 means that the track was
      // purged: trying again would fail again.
      if (error.status === 422) this.last = JSON.stringify(state);
    }
  }

  flush() {
    this.stopTimer();
    this.saveQueue();
    const state = this.changed();
    if (!state) return;
    if (!sendBeacon(PATH, this.toSend(state))) this.forget();
    // A reloaded page may request the state before the server has handled the beacon.
    this.keep(state, true);
  }

  // The state to save; null if nothing has changed or another tab plays.
  changed() {
    if (!this.isOurs()) return null;
    const state = this.read();
    const text = JSON.stringify(state);
    if (text === this.last) return null;
    this.last = text;
    return state;
  }

  // Without a track, where the server knows of none either: it may be about to find one again, that
  // was purged, and a page that shows none must not take it away.
  toSend(state) {
    const { current_track_id: trackId, progress_seconds: _, ...modes } = state;
    const hadNone = this.lastTrackId === null;
    this.lastTrackId = trackId;
    return trackId === null && hadNone ? modes : state;
  }

  // What the server holds is not known, since a request failed.
  forget() {
    this.last = "";
    this.lastTrackId = undefined;
  }

  stopTimer() {
    clearTimeout(this.saving);
    this.saving = null;
  }

  queueChanged() {
    if (this.isLoading || !this.isOurs()) return;
    this.isQueueUnsaved = true;
    clearTimeout(this.savingQueue);
    this.savingQueue = setTimeout(() => this.saveQueue(), DELAY_MS / 4);
  }

  saveQueue() {
    clearTimeout(this.savingQueue);
    if (!this.isQueueUnsaved) return;
    this.isQueueUnsaved = false;
    store(this.key, this.queue);
  }
}

const isState = (state) => typeof state?.volume_level === "number" && typeof state.progress_seconds === "number";

const stored = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // another version stored it, or there is no storage
  }
};

const store = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // No room in the storage: the state lasts as long as the page.
  }
};
