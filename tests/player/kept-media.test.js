import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const worker = {};
new Function("self", readFileSync(new URL("../../web/static/web/kept-media.js", import.meta.url), "utf8"))(worker);
const blob = new Blob(["0123456789"], { type: "audio/flac" });
const asked = async (range) => {
  const response = worker.answerWith(blob, range);
  const { headers } = response;
  return [response.status, headers.get("Content-Range"), headers.get("Content-Length"), await response.text()];
};

test("parts of a file as media elements ask for them", async () => {
  assert.deepEqual(await asked(null), [200, null, "10", "0123456789"]);
  assert.deepEqual(await asked("bytes=0-"), [206, "bytes 0-9/10", "10", "0123456789"]);
  assert.deepEqual(await asked("bytes=0-1"), [206, "bytes 0-1/10", "2", "01"]); // Safari's first
  assert.deepEqual(await asked("bytes=8-99"), [206, "bytes 8-9/10", "2", "89"]);
  assert.deepEqual(await asked("bytes=-3"), [206, "bytes 7-9/10", "3", "789"]);
  assert.deepEqual(await asked("bytes=10-"), [416, "bytes */10", null, ""]);
  assert.deepEqual(await asked("bytes=0-1,4-5"), [200, null, "10", "0123456789"]);
  assert.equal(worker.answerWith(blob, "bytes=0-").headers.get("Content-Type"), "audio/flac");
});

test("only streams and covers of a named user are looked for", () => {
  const shell = { page: "/music/", kept: "mus-kept-" };
  for (const path of ["api/v1/tracks/7/stream", "api/v1/player/state?kept=ada", "api/v1/tracks/7/download?kept=ada"]) {
    assert.equal(worker.keptMedia({ url: `http://host/music/${path}` }, shell), null);
  }
  assert.deepEqual(worker.placesOf("api/v1/tracks/7/stream", new URLSearchParams()), [["files", 7]]);
  assert.deepEqual(worker.placesOf("api/v1/tracks/7/covers/64.webp", new URLSearchParams("v=x")), [["covers", "x/160"], ["covers", "x/640"]]);
  assert.deepEqual(worker.placesOf("api/v1/artists/7/covers/320.webp", new URLSearchParams("v=x")), [["covers", "x/640"]]);
});
