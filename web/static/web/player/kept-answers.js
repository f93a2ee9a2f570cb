// Answers of the API made of what is kept offline, while the server is away: lists, albums, artists, playlists
// and searches that hold the kept tracks alone. Knows neither the page nor the network.

import { GROUP_FILTERS, groupsOf, isOfGroups, KINDS, yearOf } from "./kept-groups.js";

const GROUPS_OF_SEARCH = ["artists", "composers", "genres", "labels"];
const KNOWN = ["q", "album", "genre", "year", "sort", "seed", "limit", "offset", "own", "file", "ids", "artists", ...GROUP_FILTERS];

export const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// `kept`: the KeptIndex. `favourite(id)`: whether a track is one. Returns the body, or null where only
// the server knows the answer.
export const answerOf = (path, kept, favourite = () => false) => {
  if (!kept.tracks.size) return null;
  const { pathname, searchParams } = new URL(path, "http://kept/");
  const query = Object.fromEntries(searchParams);
  const parts = pathname.slice(1).split("/");
  const body = ANSWERS[parts.length > 1 ? `${parts[0]}/${parts[2] ?? (Number(parts[1]) ? "one" : parts[1])}` : parts[0]]?.(kept, query, Number(parts[1]), favourite);
  return body ? { is_of_kept: true, revision: 0, ...body } : null;
};

const rowsOf = (kept) => [...kept.tracks.values()].map(({ row }) => row);

const page = (rows, { limit = 100, offset = 0 }) => ({ count: rows.length, results: rows.slice(Number(offset), Number(offset) + Number(limit)) });

const hasWords = (texts, q) => {
  const text = fold(texts.filter(Boolean).join(" "));
  return fold(q).split(/\s+/).every((word) => text.includes(word));
};

// The rows that fit the filters; null if there is one that the rows do not tell.
const fitting = (kept, query, favourite = () => false) => {
  const { q, album, genre, year, favourite: isWanted, ...others } = query;
  if (Object.keys(others).some((name) => !KNOWN.includes(name))) return null;
  const [from, to = from] = (year ?? "").split("-").map(Number);
  return rowsOf(kept).filter(
    (row) =>
      (!q || hasWords([row.title, row.artist, row.album, row.album_artist, row.composer, row.genre, row.year], q)) &&
      (!album || row.album_id === Number(album)) &&
      (!genre || row.genres.includes(genre)) &&
      (!year || (yearOf(row) >= from && yearOf(row) <= to)) &&
      isOfGroups(row, others) &&
      (!isWanted || favourite(row.id) === (isWanted === "true")),
  );
};

const byText = (name) => (one, other) => fold(one[name] ?? "").localeCompare(fold(other[name] ?? ""));
const byNumber = (name) => (one, other) => (one[name] ?? 0) - (other[name] ?? 0);
const inAlbum = [byText("album"), byNumber("disc_number"), byNumber("track_number"), byNumber("id")];
const ORDERS = {
  artist: [byText("artist"), ...inAlbum],
  title: [byText("title"), ...inAlbum],
  album: inAlbum,
  added: [byText("added_at"), byNumber("id")],
  year: [byNumber("year"), ...inAlbum],
  duration: [byNumber("duration_s")],
};

const sorted = (rows, sort = "artist", orders = ORDERS) => {
  const order = orders[sort.replace(/^-/, "")] ?? Object.values(orders)[0];
  const sign = sort.startsWith("-") ? -1 : 1;
  const compare = (one, other) => order.reduce((found, each) => found || each(one, other), 0) * sign;
  return [...rows].sort(compare);
};

const tracksOf = (kept, query, favourite) => {
  const rows = fitting(kept, query, favourite);
  return rows && sorted(rows, query.sort);
};

const named = (kept, ids) => ids.split(",").map((id) => kept.tracks.get(Number(id))?.row).filter(Boolean);

// The albums that kept tracks are on: as the server told them where the album is kept, else as far as
// its tracks tell.
const albumsOf = (kept) => {
  const found = new Map();
  for (const row of sorted(rowsOf(kept), "album")) {
    if (!row.album_id) continue;
    const whole = kept.sets.get(`albums/${row.album_id}`)?.body;
    const album = found.get(row.album_id) ?? { ...(whole ?? albumFrom(row)), track_count: 0, duration_s: 0 };
    album.track_count += 1;
    album.duration_s += row.duration_s;
    found.set(row.album_id, album);
  }
  return found;
};

const albumFrom = (row) => ({
  ...{ id: row.album_id, title: row.album, album_artist: row.album_artist, disambiguation: row.album_disambiguation },
  ...{ year: row.year, first_year: row.first_year, cover_id: row.cover_id, cover_track_id: row.id, first_added_at: row.added_at },
  ...{ original_date: "", release_date: "", edition: "", catalogue_number: "", release_types: [], disc_titles: {}, editions: [] },
  ...{ genres: [], genre_ids: [], labels: [], label_ids: [], formats: [], album_artists: [] },
});

const ALBUM_ORDERS = {
  title: [byText("title"), byText("album_artist")],
  artist: [byText("album_artist"), byNumber("year"), byText("title")],
  year: [byNumber("year"), byText("title")],
  added: [byText("first_added_at")],
};

