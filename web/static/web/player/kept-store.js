// The database of the browser with what a user keeps offline. Each user has one of their own, so that
// nobody sees what another user of this browser keeps. The service worker reads it too (kept-media.js).
//
// Stores: `tracks`: what lists show of a kept track, and its size, by the id. `files`: the bytes of a
// track, by the same id. `covers`: pictures by "coverId/edge". `sets`: what was asked for, by a key such
// as "albums/7", with the ids of its tracks.

import { storageName } from "./addresses.js";

const VERSION = 1;
const STORES = ["tracks", "files", "covers", "sets"];

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onabort = () => reject(request.error);
  });

// Not "AbortError", which stands for downloads that the page itself gave up.
const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new DOMException("not stored", "UnknownError"));
  });

export class KeptStore {
  writes = 0; // rises when this page begins to write something, and when it has

  constructor(user) {
    this.name = storageName(`mus-kept-${user}`);
  }

  // Rejects where the browser has no storage, as in some private windows.
  open() {
    this.opening ??= this.openNow().catch((error) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  async openNow() {
    const request = indexedDB.open(this.name, VERSION);
    request.onupgradeneeded = () => {
      for (const name of STORES) request.result.createObjectStore(name);
    };
    const database = await done(request);
    database.onversionchange = database.onclose = () => {
      database.close();
      this.opening = null;
    };
    return database;
  }

  // All values of a store.
  async all(name) {
    return done((await this.open()).transaction(name).objectStore(name).getAll());
  }

  async keys(name) {
    return done((await this.open()).transaction(name).objectStore(name).getAllKeys());
  }

  // `act(stores)` puts and deletes in the object stores; all of it is stored, or none.
  async write(act) {
    this.writes += 1;
    const transaction = (await this.open()).transaction(STORES, "readwrite");
    const result = finished(transaction);
    act(Object.fromEntries(STORES.map((name) => [name, transaction.objectStore(name)])));
    await result.finally(() => (this.writes += 1));
  }

  clear() {
    return this.write((stores) => Object.values(stores).forEach((store) => store.clear()));
  }
}
