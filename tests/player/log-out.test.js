import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const SCRIPT = readFileSync(new URL("../../web/static/web/log-out.js", import.meta.url), "utf8");

test("whoever logs out beside the player takes along what is kept, then the form is sent", async () => {
  const done = [];
  const note = (what) => (name) => void done.push(`${what} ${name}`);
  let heard;
  const sent = new Promise((resolve) => {
    const form = { dataset: { page: "/music/", storagePrefix: "/music/:", user: "ada" }, addEventListener: (_, act) => (heard = act), submit: resolve };
    const deleteDatabase = (name) => {
      note("database")(name);
      const request = {};
      queueMicrotask(() => request.onsuccess());
      return request;
    };
    const cache = { open: async (name) => ({ delete: note(name) }) };
    Object.assign(globalThis, { caches: cache });
    const given = { document: { querySelector: () => form }, indexedDB: { deleteDatabase }, localStorage: { removeItem: note("note") }, BroadcastChannel: class { constructor(name) { this.postMessage = () => note("told")(name); } } };
    new Function(...Object.keys(given), SCRIPT)(...Object.values(given));
  });
  heard({ preventDefault: note("held") });
  await sent;
  assert.deepEqual(done.slice(1), ["note /music/:mus-kept-note-ada", "database /music/:mus-kept-ada", "told /music/:mus-kept-channel-ada", "/music/:mus-shell /music/"]);
});
