// Keeps music offline: stores what is asked for, has the files loaded that are missing (kept-loading.js),
// and removes what nothing asks for any more. What is missing follows from what is stored, so that a
// reload, a cut and another tab go on where this one stopped.

import { storageName } from "./addresses.js";
import { contact } from "./api.js";
import { checkKept } from "./kept-checks.js";
import { FileSizes } from "./kept-downloads.js";
import { keptIndex } from "./kept-index.js";
import { KeptLoading } from "./kept-loading.js";
import { lostOf, writeNote } from "./kept-note.js";
import { BOUNDS, DEFAULT_BOUND, roomLeft, surplusOf } from "./kept-room.js";
import { KeptStore } from "./kept-store.js";
import { read, write } from "./storage.js";

export const keyOf = (kind, id) => (id === null ? kind : `${kind}/${id}`);

// Events: "change": what is kept, or how far it is. "kept": a set is complete; `detail` is the set.
// "problem": `detail` is a sentence for people. "lost": the browser has removed something; `detail` is
// `{ count, sets }` with what had been asked for.
export class Keeper extends EventTarget {
  constructor(user) {
    super();
    this.store = new KeptStore(user);
    const named = (name) => storageName(`mus-kept-${name}-${user}`);
    this.names = { bound: named("bound"), note: named("note"), lock: named("lock"), checked: named("checked"), channel: named("channel") };
    this.sizes = new FileSizes();
    this.loading = new KeptLoading(this);
    this.isPersistent = null;
    // Resolves when it is known what is kept, or that the browser has no storage.
    this.ready = new Promise((resolve) => (this.tellReady = resolve));
  }

  async begin() {
    await this.open();
    this.tellReady();
  }

  async open() {
    try {
      await this.load();
      this.channel = new BroadcastChannel(this.names.channel);
      this.channel.addEventListener("message", () => this.heard());
      this.isUsable = true;
    } catch {
      this.isUsable = false; // the browser has no storage
      return;
    }
    this.notice();
    for (const type of ["back", "loggedin"]) contact.addEventListener(type, () => this.tryAgain());
    this.loading.goOn();
  }

  // Another tab has changed something, maybe all of it, as the user logged out.
  async heard() {
    await this.load();
    if (surplusOf(keptIndex.sets.values(), keptIndex.tracks.keys()).length) await this.sweep();
    this.loading.goOn();
  }

  async load() {
    const { writes } = this.store;
    const [tracks, covers, sets] = await Promise.all([this.store.all("tracks"), this.store.keys("covers"), this.store.all("sets")]);
    if (writes !== this.store.writes) return this.load(); // this page has changed something meanwhile
    keptIndex.take({ tracks, covers, sets });
    this.tell("change");
  }

  // Known before `ready`: whether anything was kept when this browser was used last.
  get mayHaveTracks() {
    return Boolean(read(this.names.note)?.tracks);
  }

  // Browsers remove what pages store if the disk gets full.
  notice() {
    const found = lostOf(this.names.note);
    if (found) this.dispatchEvent(new CustomEvent("lost", { detail: found }));
    writeNote(this.names.note);
  }

  get bound() {
    const bound = read(this.names.bound);
    return BOUNDS.includes(bound) ? bound : DEFAULT_BOUND;
  }

  set bound(bytes) {
    write(this.names.bound, bytes);
    this.tryAgain();
  }

  estimate() {
    return navigator.storage?.estimate?.().catch(() => null) ?? Promise.resolve(null);
  }

  async room() {
    return roomLeft({ bound: this.bound, kept: keptIndex.bytes, estimate: await this.estimate() });
  }

  // What it takes to keep these tracks: `{ bytes, room }`.
  async measure(ids) {
    const missing = [...new Set(ids)].filter((id) => !keptIndex.has(id));
    await this.sizes.want(missing);
    const bytes = missing.reduce((sum, id) => sum + (this.sizes.get(id)?.size_bytes ?? 0), 0);
    return { bytes, room: await this.room() };
  }

  // `set`: `{ kind, id, name, trackIds, body, entries }`; the last two are what pages show of it.
  async add(set) {
    this.loading.obstacle = ""; // or nobody would hear of it who asks only now
    await this.put(set);
    this.isPersistent = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
    this.tell("change");
  }

  async put(set) {
    const stored = { ...set, key: keyOf(set.kind, set.id) };
    await this.store.write(({ sets }) => sets.put(stored, stored.key));
    keptIndex.sets.set(stored.key, stored);
    for (const id of stored.trackIds) this.loading.failed.delete(id);
    await this.sweep();
    this.loading.goOn();
  }

  async remove(key) {
    await this.store.write(({ sets }) => sets.delete(key));
    keptIndex.sets.delete(key);
    this.loading.stopIfUnwanted();
    await this.sweep();
    this.loading.obstacle = "";
    this.loading.goOn();
  }

  // Everything, when the user logs out.
  async clear() {
    this.loading.stop();
    keptIndex.take({ tracks: [], covers: [], sets: [] });
    writeNote(this.names.note);
    await this.store.clear();
    this.changedHere();
  }

  // Deletes tracks that no set wants, and pictures that no kept track shows.
  async sweep() {
    const { sets, tracks, covers } = keptIndex;
    const surplus = surplusOf(sets.values(), tracks.keys());
    for (const id of surplus) tracks.delete(id);
    const shown = new Set([...tracks.values()].map(({ row }) => row.cover_id));
    const unseen = [...covers].filter((key) => !shown.has(key.slice(0, key.lastIndexOf("/"))));
    for (const key of unseen) covers.delete(key);
    if (surplus.length || unseen.length) {
      writeNote(this.names.note); // first: what is removed on purpose is not lost
      await this.store.write((stores) => {
        for (const id of surplus) for (const name of ["tracks", "files"]) stores[name].delete(id);
        for (const key of unseen) stores.covers.delete(key);
      });
    }
    this.changedHere();
  }

  changedHere() {
    writeNote(this.names.note);
    this.channel?.postMessage(null);
    this.tell("change");
  }

  // How far a set is: `{ have, failed, total, bytes }`.
  stateOf({ trackIds }) {
    const ids = [...new Set(trackIds)];
    const have = ids.filter((id) => keptIndex.has(id));
    const bytes = have.reduce((sum, id) => sum + keptIndex.tracks.get(id).size, 0);
    return { have: have.length, failed: ids.filter((id) => this.loading.failed.has(id)).length, total: ids.length, bytes };
  }

  tryAgain() {
    this.loading.failed.clear();
    this.loading.obstacle = "";
    this.tell("change");
    this.loading.goOn();
  }

  tellComplete(id) {
    for (const set of keptIndex.sets.values()) {
      const { have, total } = this.stateOf(set);
      if (set.kind !== "queue" && have === total && set.trackIds.includes(id)) this.dispatchEvent(new CustomEvent("kept", { detail: set }));
    }
  }

  // Compare what is kept with what the server has; `token`: of the library's state.
  check = (token) => checkKept(this, token);

  tellSoon() {
    this.telling ??= setTimeout(() => {
      this.telling = null;
      this.tell("change");
    }, 250);
  }

  tell(type) {
    this.dispatchEvent(new Event(type));
  }
}
