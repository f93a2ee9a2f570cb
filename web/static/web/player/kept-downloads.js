// Asks the server for what is to be kept offline: what an album or a playlist has, files and pictures.

import { Away, contact, get, getAll, getFile } from "./api.js";
import { keptIndex } from "./kept-index.js";
import { gettext } from "./translation.js";

const PORTION = 100; // ids in one request
const EDGES_PX = [160, 640];
const PIECE = 4e6; // bytes that are in memory before they become a Blob, which may lie on the disk

// What the pages of an album, a playlist or a track show, and the ids of its tracks. Throws Away if only
// what is kept already could answer.
export const contentsOf = async (kind, id) => {
  const contents = await CONTENTS[kind](id);
  if (contents.body.is_of_kept) throw new Away();
  return contents;
};

const CONTENTS = {
  albums: async (id) => {
    const [{ body }, tracks] = await Promise.all([get(`albums/${id}`), getAll("tracks", { album: id, sort: "album" })]);
    return { body, name: body.title || gettext("Unknown album"), trackIds: tracks.map((track) => track.id) };
  },
  playlists: async (id) => {
    const [{ body }, entries, ids] = await Promise.all([get(`playlists/${id}`), getAll(`playlists/${id}/entries`, {}), get(`playlists/${id}/track-ids`)]);
    return { body, name: body.name, entries, trackIds: ids.body.ids };
  },
  tracks: async (id) => {
    const { body } = await get(`tracks?ids=${id}`);
    return { body, name: body.results[0]?.title ?? gettext("A track that is gone"), trackIds: [id] };
  },
};

// What the server says of files: `{ size_bytes, mtime_ns, revision }` by the id.
export class FileSizes extends Map {
  // Asks for those that are not known yet, or for all.
  async want(ids, isAnew = false) {
    const unknown = [...new Set(ids)].filter((id) => isAnew || !this.has(id));
    for (let start = 0; start < unknown.length; start += PORTION) {
      const { body } = await get(`tracks/files?ids=${unknown.slice(start, start + PORTION).join(",")}`);
      for (const each of body.results) this.set(each.id, each);
    }
  }
}

// What lists show of a track.
export const rowOf = async (id, signal) => {
  const { body } = await get(`tracks?ids=${id}&groups=true&gain=true`, signal);
  if (body.is_of_kept) throw new Away();
  if (!body.results.length) throw new Error(gettext("its file is missing"));
  return body.results[0];
};

// The bytes of a track as a Blob. `came(bytes)` is called for each part.
export const download = async (id, signal, came) => {
  const response = await getFile(`tracks/${id}/stream`, signal);
  const reader = response.body.getReader();
  const blobs = [];
  let pieces = [];
  let inPieces = 0;
  for (let part = await next(reader); !part.done; part = await next(reader)) {
    pieces.push(part.value);
    inPieces += part.value.length;
    came(part.value.length);
    if (inPieces < PIECE) continue;
    blobs.push(new Blob(pieces));
    [pieces, inPieces] = [[], 0];
  }
  return new Blob([...blobs, ...pieces], { type: response.headers.get("Content-Type") ?? "" });
};

// The connection may break in the middle of a file.
const next = async (reader) => {
  try {
    return await reader.read();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    contact.lost();
    throw new Away();
  }
};

// `[key, blob]` of each picture that is not kept yet. Without a picture a track is kept all the same.
export const coversOf = async ({ id, cover_id: coverId }, signal) => {
  const found = [];
  for (const edge of coverId ? EDGES_PX : []) {
    const key = `${coverId}/${edge}`;
    if (keptIndex.covers.has(key)) continue;
    const path = `tracks/${id}/covers/${edge}.webp?v=${encodeURIComponent(coverId)}`;
    const blob = await getFile(path, signal).then((response) => response.blob()).catch(() => null);
    if (blob) found.push([key, blob]);
  }
  return found;
};
