// The keeper with a server of one album, and a store in memory in place of the browser's database.

import assert from "node:assert/strict";
import { test } from "node:test";

const values = new Map();
const localStorage = { getItem: (name) => values.get(name) ?? null, setItem: (name, value) => values.set(name, value), removeItem: (name) => values.delete(name) };
const document = { body: { dataset: { base: "/", storagePrefix: "", user: "ada" } }, cookie: "", getElementById: () => null };
const given = { document, localStorage, location: new URL("http://host/"), addEventListener: () => null, navigator: {} };
for (const [name, value] of Object.entries(given)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { Keeper } = await import("../../web/static/web/player/keeper.js");
const { keptIndex } = await import("../../web/static/web/player/kept-index.js");

const files = new Map([[1, "uno"], [2, "due"]]);
let holds = null; // the id of a track whose file does not come

const answer = (path, query) => {
  const ids = (query.get("ids") ?? "").split(",").map(Number);
  if (path === "tracks/files") return { results: ids.map((id) => ({ id, size_bytes: files.get(id).length, mtime_ns: files.get(id), revision: 1 })) };
  if (path === "tracks") return { results: ids.map((id) => ({ id, revision: 1, cover_id: "" })) };
  return null;
};
globalThis.fetch = async (address, { signal } = {}) => {
  const url = new URL(address, "http://host/");
  const [, path] = url.pathname.split("/api/v1/");
  const streamed = /^tracks\/([0-9]+)\/stream$/.exec(path);
  if (streamed && Number(streamed[1]) === holds) await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  return streamed ? new Response(files.get(Number(streamed[1]))) : Response.json(answer(path, url.searchParams));
};

class Memory {
  writes = 0;
  stores = Object.fromEntries(["tracks", "files", "covers", "sets"].map((name) => [name, new Map()]));

  async all(name) {
    return [...this.stores[name].values()].map((each) => structuredClone(each));
  }

  async keys(name) {
    return [...this.stores[name].keys()];
  }

  async write(act) {
    this.writes += 1;
    act(Object.fromEntries(Object.entries(this.stores).map(([name, store]) => [name, { put: (value, key) => store.set(key, value instanceof Blob ? value : structuredClone(value)), delete: (key) => store.delete(key) }])));
    this.writes += 1;
  }
}

// As a page of this browser does that is opened.
const opened = async (store) => {
  const keeper = new Keeper("ada");
  await keeper.begin();
  Object.assign(keeper, { store, isUsable: true });
  await keeper.load();
  keeper.loading.goOn();
  return keeper;
};
const until = async (condition) => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
};
const textOf = (store, id) => store.stores.files.get(id)?.text();
const album = { kind: "albums", id: 7, name: "Short Cuts", trackIds: [1, 2], body: { id: 7 } };

test("a file that changed is loaded anew, also by a page that is opened later; the old one plays until then", async () => {
  const store = new Memory();
  const first = await opened(store);
  await first.put(album);
  await until(() => !first.loading.missing.length);
  files.set(1, "uno, longer");
  holds = 1;
  await first.check("another token");
  assert.deepEqual([keptIndex.has(1), await textOf(store, 1)], [true, "uno"]);
  holds = null;
  const later = await opened(store); // the page was closed before the file had come
  assert.equal(keptIndex.has(1), true);
  await until(async () => (await textOf(store, 1)) === "uno, longer");
  await until(() => !later.loading.missing.length);
  assert.deepEqual([later.stateOf(album).have, later.loading.failed.size], [2, 0]);
});

test("what another tab has cleared is removed here, too", async () => {
  const store = new Memory();
  const keeper = await opened(store);
  await keeper.put(album);
  await until(() => !keeper.loading.missing.length);
  store.stores.sets.clear(); // the user has logged out there
  await keeper.heard();
  assert.deepEqual([store.stores.tracks.size, store.stores.files.size, keptIndex.tracks.size], [0, 0, 0]);
});

test("a set that is put while another tab's changes are read is not forgotten", async () => {
  const keeper = await opened(new Memory());
  await Promise.all([keeper.heard(), keeper.put(album)]);
  assert.ok(keptIndex.sets.has("albums/7"));
  await until(() => !keeper.loading.missing.length);
});

test("where the browser stores no files, as in a private window, nothing is loaded again and again", async () => {
  const store = new Memory();
  const write = store.write.bind(store);
  let refused = 0;
  store.write = (act) =>
    write((stores) => {
      const put = () => {
        refused += 1;
        throw new DOMException("", "UnknownError");
      };
      act({ ...stores, files: { ...stores.files, put } });
    });
  const keeper = await opened(store);
  const told = [];
  keeper.addEventListener("problem", ({ detail }) => told.push(detail));
  await keeper.add(album);
  await until(() => told.length);
  await until(() => !keeper.loading.isWaiting);
  assert.deepEqual([refused, told.length], [1, 1]);
  assert.match(told[0], /private/);
});
