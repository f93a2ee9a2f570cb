// Saves the player's state: track, position, modes and the place in the queue on the server, for all
// browsers of the user; and all of it with the queue in this browser, for a start without the server.

import { storageName } from "./addresses.js";
import { Away, get, send, sendBeacon } from "./api.js";
import { read as stored, write as store } from "./storage.js";

const PATH = "player/state";
const DELAY_MS = 1000;
const EVERY_MS = 5000;
const QUEUE_KEY = "mus-queue";
const STATE_KEY = "mus-state";
const ROWS_KEY = "mus-rows";
const TOKEN_KEY = "mus-synced";
const PLACE = new Set(["current_track_id", "progress_seconds"]);
const UNDER_WAY_MS = 10_000;

export class SavedState {
  // `read()` returns the state in the API's format; `isOurs()` whether this tab is the one that
  // plays, and `isQueueOurs()` whether the queue is this tab's, also while another device plays;
  // `rows()` the tracks that the page shows for this state, in the API's format. `left()`: what
  // the server is to know of a page that closes, in the API's format. `refused()` is called if
  // another browser has replaced the queue.
  constructor({ user, queue, read, isOurs, isQueueOurs, rows, left, refused }) {
    const keys = [QUEUE_KEY, STATE_KEY, ROWS_KEY, TOKEN_KEY].map((each) => storageName(`${each}-${user}`));
    const [key, stateKey, rowsKey, tokenKey] = keys;
    Object.assign(this, { queue, read, isOurs, isQueueOurs, rows, left, refused, key, stateKey, rowsKey, tokenKey });
    this.last = {}; // what the server has, or is about to have, as far as it is known
    this.confirmed = null; // what the server said last that it has
    queue.addEventListener("change", () => this.queueChanged());
    addEventListener("pagehide", () => this.flush(this.left()));
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    addEventListener("storage", (event) => event.key === this.key && !isOurs() && this.loadQueue());
  }

  async load() {
    const { body } = await get(PATH);
    this.last = body;
    this.confirmed = body;
    this.lastTrackId = body.current_track_id;
    const kept = stored(this.stateKey) ?? {};
    return isNewer(kept, body) ? kept.state : body;
  }

  // The copy in this browser, for a start without the server: the last state or null, and its
  // tracks.
  kept() {
    const { state = null, isUnderWay = false, base = null } = stored(this.stateKey) ?? {};
    const rows = stored(this.rowsKey);
    // Until the server answers, it is taken to have what it had when this copy was made.
    this.confirmed ??= isUnderWay ? base : state;
    return { state: isState(state) ? state : null, rows: Array.isArray(rows) ? rows : [] };
  }

  // `isUnderWay`: the server may not have the state yet.
  keep(state, isUnderWay) {
    store(this.stateKey, { state, at: Date.now(), isUnderWay, base: this.confirmed });
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

  // The state of the library up to which the stored queues have the ids of living tracks; null if
  // it is not known.
  get token() {
    const token = stored(this.tokenKey);
    return typeof token === "string" ? token : null;
  }

  // Queues have living ids up to this state of the library. Stored by the tab whose queue is.
  synced(token) {
    if (!this.isQueueOurs()) return;
    this.saveQueue();
    store(this.tokenKey, token);
  }

  // The state has changed: save it within a second.
  soon() {
    this.saveWithin(DELAY_MS);
  }

  // The position has changed: save it within five seconds.
  playing() {
    this.saveWithin(EVERY_MS);
  }

  // The state that the server has by now, perhaps from another browser.
  async fetch() {
    return (await get(PATH)).body;
  }

  // The server's state was taken over: there is nothing to save.
  taken() {
    this.stopTimer();
    const state = this.read();
    this.last = state;
    this.confirmed = state;
    this.lastTrackId = state.current_track_id;
    this.keep(state, false);
  }

  // The server has taken the queue, and with it the place in it, before any state was saved. `place`:
  // in the API's format, `progress_seconds` is null if the server knows it better.
  queueArrived(place) {
    if (!isState(this.confirmed) || place.progress_seconds === null) return;
    const { volume_level, is_muted, is_repeat, is_repeat_one } = this.confirmed;
    this.confirmed = { volume_level, is_muted, is_repeat, is_repeat_one, ...place };
  }

  get isUnsaved() {
    return this.saving !== null && this.saving !== undefined;
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
      this.confirmed = state;
    } catch (error) {
      this.forget();
      if (error instanceof Away) this.keep(state, true);
      // Usually the server is away, and the next change tries again. 422 means that the track was
      // purged: trying again would fail again.
      if (error.status === 422) this.last = state;
      if (error.status === 409) this.refused();
    }
  }

  flush(more = null) {
    this.stopTimer();
    this.saveQueue();
    const state = this.changed();
    if (!state && !more) return;
    if (!sendBeacon(PATH, { ...(state && this.toSend(state)), ...more })) this.forget();
    // A reloaded page may request the state before the server has handled the beacon.
    if (state) this.keep(state, true);
  }

  // The state to save; null if nothing has changed or another tab plays.
  changed() {
    if (!this.isOurs()) return null;
    const state = this.read();
    if (Object.entries(state).every(([name, value]) => value === this.last[name])) return null;
    this.last = state;
    return state;
  }

  // Without a track, where the server knows of none either: it may be about to find one again, that
  // was purged, and a page that shows none must not take it away.
  toSend(state) {
    const { current_track_id: trackId } = state;
    const hasNone = trackId === null && this.lastTrackId === null;
    this.lastTrackId = trackId;
    return hasNone ? withoutPlace(state) : state;
  }

  // What the server holds is not known, since a request failed or has set more than the state.
  forget() {
    this.last = {};
    this.lastTrackId = undefined;
  }

  stopTimer() {
    clearTimeout(this.saving);
    this.saving = null;
  }

  queueChanged() {
    if (this.isLoading || !this.isQueueOurs()) return;
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

const withoutPlace = (state) => Object.fromEntries(Object.entries(state).filter(([name]) => !PLACE.has(name)));

// Whether the kept state is newer than the server's: it was sent a moment ago, or never arrived, as
// the server still has what it had before.
const isNewer = ({ state, at, isUnderWay, base }, body) =>
  isUnderWay && isState(state) && (Date.now() - at < UNDER_WAY_MS || (isState(base) && isContained(base, body)));

const isContained = (some, all) => Object.entries(some).every(([name, value]) => value === all[name]);

const isState = (state) => typeof state?.volume_level === "number" && typeof state.progress_seconds === "number";
