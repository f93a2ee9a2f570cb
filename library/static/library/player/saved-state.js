// Where the player stands, kept across reloads: on the server what it plays and how, and in this
// browser the queue, which may be long.

import { get, send, sendBeacon } from "./api.js";

const PATH = "player/state";
const DELAY_MS = 1000;
const EVERY_MS = 5000;
const QUEUE_KEY = "mus-queue";

export class SavedState {
  // `read()` gives the state as the API has it; `isOurs()` tells whether it is this tab that plays.
  constructor({ user, queue, read, isOurs }) {
    Object.assign(this, { queue, read, isOurs, key: `${QUEUE_KEY}-${user}` });
    this.last = "";
    queue.addEventListener("change", () => this.queueChanged());
    addEventListener("pagehide", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    addEventListener("storage", (event) => event.key === this.key && !isOurs() && this.loadQueue());
  }

  async load() {
    const { body } = await get(PATH);
    this.last = JSON.stringify(body);
    this.loadQueue();
    return body;
  }

  loadQueue() {
    this.isLoading = true;
    try {
      this.queue.restore(JSON.parse(localStorage.getItem(this.key)));
    } catch {
      this.queue.restore(null); // of another version, or there is no storage
    }
    this.isLoading = false;
  }

  // Something changed: save it in a moment, and while it plays every five seconds at least.
  soon() {
    this.saving ??= setTimeout(() => this.save(), DELAY_MS);
  }

  playing() {
    this.saving ??= setTimeout(() => this.save(), EVERY_MS);
  }

  async save() {
    this.stopTimer();
    const state = this.changed();
    if (!state) return;
    try {
      await send("PUT", PATH, state);
    } catch (error) {
      this.last = "";
      // A track that was purged meanwhile; or nobody is there, and the next change tries again.
      if (error.status === 422) this.last = JSON.stringify(state);
    }
  }

  flush() {
    this.stopTimer();
    this.saveQueue();
    const state = this.changed();
    if (state && !sendBeacon(PATH, state)) this.last = "";
  }

  // What is to be saved, or null where nothing changed or another tab sees to it.
  changed() {
    if (!this.isOurs()) return null;
    const state = this.read();
    const text = JSON.stringify(state);
    if (text === this.last) return null;
    this.last = text;
    return state;
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
    try {
      localStorage.setItem(this.key, JSON.stringify(this.queue));
    } catch {
      // No room: the queue lasts as long as the page.
    }
  }
}
