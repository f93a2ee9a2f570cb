// Keeps what the user adds to playlists while the server is away, until the server has taken it: over
// restarts of the browser, for the user who did it. Each addition has a time of its own, by which the
// server knows it, so that one that is sent again because the answer was lost is made once.

import { storageName } from "./addresses.js";
import { Away, contact, send } from "./api.js";
import { read } from "./storage.js";
import { filled, gettext } from "./translation.js";

const RETRY_MS = 30_000;

// Events: "sent": the server has taken something. "refused": it did not; `detail` is a sentence.
export class PlaylistOutbox extends EventTarget {
  constructor(user) {
    super();
    Object.assign(this, { user, prefix: storageName(`mus-add-${user}-`), lock: storageName(`mus-add-${user}`) });
    for (const type of ["back", "loggedin"]) contact.addEventListener(type, () => this.send());
    this.send();
  }

  // Add tracks to a playlist, before the entry `before` if it is not null. While the server is away they
  // wait here; `waits` in the answer is the name under which they do. Throws Away where the browser has
  // no storage.
  async add(playlistId, playlistName, trackIds, before = null) {
    this.last = Math.max(contact.now(), (this.last ?? 0) + 1);
    const added = { playlistId, playlistName, trackIds, before, addedAt: new Date(this.last).toISOString() };
    try {
      return await this.tell(added);
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      const name = `${this.prefix}${added.addedAt}-${playlistId}`;
      try {
        localStorage.setItem(name, JSON.stringify(added));
      } catch {
        throw error;
      }
      return { added: trackIds.length, entry_ids: [], waits: name };
    }
  }

  tell({ playlistId, trackIds, before = null, addedAt }) {
    return send("POST", `playlists/${playlistId}/entries`, { track_ids: trackIds, before, added_at: addedAt, user: this.user });
  }

  drop(name) {
    localStorage.removeItem(name);
  }

  // The earliest first.
  get names() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(this.prefix)).sort();
    } catch {
      return []; // there is no storage
    }
  }

  // Tabs take turns, so that none sends what another one is sending.
  send() {
    const act = () => this.sendAll();
    return navigator.locks ? navigator.locks.request(this.lock, act) : act();
  }

  async sendAll() {
    clearTimeout(this.retrying);
    for (const name of this.names) if (!(await this.sendOne(name))) return;
  }

  // Returns whether to go on.
  async sendOne(name) {
    const added = read(name);
    if (!added) return true; // it was taken back
    try {
      await this.tell(added);
    } catch (error) {
      if (error instanceof Away || error.status === 401 || error.code === "other_user") return false;
      if (error.status === 429 || error.status >= 500) {
        this.retrying = setTimeout(() => this.send(), RETRY_MS);
        return false;
      }
      const text = gettext("What you added to “%(name)s” without the server could not be added. %(why)s");
      this.dispatchEvent(new CustomEvent("refused", { detail: filled(text, { name: added.playlistName, why: error.message }) }));
    }
    this.drop(name);
    this.dispatchEvent(new Event("sent"));
    return true;
  }
}
