// The artists, composers, genres, labels, years and decades that tracks kept offline belong to, as rows of the
// API. Knows neither the page nor the network.

const YEARS_OF_DECADE = 10;

// Of the original release: lists go by it.
export const yearOf = (row) => row.first_year ?? row.year;

const decadeOf = (year) => year - (year % YEARS_OF_DECADE);
const named = (kind) => (row) => row.groups?.[kind] ?? [];

// By the name of the API's list, the groups of a track: `{ id, name }`.
const GROUPS = {
  ...Object.fromEntries(["artists", "composers", "genres", "labels"].map((kind) => [kind, named(kind)])),
  years: (row) => (yearOf(row) ? [{ id: yearOf(row), name: `${yearOf(row)}` }] : []),
  decades: (row) => (yearOf(row) ? [{ id: decadeOf(yearOf(row)), name: `${decadeOf(yearOf(row))}s` }] : []),
};

export const KINDS = Object.keys(GROUPS);

const KIND_OF_FILTER = { artist: "artists", composer: "composers", genre_id: "genres", label: "labels" };
export const GROUP_FILTERS = Object.keys(KIND_OF_FILTER);

// Whether the track fits the filters of `query` that name a group.
export const isOfGroups = (row, query) =>
  GROUP_FILTERS.every((filter) => !query[filter] || GROUPS[KIND_OF_FILTER[filter]](row).some(({ id }) => id === Number(query[filter])));

// The groups of one kind that these tracks belong to, with their totals, by the id.
export const groupsOf = (rows, kind) => {
  const found = new Map();
  for (const row of rows) {
    for (const { id, name } of GROUPS[kind](row)) {
      const group = found.get(id) ?? { id, name, cover_id: "", track_count: 0, duration_s: 0, albums: new Set() };
      group.track_count += 1;
      group.duration_s += row.duration_s;
      if (row.album_id) group.albums.add(row.album_id);
      found.set(id, group);
    }
  }
  for (const [id, { albums, ...group }] of found) found.set(id, { ...group, album_count: albums.size });
  return found;
};
