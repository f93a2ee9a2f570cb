// Compares what is kept offline with what the server has: files that changed, what lists show, and the
// tracks of albums and playlists.

import { contact, get } from "./api.js";
import { contentsOf } from "./kept-downloads.js";
import { keptIndex } from "./kept-index.js";
import { versionOf } from "./kept-room.js";
import { read, write } from "./storage.js";

const PORTION = 100;

// It was kept when rows did not tell yet what the track belongs to.
const isOfBefore = ({ row }) => !row.groups;

// `keeper`: the Keeper. `token`: of the library's state; nothing is asked about tracks and albums if it
// is the one of the last time.
export const checkKept = async (keeper, token) => {
  await keeper.ready;
  if (!keptIndex.sets.size || contact.isAway) return;
  const isOther = token !== read(keeper.names.checked) || [...keptIndex.tracks.values()].some(isOfBefore);
  if (isOther) await checkTracks(keeper);
  const sets = [...keptIndex.sets.values()].filter(({ kind }) => kind === "playlists" || (isOther && kind === "albums"));
  for (const set of sets) await checkSet(keeper, set).catch(() => null); // its playlist may be deleted
  write(keeper.names.checked, token);
};

// Files that changed are marked, so that they are loaded anew, by whichever page gets to it. What lists
// show is updated.
const checkTracks = async (keeper) => {
  const { sizes } = keeper;
  await sizes.want([...keptIndex.tracks.keys()], true);
  const kept = [...keptIndex.tracks.values()].filter(({ id }) => sizes.has(id));
  const other = kept.filter(({ id, version }) => versionOf(sizes.get(id)) !== version);
  for (const each of other) each.isStale = true;
  await storeAgain(keeper, other);
  const renewed = kept.filter(({ id, row, isStale }) => !isStale && (sizes.get(id).revision !== row.revision || isOfBefore({ row })));
  await renew(keeper, renewed.map(({ id }) => id));
  if (!other.length) return;
  keeper.tell("change");
  keeper.loading.goOn();
};

const renew = async (keeper, ids) => {
  for (let start = 0; start < ids.length; start += PORTION) {
    const { body } = await get(`tracks?ids=${ids.slice(start, start + PORTION).join(",")}&groups=true&gain=true`);
    const rows = body.results.filter(({ id }) => keptIndex.has(id));
    for (const row of rows) keptIndex.tracks.get(row.id).row = row;
    await storeAgain(keeper, rows.map(({ id }) => keptIndex.tracks.get(id)));
  }
};

const storeAgain = (keeper, kept) => keeper.store.write(({ tracks }) => kept.forEach((each) => tracks.put(each, each.id)));

// Albums and playlists may have got other tracks.
const checkSet = async (keeper, set) => {
  const { kind, id, body } = set;
  if (kind === "playlists" && !body.is_smart && (await get(`playlists/${id}`)).body.version === body.version) return;
  const now = await contentsOf(kind, id);
  if (!keptIndex.sets.has(set.key)) return; // it was removed meanwhile
  if (String(now.trackIds) !== String(set.trackIds) || now.body.version !== body.version) await keeper.put({ ...set, ...now });
};
