// Loads the files that are missing of what is to be kept offline, one after the other, and stores them.
// Knows how far that is, and what hinders it.

import { Away, contact } from "./api.js";
import { coversOf, download, rowOf } from "./kept-downloads.js";
import { keptIndex } from "./kept-index.js";
import { missingOf, versionOf } from "./kept-room.js";
import { gettext } from "./translation.js";

class Unstorable extends Error {}

export class KeptLoading {
  failed = new Map(); // why a track could not be loaded, by its id
  progress = null; // `{ id, bytes, size }` of what is being loaded
  obstacle = ""; // why nothing more is loaded, for people

  // `keeper`: the Keeper, which is told what has come.
  constructor(keeper) {
    this.keeper = keeper;
  }

  get missing() {
    return missingOf(keptIndex.sets.values(), (id) => keptIndex.isFresh(id)).filter((id) => !this.failed.has(id));
  }

  // One tab of the browser loads; the others wait for its lock, and find nothing left to do.
  goOn() {
    const { isUsable, names } = this.keeper;
    if (this.isWaiting || !isUsable || !this.missing.length || this.obstacle) return;
    this.isWaiting = true;
    const act = () => this.loadAll().finally(() => (this.isWaiting = false));
    navigator.locks ? navigator.locks.request(names.lock, act) : act();
  }

  stop() {
    this.current?.abort();
  }

  stopIfUnwanted() {
    if (this.progress && !keptIndex.isWanted(this.progress.id)) this.stop();
  }

  async loadAll() {
    while (this.missing.length && !this.obstacle && !contact.isAway && !contact.isLoggedOut) {
      const [id] = this.missing;
      await this.loadOne(id).catch((error) => this.hinder(id, error));
      this.keeper.tell("change");
    }
  }

  async loadOne(id) {
    await this.keeper.sizes.want([id]);
    const old = keptIndex.tracks.get(id); // it plays until the new file is here
    const about = await this.withRoom(id, old?.size ?? 0);
    this.current = new AbortController();
    const { signal } = this.current;
    const row = await rowOf(id, signal);
    this.progress = { id, bytes: 0, size: about.size_bytes };
    const file = await download(id, signal, (bytes) => this.came(bytes)).finally(() => (this.progress = null));
    const covers = await coversOf(row, signal);
    const kept = { id, row, size: file.size, version: versionOf(about), type: file.type };
    if (!keptIndex.isWanted(id)) return; // it was removed meanwhile
    await this.store(kept, file, covers);
    keptIndex.tracks.set(id, kept);
    for (const [key] of covers) keptIndex.covers.add(key);
    this.keeper.changedHere();
    if (!old) this.keeper.tellComplete(id);
  }

  // What the server says of the file. `freed`: the bytes that become free when it is stored.
  async withRoom(id, freed) {
    const about = this.keeper.sizes.get(id);
    if (!about) throw new Error(gettext("its file is missing"));
    if (about.size_bytes > (await this.keeper.room()) + freed) throw new DOMException("", "QuotaExceededError");
    return about;
  }

  // Safari stores no Blob in private windows.
  async store(kept, file, covers) {
    const write = this.keeper.store.write((stores) => {
      stores.tracks.put(kept, kept.id);
      stores.files.put(file, kept.id);
      for (const [key, blob] of covers) stores.covers.put(blob, key);
    });
    await write.catch((error) => {
      throw error.name === "QuotaExceededError" ? error : new Unstorable();
    });
  }

  came(bytes) {
    this.progress.bytes += bytes;
    this.keeper.tellSoon();
  }

  hinder(id, error) {
    if (error.name === "AbortError" || error instanceof Away || error.status === 401) return;
    const isAskedFor = keptIndex.isWanted(id, ({ kind }) => kind !== "queue");
    if (error instanceof Unstorable) this.obstacle = gettext("This browser stores no music here: the window may be a private one.");
    else if (error.name === "QuotaExceededError" && isAskedFor) this.obstacle = gettext("There is no room for more: remove something, or allow more.");
    else this.failed.set(id, error.message);
    if (this.obstacle && isAskedFor) this.keeper.dispatchEvent(new CustomEvent("problem", { detail: this.obstacle }));
  }
}
