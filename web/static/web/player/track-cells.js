// The cells of one row of tracks: their elements, and the texts of a track or a heading in them.

import { artistLinks, artistsOf } from "./artist-links.js";
import { makeCover } from "./cover.js";
import { element, icon, tagText } from "./element.js";
import { makeHeart, makeStars } from "./opinion-controls.js";
import { addressOf } from "./router.js";
import { FURTHER } from "./track-columns.js";
import { filled, gettext } from "./translation.js";
import { albumTitle, clock, number, playsOf } from "./words.js";

export const COVER_PX = 40;

// `hasColumns`: whether people choose the columns of the list (track-columns.js).
export const makeRow = (hasColumns) => {
  const cell = (name, ...children) => element("div", { class: `cell ${name}`, role: "gridcell" }, ...children);
  const link = (name) => element("a", { class: name, dir: "auto", tabindex: "-1" });
  const parts = {
    number: element("span", { class: "number" }),
    playIcon: icon("play"),
    cover: makeCover(COVER_PX),
    state: element("span", { class: "unseen" }),
    title: tagText("text"),
    note: element("span", { class: "note" }),
    under: tagText("text under"),
    artist: tagText("text"),
    album: link("text"),
    year: element("span"),
    added: element("span"),
    heart: makeHeart({ tabindex: "-1" }),
    stars: makeStars({ tabindex: "-1" }),
    length: element("span"),
    menu: element("button", { type: "button", class: "icon-button", tabindex: "-1", "data-does": "menu" }, icon("menu")),
  };
  if (hasColumns) for (const name of FURTHER) parts[name] = name === "genre" ? link("text") : tagText("text");
  const further = (...names) => (hasColumns ? names.map((name) => cell(name, parts[name])) : []);
  parts.play = element("button", { type: "button", class: "row-play", tabindex: "-1", "data-does": "open" }, parts.playIcon);
  const row = element(
    "div",
    { class: "row", role: "row" },
    cell("start", parts.number, parts.cover, parts.play),
    cell("title", parts.state, parts.title, parts.note, parts.under),
    cell("artist", parts.artist),
    cell("album", parts.album),
    ...further("genre", "composer"),
    cell("year", parts.year),
    cell("added", parts.added),
    ...further("plays", "bitrate", "path"),
    cell("rating", parts.stars),
    cell("favourite", parts.heart),
    cell("length", parts.length),
    cell("more", parts.menu),
  );
  row.parts = parts;
  return row;
};

// A heading can be found as such by screen readers, although it stands in a row of the grid.
export const showHeading = (row, heading) => {
  if (row.shown === heading) return;
  row.shown = heading;
  row.classList.remove("is-current", "is-new", "is-gone", "is-favourite");
  const { parts } = row;
  parts.state.textContent = "";
  parts.title.textContent = parts.title.title = heading.heading;
  parts.title.setAttribute("role", "heading");
  parts.title.setAttribute("aria-level", heading.level);
  parts.note.textContent = "";
  parts.under.textContent = heading.under ?? "";
  parts.length.textContent = clock(heading.duration_s);
};

// The row shows a track again.
export const endHeading = ({ title }) => {
  title.removeAttribute("role");
  title.removeAttribute("aria-level");
};

// `artist`: what is shown as that of the track.
export const showTexts = (parts, track, artist) => {
  parts.number.textContent = track.track_number ?? "";
  parts.title.textContent = track.shownTitle ?? track.title;
  parts.title.title = track.title;
  const note = track.note ?? (track.own ? playsOf(track.own) : "");
  parts.note.textContent = note;
  parts.under.textContent = [artist, note].filter(Boolean).join(" · ");
  parts.artist.replaceChildren(...artistLinks(artist, artistsOf(track), { tabindex: "-1" }));
  parts.artist.title = artist;
  const album = [albumTitle(track.album), track.album_disambiguation && `(${track.album_disambiguation})`].filter(Boolean).join(" ");
  parts.album.textContent = parts.album.title = track.album_id ? album : "";
  if (track.album_id) parts.album.href = addressOf("albums", track.album_id);
  else parts.album.removeAttribute("href");
  parts.year.textContent = track.year ?? "";
  parts.length.textContent = clock(track.duration_s);
  if (parts.genre) showFurther(parts, track);
  parts.play.setAttribute("aria-label", filled(gettext("Play %(name)s"), { name: track.title }));
  parts.menu.setAttribute("aria-label", filled(gettext("More for %(name)s"), { name: track.title }));
};

const showFurther = (parts, { genre, composer, own, file }) => {
  const texts = { genre, composer, plays: own?.play_count || "", bitrate: file?.bitrate_kbps ? `${number(file.bitrate_kbps)} kbit/s` : "", path: file?.path ?? "" };
  for (const [name, text] of Object.entries(texts)) parts[name].textContent = parts[name].title = text;
  if (genre) parts.genre.href = addressOf("tracks", null, { genre });
  else parts.genre.removeAttribute("href");
};
