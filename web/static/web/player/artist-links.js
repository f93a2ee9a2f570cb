// The artists of a track or album as links, in the words of its files.

import { element } from "./element.js";
import { addressOf } from "./router.js";

// `text` with a link for each of the artists `{ id, name }` that occurs in it; if they are not found in
// it, the whole is a link to the first. The element around has the direction of the text. `attributes`: further ones of each link.
export const artistLinks = (text, artists, attributes = {}) => {
  const link = (id, name, dir = "auto") => element("a", { ...attributes, href: addressOf("artists", id), dir }, name);
  const found = artists.length > 1 ? withLinks(text, artists, link) : null;
  return found ?? [artists.length && text ? link(artists[0].id, text, null) : text];
};

// The artists of a track of the API; none if it does not say which they are.
export const artistsOf = ({ artist_ids: ids = [], artists = [] }) =>
  ids.map((id, at) => ({ id, name: ids.length === artists.length ? artists[at] : "" }));

const withLinks = (text, artists, link) => {
  const places = artists
    .map(({ id, name }) => ({ id, name, at: name ? text.indexOf(name) : -1 }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at);
  const parts = [];
  let end = 0;
  for (const { id, name, at } of places) {
    if (at < end) continue; // part of the name before it
    parts.push(text.slice(end, at), link(id, name));
    end = at + name.length;
  }
  return end ? [...parts, text.slice(end)].filter(Boolean) : null;
};
