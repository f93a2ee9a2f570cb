// By how much ReplayGain changes the volume, and how two tracks fade into each other.

import assert from "node:assert/strict";
import { test } from "node:test";

const document = { body: { dataset: { base: "/", storagePrefix: "", user: "ada" } }, cookie: "" };
const given = { document, localStorage: { getItem: () => null }, location: new URL("http://host/"), addEventListener: () => null, navigator: {} };
for (const [name, value] of Object.entries(given)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { partsAt } = await import("../../web/static/web/player/crossfade.js");
const { factorOf } = await import("../../web/static/web/player/loudness.js");

const gainOf = (track, album, peak = null) => ({ replaygain_track_gain_db: track, replaygain_track_peak: peak, replaygain_album_gain_db: album, replaygain_album_peak: peak });
const isNear = (one, other) => assert.ok(Math.abs(one - other) < 0.001, `${one} is not ${other}`);

test("the user's choice says which gain counts, and the other one stands in for it", () => {
  isNear(factorOf(gainOf(-6.0206, -12.0412), "track"), 0.5);
  isNear(factorOf(gainOf(-6.0206, -12.0412), "album"), 0.25);
  isNear(factorOf(gainOf(-6.0206, null), "album"), 0.5);
  isNear(factorOf(gainOf(null, -12.0412), "track"), 0.25);
});

test("without a choice or a gain, a track is played as it is", () => {
  for (const gain of [null, undefined, gainOf(null, null)]) assert.equal(factorOf(gain, "track"), 1);
  assert.equal(factorOf(gainOf(-6, -6), "off"), 1);
});

test("a gain never cuts off a peak", () => {
  isNear(factorOf(gainOf(12, 12, 0.8), "track"), 1.25);
  isNear(factorOf(gainOf(12, 12, 0), "track"), 3.981); // a peak of 0 is not known
});

test("what leaves and what comes are together as loud as each", () => {
  for (const passed of [0, 0.2, 0.5, 0.9, 1]) {
    const { leaving, coming } = partsAt(passed);
    isNear(leaving ** 2 + coming ** 2, 1);
  }
  isNear(partsAt(2).leaving, 0);
  isNear(partsAt(-1).coming, 0);
});
