// Texts with names in them: translation.js.

import assert from "node:assert/strict";
import test from "node:test";

import { filled } from "../../web/static/web/player/translation.js";

test("a name that is written from the right does not turn round its sentence", () => {
  assert.equal(filled("“%(title)s” plays next.", { title: "حب" }), "“\u2068حب\u2069” plays next.");
  assert.equal(filled("“%(title)s” plays next.", { title: "Blå" }), "“Blå” plays next.");
});
