// The names of what a list is filtered by.

import { get } from "../api.js";

// The place of the API that a filter's ids belong to.
export const NAMED = { artist: "artists", album: "albums", genre_id: "genres", composer: "composers", label: "labels" };

// The name of an artist, album and so on; "" if there is none of that id.
export const nameOf = async (path, id) => {
  try {
    const { body } = await get(`${path}/${id}`);
    return body.name ?? body.title;
  } catch {
    return "";
  }
};

// By the names of the filters, what they stand for.
export const namesOf = async (filters) => {
  const named = Object.entries(NAMED).filter(([filter]) => filters[filter]);
  return Object.fromEntries(await Promise.all(named.map(async ([filter, path]) => [filter, await nameOf(path, filters[filter])])));
};
