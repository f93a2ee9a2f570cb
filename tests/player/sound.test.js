// By how much ReplayGain changes the volume, and how two tracks fade into each other.

import assert from "node:assert/strict";
import { test } from "node:test";

const document = { body: { dataset: { base: "/", storagePrefix: "", user: "ada" } }, cookie: "" };
const given = { document, localStorage: { getItem: () => null }, location: new URL("http://host/"), addEventListener: () => null, navigator: {} };
for (const [name, value] of Object.entries(given)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { partsAt } = await import("../../web/static/web/player/crossfade.js");
const { factorOf, FALLBACK_DB, Gains } = await import("../../web/static/web/player/loudness.js");

const gainOf = (track, album, peak = null) => ({ replaygain_track_gain_db: track, replaygain_track_peak: peak, replaygain_album_gain_db: album, replaygain_album_peak: peak });
const isNear = (one, other) => assert.ok(Math.abs(one - other) < 0.001, `${one} is not ${other}`);

test("the user's choice says which gain counts, and the other one stands in for it", () => {
  isNear(factorOf(gainOf(-6.0206, -12.0412), "track"), 0.5);
  isNear(factorOf(gainOf(-6.0206, -12.0412), "album"), 0.25);
  isNear(factorOf(gainOf(-6.0206, null), "album"), 0.5);
  isNear(factorOf(gainOf(null, -12.0412), "track"), 0.25);
});

test("without a choice a track is played as it is", () => {
  assert.equal(factorOf(gainOf(-6, -6), "off"), 1);
  assert.equal(factorOf(null, "off"), 1);
});

test("a track without a gain is played as loud as those that have one usually are", () => {
  assert.equal(FALLBACK_DB, -6);
  for (const loudness of ["track", "album"]) {
    for (const gain of [null, undefined, {}, gainOf(null, null), gainOf(null, null, 0.5)]) isNear(factorOf(gain, loudness), 0.5012);
  }
});

test("a gain of 0 dB is a gain", () => {
  assert.equal(factorOf(gainOf(0, null), "track"), 1);
  assert.equal(factorOf(gainOf(0, 0), "album"), 1);
});

test("a gain that no music can have counts as none", () => {
  for (const absurd of [60, -60, 64.82, NaN, Infinity, -Infinity, "-3 dB"]) {
    isNear(factorOf(gainOf(absurd, null), "track"), 0.5012);
    isNear(factorOf(gainOf(absurd, -12.0412), "track"), 0.25);
  }
});

test("what is not known yet is played as if it had no gain", () => {
  isNear(new Gains("album").of(1), 0.5012);
  assert.equal(new Gains("off").of(1), 1);
});

test("a gain never cuts off a peak", () => {
  isNear(factorOf(gainOf(12, 12, 0.8), "track"), 1.25);
  isNear(factorOf(gainOf(12, 12, 0), "track"), 3.981); // a peak of 0 is not known
  isNear(factorOf(gainOf(12, 12), "track"), 3.981); // R128 and Sound Check tell no peak
});

test("what leaves and what comes are together as loud as each", () => {
  for (const passed of [0, 0.2, 0.5, 0.9, 1]) {
    const { leaving, coming } = partsAt(passed);
    isNear(leaving ** 2 + coming ** 2, 1);
  }
  isNear(partsAt(2).leaving, 0);
  isNear(partsAt(-1).coming, 0);
});