// The albums of the tracks that fit, or of those by one artist.
const albumList = (kept, { q, album_artist: artistId, ...query }) => {
  const rows = fitting(kept, query);
  const ids = new Set(rows?.map((row) => row.album_id));
  const found = [...albumsOf(kept).values()].filter(
    (album) => ids.has(album.id) && (!q || hasWords([album.title, album.album_artist, album.year], q)) && (!artistId || isBy(album, kept, Number(artistId))),
  );
  return rows && sorted(found, query.sort ?? "title", ALBUM_ORDERS);
};

const isBy = (album, kept, artistId) =>
  album.album_artists?.length
    ? album.album_artists.some(({ id }) => id === artistId)
    : groupsOf(rowsOf(kept), "artists").get(artistId)?.name === album.album_artist;

const GROUP_ORDERS = { name: [byText("name")], tracks: [byNumber("track_count"), byText("name")], albums: [byNumber("album_count"), byText("name")] };

const groupList = (kind) => (kept, { q, ...query }) => {
  const rows = fitting(kept, query);
  const found = rows && [...groupsOf(rows, kind).values()].filter(({ name }) => !q || hasWords([name], q));
  return found && sorted(found, query.sort ?? "name", GROUP_ORDERS);
};

const groupOf = (kind) => (kept, _, id) => groupsOf(rowsOf(kept), kind).get(id);

const playlistsOf = (kept, q = "") => {
  const found = [...kept.sets.values()].filter(({ kind, name }) => kind === "playlists" && hasWords([name], q));
  return found.map(({ body }) => body);
};

const playlist = (kept, id) => kept.sets.get(`playlists/${id}`);

// Entries whose tracks are not kept (yet) cannot be played now: `is_away`.
const entriesOf = (kept, set) => set.entries.map((each) => ({ ...each, is_away: !each.is_missing && each.track !== null && !kept.tracks.has(each.track.id) }));

// The tracks of whole albums, artists and playlists, in this order.
const playable = (kept, query) => {
  const each = (name, tracks) => (query[name] ?? "").split(",").filter(Boolean).flatMap((id) => tracks(Number(id)));
  const of = (filter) => (id) => tracksOf(kept, { [filter]: id, sort: "album" });
  const rows = [...each("album_ids", of("album")), ...each("artist_ids", of("artist"))];
  const ids = [...rows.map(({ id }) => id), ...each("playlist_ids", (id) => keptIdsOf(kept, id) ?? [])];
  return ids.length ? { ids, missing_count: 0 } : null;
};

const keptIdsOf = (kept, playlistId) => playlist(kept, playlistId)?.trackIds.filter((each) => kept.tracks.has(each));

// Of the shelves of Home those that what is kept can tell.
const home = (kept, { limit = 20 }, _, favourite) => {
  const [none, added] = [page([], {}), page(albumList(kept, { sort: "-added" }), { limit })];
  const liked = page(tracksOf(kept, { favourite: "true", sort: "-added" }, favourite), { limit });
  return { begun: [], added, played: none, most_played: none, favourites: none, favourite_tracks: liked, forgotten: [], random: { count: kept.tracks.size, results: [] }, changes: [] };
};

const search = (kept, query) => {
  const { q = "", limit = 8 } = query;
  const found = (rows) => ({ ...page(rows, { limit }), count_is_exact: true });
  const groups = Object.fromEntries(GROUPS_OF_SEARCH.map((kind) => [kind, found(groupList(kind)(kept, { q }))]));
  const albums = albumList(kept, { q });
  const tracks = tracksOf(kept, { q, sort: "title" });
  return { q, corrected_q: null, best: null, ...groups, albums: found(albums), tracks: found(tracks), playlists: found(playlistsOf(kept, q)) };
};

const listOf = (list) => (kept, query) => {
  const rows = list(kept, query);
  return rows && page(rows, query);
};

const ANSWERS = {
  ...Object.fromEntries(KINDS.flatMap((kind) => [[kind, listOf(groupList(kind))], [`${kind}/one`, groupOf(kind)]])),
  tracks: (kept, query, _, favourite) => {
    if (query.ids) return page(named(kept, query.ids), { limit: 500 });
    const rows = tracksOf(kept, query, favourite);
    return rows && page(rows, query);
  },
  "tracks/ids": (kept, query, _, favourite) => {
    const rows = tracksOf(kept, query, favourite);
    return rows && { count: rows.length, ids: rows.map(({ id }) => id) };
  },
  albums: listOf(albumList),
  "albums/one": (kept, _, id) => albumsOf(kept).get(id),
  playlists: (kept, query) => page(playlistsOf(kept, query.q), query),
  "playlist-folders": () => ({ count: 0, results: [] }),
  "playlists/one": (kept, _, id) => playlist(kept, id)?.body,
  "playlists/entries": (kept, query, id) => {
    const set = playlist(kept, id);
    return set && { ...page(entriesOf(kept, set), query), version: set.body.version };
  },
  "playlists/entry-ids": (kept, _, id) => {
    const ids = playlist(kept, id)?.entries.map((each) => each.entry_id);
    return ids && { count: ids.length, version: playlist(kept, id).body.version, ids };
  },
  "playlists/track-ids": (kept, _, id) => {
    const ids = keptIdsOf(kept, id);
    return ids && { count: ids.length, version: playlist(kept, id).body.version, ids };
  },
  search,
  home,
  "track-ids": playable,
};
