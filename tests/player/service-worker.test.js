import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const SCRIPT = readFileSync(new URL("../../web/static/web/service-worker.js", import.meta.url), "utf8");
const PAGE = '<body data-library-token="7">';
const OLD = ["/", "/static/old.js", "/service-worker-version/1"];

// A worker of the version 2, in a browser that keeps the files of version 1. `addAll`: that of its cache.
const installed = async (addAll) => {
  const kept = new Set(OLD);
  const pathOf = (key) => new URL(key.url ?? key, "http://host/").pathname;
  const cache = {
    match: async (key) => (kept.has(pathOf(key)) ? {} : undefined),
    keys: async () => [...kept].map((path) => ({ url: `http://host${path}` })),
    put: async (key) => kept.add(pathOf(key)),
    delete: async (key) => kept.delete(pathOf(key)),
    addAll: (files) => addAll(files, kept),
  };
  const listeners = {};
  const self = { SHELL: { version: "2", cache: "mus-shell", page: "/", files: ["/static/new.js"] }, skipWaiting: () => null, addEventListener: (type, act) => (listeners[type] = act) };
  new Function("self", "caches", "fetch", SCRIPT)(self, { open: async () => cache }, async () => new Response(PAGE));
  let result;
  listeners.install({ waitUntil: (promise) => (result = promise) });
  await result.catch(() => null);
  return [...kept].sort();
};

test("a new version takes the place of the one before", async () => {
  const found = await installed(async (files, kept) => files.forEach((each) => kept.add(each)));
  assert.deepEqual(found, ["/", "/service-worker-version/2", "/static/new.js"]);
});

test("what is kept stays if the network is cut while a new version is loaded", async () => {
  assert.deepEqual(await installed(() => Promise.reject(new TypeError("Failed to fetch"))), [...OLD].sort());
});
