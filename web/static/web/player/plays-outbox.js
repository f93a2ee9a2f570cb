// Keeps plays in this browser until the server has taken them: while it is away, over restarts of
// the browser, for the user who heard them. Each play is stored under a name of its own, so that
// tabs do not overwrite each other's. The server knows a play by its track and second, so one that
// two tabs send, or that is sent again because the answer was lost, is stored once.

import { storageName } from "./addresses.js";
import { Away, contact, send } from "./api.js";

const KEY = "mus-play";
const PORTION = 50;
const MOST_KEPT = 5000; // half a megabyte; the oldest go first
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;
const PASSING = [401, 408, 429]; // later the same request may be answered

export class PlaysOutbox {
  constructor(user) {
    Object.assign(this, { user, prefix: storageName(`${KEY}-${user}-`), pause: FIRST_PAUSE_MS });
    this.inMemory = new Map(); // where there is no storage
    contact.addEventListener("back", () => this.send());
    contact.addEventListener("loggedin", () => {
      this.isOfAnother = false;
      this.send();
    });
    addEventListener("online", () => this.send());
    this.send();
  }

  // `startedAt` in milliseconds.
  add({ trackId, startedAt, heard }) {
    const started = `${new Date(startedAt).toISOString().slice(0, 19)}Z`;
    const play = { track_id: trackId, started_at: started, heard_s: Math.round(heard * 10) / 10, client: "mus" };
    this.keep(`${this.prefix}${started}-${trackId}`, play);
    this.send();
  }

  keep(name, play) {
    const names = this.names();
    for (const each of names.slice(0, Math.max(0, names.length + 1 - MOST_KEPT))) this.remove(each);
    try {
      localStorage.setItem(name, JSON.stringify(play));
    } catch {
      this.inMemory.set(name, play);
    }
  }

  // The names of what is kept, the earliest play first.
  names() {
    const found = [...this.inMemory.keys()];
    try {
      found.push(...Object.keys(localStorage).filter((name) => name.startsWith(this.prefix)));
    } catch {
      // There is no storage.
    }
    return found.sort();
  }

  read(name) {
    try {
      return this.inMemory.get(name) ?? JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  remove(name) {
    this.inMemory.delete(name);
    try {
      localStorage.removeItem(name);
    } catch {
      // There is no storage.
    }
  }

  // Send everything, a portion after the other. One call at a time does so.
  async send() {
    if (this.isSending || this.isOfAnother) return;
    this.isSending = true;
    clearTimeout(this.waiting);
    try {
      for (let names = this.names(); names.length; names = this.names()) await this.sendPortion(names.slice(0, PORTION));
      this.pause = FIRST_PAUSE_MS;
    } catch (error) {
      this.retry(error);
    } finally {
      this.isSending = false;
    }
  }

  async sendPortion(names) {
    const plays = names.map((name) => [name, this.read(name)]);
    for (const [name, play] of plays) if (typeof play?.track_id !== "number") this.remove(name); // not ours
    const sound = plays.filter(([, play]) => typeof play?.track_id === "number");
    if (!sound.length) return;
    try {
      await send("POST", "plays", { user: this.user, plays: sound.map(([, play]) => play) });
    } catch (error) {
      const isFaulty = error.status >= 400 && error.status < 500 && ![...PASSING, 403, 409].includes(error.status);
      if (!isFaulty) throw error;
      // The server does not take one of them, so find out which.
      if (sound.length > 1) {
        for (const [name] of sound) await this.sendPortion([name]);
        return;
      }
    }
    for (const [name] of sound) this.remove(name);
  }

  retry(error) {
    // Somebody else has logged in in this browser; these wait until this user comes back.
    this.isOfAnother = error.status === 409;
    if (this.isOfAnother || error.status === 401) return; // the event "loggedin" follows
    if (error instanceof Away || error.status) {
      this.waiting = setTimeout(() => this.send(), this.pause * (0.5 + Math.random()));
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
      return;
    }
    throw error;
  }
}
