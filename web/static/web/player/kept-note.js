// A small note of what is kept offline, apart from it: browsers that need room remove the files first.

import { keptIndex } from "./kept-index.js";
import { read, write } from "./storage.js";

// `{ count, sets }` of the tracks that the note `name` has and the browser has removed; null if there are none.
export const lostOf = (name) => {
  const note = read(name);
  const count = (note?.tracks ?? 0) - keptIndex.tracks.size;
  return count > 0 ? { count, sets: keptIndex.sets.size ? [] : note.sets } : null;
};

export const writeNote = (name) => {
  const sets = [...keptIndex.sets.values()].filter(({ kind }) => kind !== "queue").map(({ kind, id, name: called }) => ({ kind, id, name: called }));
  write(name, { tracks: keptIndex.tracks.size, sets });
};
