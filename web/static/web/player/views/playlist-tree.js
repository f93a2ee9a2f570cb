// The lines of the list of playlists: folders with what is in them, then the other playlists.

import { gettext } from "../translation.js";

const byName = (one, other) => one.name.localeCompare(other.name, undefined, { numeric: true, sensitivity: "base" });
const newest = (field) => (one, other) => Date.parse(other[field]) - Date.parse(one[field]) || byName(one, other);
const most = (field) => (one, other) => other[field] - one[field] || byName(one, other);

// The orders to choose from, the default first.
export const SORTS = {
  name: { label: gettext("Name"), compare: byName },
  "-changed": { label: gettext("Changed last"), compare: newest("changed_at") },
  "-created": { label: gettext("Made last"), compare: newest("created_at") },
  "-count": { label: gettext("Most tracks"), compare: most("entry_count") },
  "-length": { label: gettext("Longest"), compare: most("duration_s") },
};

// Each line has `id`, `depth`, and either `playlist` or `folder`; that of a folder also `count` and
// `isOpen`. `closed`: the ids of the folders of which nothing is shown. A search shows playlists
// only, wherever they are.
export const linesOf = (playlists, folders, { q = "", sort = "name", closed = new Set() }) => {
  const { compare } = SORTS[sort] ?? SORTS.name;
  const sorted = [...playlists].sort(compare);
  if (q) return sorted.filter((each) => isFound(each, q)).map((playlist) => lineOf(playlist, 0));
  const known = new Set(folders.map(({ id }) => id));
  const folderOf = ({ folder_id: id }) => (known.has(id) ? id : null);
  const parentOf = ({ parent_id: id }) => (known.has(id) ? id : null);
  const within = (parent, depth) => [
    ...folders.filter((each) => parentOf(each) === parent).sort(byName).flatMap((folder) => linesOfFolder(folder, depth)),
    ...sorted.filter((each) => folderOf(each) === parent).map((playlist) => lineOf(playlist, depth)),
  ];
  const linesOfFolder = (folder, depth) => {
    const isOpen = !closed.has(folder.id);
    const inside = within(folder.id, depth + 1);
    const count = inside.filter(({ playlist, depth: at }) => playlist && at === depth + 1).length;
    return [{ id: `folder-${folder.id}`, folder, depth, count, isOpen }, ...(isOpen ? inside : [])];
  };
  return within(null, 0);
};

const lineOf = (playlist, depth) => ({ id: `playlist-${playlist.id}`, playlist, depth });

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const isFound = ({ name, description, owner }, q) => {
  const text = fold([name, description, owner].join(" "));
  return fold(q).split(/\s+/).every((word) => text.includes(word));
};
