// Texts with names in them: translation.js.

import assert from "node:assert/strict";
import test from "node:test";

import { dateLanguageOf, filled } from "../../web/static/web/player/translation.js";

test("a name that is written from the right does not turn round its sentence", () => {
  assert.equal(filled("“%(title)s” plays next.", { title: "حب" }), "“\u2068حب\u2069” plays next.");
  assert.equal(filled("“%(title)s” plays next.", { title: "Blå" }), "“Blå” plays next.");
});

test("dates have English words on an English page, as they are written where its reader lives", () => {
  const written = (browser) => new Intl.DateTimeFormat(dateLanguageOf("en", browser), { dateStyle: "medium", timeStyle: "short" }).format(new Date(2026, 10, 30, 14, 5));
  assert.match(written("fr-FR"), /^30 Nov 2026.* 14:05$/);
  assert.match(written("ru"), /^Nov 30, 2026|^30 Nov 2026/);
  assert.match(written("de-CH"), /^30 Nov 2026.* 14:05$/);
  assert.equal(dateLanguageOf("en", "en-GB"), undefined);
  assert.equal(dateLanguageOf("en", "en-US@posix"), undefined);
  assert.equal(dateLanguageOf("en", undefined), undefined);
  assert.equal(dateLanguageOf("de", "fr-FR"), "de");
});
