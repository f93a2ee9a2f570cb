// What the page of a playlist asks for, with a server that answers when the test lets it.

import assert from "node:assert/strict";
import { test } from "node:test";

const document = { body: { dataset: { base: "/", storagePrefix: "", user: "ada" } }, cookie: "", documentElement: { lang: "en" }, getElementById: () => null };
const localStorage = { getItem: () => null, setItem: () => null };
const given = { document, localStorage, location: new URL("http://host/"), addEventListener: () => null, matchMedia: () => ({}), navigator: {} };
for (const [name, value] of Object.entries(given)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { PlaylistLoading } = await import("../../web/static/web/player/views/playlist-loading.js");

// The page of the playlist 7, whose rows are as new as the playlist: `shown` is the names of its head.
// `asked`: functions that answer the requests so far, each with a name.
const begin = () => {
  const asked = [];
  globalThis.fetch = () =>
    new Promise((resolve) => {
      asked.push((name) => resolve(Response.json({ name, version: 1 })));
    });
  const shown = [];
  const view = { id: 7, edits: { pending: 0 }, source: { version: 1 }, playlist: null };
  view.showPlaylist = (playlist) => {
    view.playlist = playlist;
    shown.push(playlist.name);
  };
  return { loading: new PlaylistLoading(view), view, asked, shown };
};
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

test("what is told while the playlist is asked for is one more question", async () => {
  const { loading, asked, shown } = begin();
  const told = [loading.refreshQuietly()];
  await turn();
  told.push(loading.refreshQuietly(), loading.refreshQuietly(), loading.refreshQuietly());
  await turn();
  assert.equal(asked.length, 1);
  asked[0]("before");
  await turn();
  assert.equal(asked.length, 2);
  asked[1]("after");
  await Promise.all(told);
  assert.deepEqual([asked.length, shown], [2, ["before", "after"]]);
});

test("a change after the answers is asked for anew", async () => {
  const { loading, asked, shown } = begin();
  for (const name of ["first", "second"]) {
    const told = loading.refreshQuietly();
    await turn();
    asked.at(-1)(name);
    await told;
  }
  assert.deepEqual(shown, ["first", "second"]);
});

test("an answer to an older question replaces no newer one", async () => {
  const { loading, asked, shown } = begin();
  const loaded = [loading.loadHead(), loading.refreshQuietly()];
  await turn();
  asked[1]("newer");
  await turn();
  asked[0]("older");
  await Promise.all(loaded);
  assert.deepEqual(shown, ["newer"]);
});

test("who has left the page asks nothing more of what was told meanwhile", async () => {
  const { loading, view, asked } = begin();
  const told = [loading.refreshQuietly()];
  await turn();
  told.push(loading.refreshQuietly());
  view.hasEnded = true;
  asked[0]("late");
  await Promise.all(told);
  assert.deepEqual([asked.length, view.playlist], [1, null]);
});
