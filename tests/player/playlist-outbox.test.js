import assert from "node:assert/strict";
import { test } from "node:test";

const values = {};
const localStorage = Object.defineProperties(values, {
  getItem: { value: (name) => values[name] ?? null },
  setItem: { value: (name, value) => (values[name] = value) },
  removeItem: { value: (name) => delete values[name] },
});
const document = { body: { dataset: { base: "/", storagePrefix: "", user: "ada" } }, cookie: "" };
for (const [name, value] of Object.entries({ document, localStorage, navigator: {} })) Object.defineProperty(globalThis, name, { value, configurable: true });

const { PlaylistOutbox } = await import("../../web/static/web/player/playlist-outbox.js");

test("an addition to a place waits with its place until the server takes it", async () => {
  globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
  const outbox = new PlaylistOutbox("ada");
  const { waits } = await outbox.add(5, "Road", [7], 91);
  assert.deepEqual(outbox.names, [waits]);
  const sent = [];
  globalThis.fetch = async (address, { body }) => {
    sent.push([address, JSON.parse(body)]);
    return Response.json({ added: 1, entry_ids: [92] });
  };
  await outbox.send();
  const [[address, { track_ids: ids, before }]] = sent;
  assert.deepEqual([address, ids, before, outbox.names], ["/api/v1/playlists/5/entries", [7], 91, []]);
});
