import assert from "node:assert/strict";
import { test } from "node:test";
import { answerOf } from "../../web/static/web/player/kept-answers.js";

const row = (id, title, more = {}) => ({ id, title, artist: "Björk", artist_ids: [31], album: "Post", album_id: 7, album_artist: "Björk", composer: "", genre: "Pop", genres: ["Pop"], year: 1995, disc_number: 1, track_number: id, duration_s: 100 + id, added_at: `2026-01-0${id}T00:00:00Z`, cover_id: "c", ...more });
const named = (id, name) => ({ id, name });
const bjork = { artists: [named(31, "Björk")], composers: [named(40, "Evelyn Glennie")], genres: [named(50, "Pop")], labels: [named(60, "One Little Indian")] };
const miles = { artists: [named(32, "Miles Davis"), named(33, "Bill Evans")], composers: [], genres: [named(51, "Jazz")], labels: [] };
const rows = [row(2, "Hyperballad", { groups: bjork }), row(1, "Army of Me", { groups: bjork }), row(3, "So What", { groups: miles, first_year: 1958, artist: "Miles Davis", artist_ids: [32], album: "Kind of Blue", album_id: 8, album_artist: "Miles Davis", genre: "Jazz", genres: ["Jazz"], year: 1959 })];
const entries = [{ entry_id: 91, track: rows[0], is_missing: false }, { entry_id: 92, track: row(4, "Gone"), is_missing: false }];
const kept = {
  tracks: new Map(rows.map((each) => [each.id, { id: each.id, row: each, size: 1 }])),
  sets: new Map([
    ["albums/7", { kind: "albums", id: 7, name: "Post", trackIds: [1, 2], body: { id: 7, title: "Post", first_added_at: "2026-01-01T00:00:00Z", labels: ["One Little Indian"], album_artist: "Björk", year: 1995 } }],
    ["playlists/5", { kind: "playlists", id: 5, name: "Été", trackIds: [2, 4], body: { id: 5, name: "Été", version: 3 }, entries }],
  ]),
};
const ids = (path) => answerOf(path, kept, (id) => id === 1)?.results.map(({ id }) => id);

test("without anything kept there is no answer", () => {
  assert.equal(answerOf("tracks", { tracks: new Map(), sets: new Map() }), null);
});

test("tracks are filtered, ordered and cut into pages", () => {
  assert.deepEqual(ids("tracks?sort=title"), [1, 2, 3]);
  assert.deepEqual(ids("tracks?sort=-year"), [2, 1, 3]);
  assert.deepEqual(ids("tracks?album=7&sort=album&limit=1&offset=1"), [2]);
  assert.deepEqual(ids("tracks?q=bjork+army"), [1]);
  assert.deepEqual(ids("tracks?genre=Jazz"), [3]);
  assert.deepEqual(ids("tracks?year=1990-1999&sort=title"), [1, 2]);
  assert.deepEqual(ids("tracks?favourite=true"), [1]);
  assert.deepEqual(ids("tracks?ids=3,99,1"), [3, 1]);
  assert.deepEqual(answerOf("tracks/ids?sort=title", kept).ids, [1, 2, 3]);
});

test("what only the server knows has no answer", () => {
  for (const path of ["tracks?played=true", "tracks/3", "albums?rating_min=3", "artists/3", "artists/31/similar", "artists/letters", "player/state", "albums/99", "playlists/6"]) assert.equal(answerOf(path, kept), null);
});

test("albums are those of the kept tracks, whole or as their tracks tell", () => {
  assert.deepEqual(ids("albums?sort=title&artists=true"), [8, 7]);
  const post = answerOf("albums/7", kept);
  assert.deepEqual([post.labels, post.track_count, post.duration_s], [["One Little Indian"], 2, 203]);
  const kind = answerOf("albums/8", kept);
  assert.deepEqual([kind.title, kind.editions, kind.cover_track_id], ["Kind of Blue", [], 3]);
});

test("artists, composers, genres, labels, years and decades are those of the kept tracks", () => {
  const names = (path) => answerOf(path, kept).results.map(({ name }) => name);
  assert.deepEqual(names("artists?sort=name&limit=100"), ["Bill Evans", "Björk", "Miles Davis"]);
  assert.deepEqual(names("artists?sort=-tracks&limit=1"), ["Björk"]);
  assert.deepEqual(names("artists?q=bjork"), ["Björk"]);
  assert.deepEqual(names("artists?genre_id=51"), ["Bill Evans", "Miles Davis"]);
  assert.deepEqual([names("composers"), names("genres"), names("labels")], [["Evelyn Glennie"], ["Jazz", "Pop"], ["One Little Indian"]]);
  assert.deepEqual([names("years?sort=-name"), names("decades")], [["1995", "1958"], ["1950s", "1990s"]]);
  const { track_count, album_count, duration_s, name } = answerOf("artists/31", kept);
  assert.deepEqual([name, track_count, album_count, duration_s], ["Björk", 2, 1, 203]);
  assert.equal(answerOf("decades/1950", kept).name, "1950s");
});

test("the pages of these show their tracks and albums", () => {
  for (const filter of ["artist=31", "composer=40", "genre_id=50", "label=60", "year=1990-1999"]) {
    assert.deepEqual(ids(`tracks?${filter}&sort=album`), [1, 2]);
    assert.deepEqual(ids(`albums?${filter}&sort=-year`), [7]);
  }
  assert.deepEqual([ids("albums?album_artist=31"), ids("albums?album_artist=32"), ids("albums?album_artist=33")], [[7], [8], []]);
  assert.deepEqual(ids("albums?artist=33"), [8]);
});

test("playlists, their entries and tracks", () => {
  assert.deepEqual(ids("playlists?limit=500&offset=0"), [5]);
  assert.equal(answerOf("playlists/5", kept).name, "Été");
  assert.deepEqual(answerOf("playlists/5/entries?offset=0&limit=100", kept).results.map((each) => each.is_away), [false, true]);
  assert.deepEqual(answerOf("playlists/5/track-ids", kept).ids, [2]);
  assert.deepEqual(answerOf("playlists/5/entry-ids", kept).ids, [91, 92]);
  assert.deepEqual(answerOf("playlist-folders", kept).results, []);
});

test("the search finds tracks, albums and playlists", () => {
  const found = answerOf("search?q=ete&limit=8", kept);
  assert.deepEqual([found.playlists.count, found.tracks.count, found.artists.count], [1, 0, 0]);
  assert.deepEqual(answerOf("search?q=miles", kept).artists.results.map(({ name }) => name), ["Miles Davis"]);
  assert.deepEqual(answerOf("search?q=post", kept).albums.results.map(({ id }) => id), [7]);
});

test("whole albums, artists and playlists are played as far as they are kept", () => {
  const played = (query) => answerOf(`track-ids?${query}`, kept)?.ids;
  assert.deepEqual(played("album_ids=8,7"), [3, 1, 2]);
  assert.deepEqual(played("artist_ids=31&playlist_ids=5"), [1, 2, 2]);
  assert.equal(played("album_ids=99&playlist_ids=6"), undefined);
});

test("home shows the albums, the one added last first", () => {
  const home = answerOf("home?seed=1&tz=UTC", kept, (id) => id === 3);
  assert.deepEqual(home.favourite_tracks.results.map(({ id }) => id), [3]);
  assert.deepEqual(home.added.results.map(({ id }) => id), [8, 7]);
  assert.deepEqual([home.begun, home.played.count, home.random.count], [[], 0, 3]);
});
