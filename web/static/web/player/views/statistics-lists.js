// The lists of the statistics: what was heard most. Each is a table of names with plays and time.

import { makeCover, showCover } from "../cover.js";
import { element, iconButton, tagText } from "../element.js";
import { addressOf } from "../router.js";
import { filled, gettext } from "../translation.js";
import { length, number } from "../words.js";

const COVER_PX = 40;

const linked = (text, place, id) => (id && text ? element("a", { href: addressOf(place, id), dir: "auto", translate: "no" }, text) : tagText("", text));

const coverOf = (shown) => {
  const cover = makeCover(COVER_PX);
  showCover(cover, shown, COVER_PX);
  return cover;
};

// `parts`: `{ before, names }`; `before` is what stands left of the names.
const row = ({ before, names }, { plays, seconds }) =>
  element(
    "tr",
    {},
    element("td", { class: "before" }, ...before),
    element("th", { scope: "row" }, element("span", { class: "names" }, ...names)),
    element("td", {}, number(plays)),
    element("td", {}, length(seconds)),
  );

const heads = () =>
  element(
    "thead",
    {},
    element("tr", {}, element("td", {}), ...[gettext("Name"), gettext("Plays"), gettext("Time")].map((name) => element("th", { scope: "col" }, name))),
  );

// `action`: a button beside the heading. `kind`: "is-plain" where nothing stands left of the names.
const list = (title, rows, action = null, kind = "") =>
  element(
    "section",
    { class: `most ${kind}`, "aria-label": title },
    element("div", { class: "most-head" }, element("h2", {}, title), action),
    element("table", { "aria-label": title }, heads(), element("tbody", {}, ...rows)),
  );

const trackRow = (heard, page) => {
  const shown = heard.track ?? heard.lost;
  const play = iconButton("play", filled(gettext("Play %(title)s"), { title: shown.title }), () => page.player.playAll([heard.track.id]));
  const albumId = heard.track?.album_id;
  const made = row(
    {
      before: [heard.is_missing ? element("span", { class: "no-button" }) : play],
      names: [
        albumId ? linked(shown.title, "albums", albumId) : tagText("", shown.title),
        element("span", { class: "facts" }, tagText("", shown.artist)),
      ],
    },
    heard,
  );
  if (heard.is_missing) made.classList.add("is-gone");
  return made;
};

const albumRow = (heard) =>
  row(
    {
      before: [coverOf({ name: heard.name })],
      names: [linked(heard.name || gettext("Unknown album"), "albums", heard.id), element("span", { class: "facts" }, tagText("", heard.artist))],
    },
    heard,
  );

const artistRow = (heard) =>
  row({ before: [coverOf({ artistId: heard.id, coverId: heard.cover_id, name: heard.name })], names: [linked(heard.name, "artists", heard.id)] }, heard);

const genreRow = (heard) => row({ before: [], names: [linked(heard.name, "genres", heard.id)] }, heard);

// The lists that have something, of an answer of `GET statistics`.
export const listsOf = ({ tracks, albums, artists, genres }, page) => {
  const ids = tracks.filter(({ is_missing: isMissing }) => !isMissing).map(({ track }) => track.id);
  const playThese = ids.length > 0 && element("button", { type: "button", class: "small", on: { click: () => page.player.playAll(ids) } }, gettext("Play these"));
  return [
    artists.length && list(gettext("Artists"), artists.map(artistRow)),
    albums.length && list(gettext("Albums"), albums.map(albumRow)),
    tracks.length && list(gettext("Tracks"), tracks.map((each) => trackRow(each, page)), playThese || null),
    genres.length && list(gettext("Genres"), genres.map(genreRow), null, "is-plain"),
  ].filter(Boolean);
};
