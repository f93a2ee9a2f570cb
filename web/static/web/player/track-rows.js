// A grid of tracks with selection, menus and a mark at the track that plays.

import { makeCover, showCover } from "./cover.js";
import { element, icon, setIcon, tagText } from "./element.js";
import { addressOf } from "./router.js";
import { Selection } from "./selection.js";
import { albumTitle, clock, date } from "./words.js";
import { WindowedList } from "./windowed-list.js";

const COVER_PX = 40;
const GLOW_MS = 1500;
const WIDE_ROW_PX = 52;
const TOUCH_ROW_PX = 56;
const touches = matchMedia("(pointer: coarse), (max-width: 719px)");

const rowHeight = () => (touches.matches ? TOUCH_ROW_PX : WIDE_ROW_PX);

export class TrackRows {
  albumArtist = null; // set on the page of an album

  // `source`: the rows, as the API lists tracks; a row with `heading` is a heading between tracks
  // (views/album-rows.js). `shownTitle` of a track is shown instead of its title.
  // `headings`: an element above the rows. `play(index)` and `menu(track, at)` are called for one
  // track, `playSeveral(indexes)` and `menuOfSeveral(indexes, at)` for several. `allIds()` returns
  // the ids of the whole list, for selected rows that are not loaded. `keys` and `start`: see
  // Selection.
  constructor({ scroller, source, label, player, play, menu, menuOfSeveral, headings = null, isAlbum = false, ...more }) {
    const { playSeveral = (indexes) => this.playSeveral(indexes), allIds = null, keys, start } = more;
    Object.assign(this, { source, player, isAlbum, allIds });
    this.glowing = new Map();
    const body = element("div", { class: "rows", role: "rowgroup" });
    this.grid = element(
      "div",
      { class: `grid tracks${isAlbum ? " of-album" : ""}`, id: `grid-${label.toLowerCase()}`, role: "grid", "aria-label": label, tabindex: "0" },
      headings && element("div", { class: "headings", role: "rowgroup", "data-sticky": true }, headings),
      body,
    );
    this.list = new WindowedList({
      scroller,
      body,
      source,
      make: makeRow,
      fill: (row, track, index, isSettled) => this.fill(row, track, index, isSettled),
      shape: () => ({ columns: 1, height: rowHeight() }),
    });
    const withTrack = (act) => (index, at) => source.row(index)?.id && act(index, at);
    const openMenuOfOne = withTrack((index, at) => menu(source.row(index), at, index));
    this.selection = new Selection({
      grid: this.grid,
      list: this.list,
      source,
      open: withTrack(play),
      openSeveral: playSeveral,
      menu: (indexes, at) => (indexes.length > 1 ? menuOfSeveral(indexes, at) : openMenuOfOne(indexes[0], at)),
      keys,
      start,
    });
    this.onPlayer = () => this.list.update();
    player.addEventListener("track", this.onPlayer);
    player.addEventListener("playing", this.onPlayer);
  }

  end() {
    this.list.end();
    this.player.removeEventListener("track", this.onPlayer);
    this.player.removeEventListener("playing", this.onPlayer);
  }

  // The ids of the tracks in these rows.
  async idsAt(indexes) {
    const { chosen } = this.selection;
    const ids = indexes.map((index) => this.source.row(index)?.id ?? chosen.get(index) ?? null);
    if (!ids.includes(null)) return ids;
    const all = await this.allIds();
    return indexes.map((index) => all[index]).filter((id) => id !== undefined);
  }

  async playSeveral(indexes) {
    this.player.playAll(await this.idsAt(indexes));
  }

  // Highlight the visible tracks for which `isNew(track)` is true, for a moment.
  glow(isNew) {
    const { first, last } = this.list.inSight();
    const now = performance.now();
    for (let index = first; index <= last; index += 1) {
      const track = this.source.row(index);
      if (track && isNew(track)) this.glowing.set(track.id, now + GLOW_MS);
    }
    this.list.update();
    setTimeout(() => {
      this.glowing.clear();
      this.list.update();
    }, GLOW_MS);
  }

  fill(row, track, index, isSettled) {
    this.grid.setAttribute("aria-rowcount", (this.source.count ?? -2) + 1);
    this.selection.mark(row, index, track);
    const isHeading = track?.heading !== undefined;
    row.classList.toggle("is-heading", isHeading);
    row.classList.toggle("is-loading", !track);
    row.setAttribute("aria-busy", String(!track)); // its cells are hidden
    row.classList.toggle("is-work", Boolean(track?.isWork));
    if (!isHeading && row.shown?.heading !== undefined) endHeading(row.parts);
    if (isHeading) showHeading(row, track);
    else if (track) this.fillTrack(row, track, isSettled);
    else row.shown = null;
  }

  fillTrack(row, track, isSettled) {
    const isCurrent = track.id === this.player.trackId;
    row.classList.toggle("is-current", isCurrent);
    row.classList.toggle("is-new", this.glowing.has(track.id));
    row.classList.toggle("is-gone", Boolean(track.isGone));
    setIcon(row.parts.playIcon, isCurrent && this.player.isPlaying ? "volume" : "play");
    row.parts.state.textContent = isCurrent ? (this.player.isPlaying ? "Playing: " : "Paused: ") : "";
    const cover = { trackId: track.id, coverId: track.cover_id, name: track.album || track.title };
    if (!this.isAlbum) showCover(row.parts.cover, cover, COVER_PX, isSettled);
    if (row.shown === track) return;
    row.shown = track;
    // The heading of the album names its artist, so the rows need not.
    showTexts(row.parts, track, track.artist === this.albumArtist ? "" : track.artist);
  }
}

const makeRow = () => {
  const cell = (name, ...children) => element("div", { class: `cell ${name}`, role: "gridcell" }, ...children);
  const link = (name) => element("a", { class: name, dir: "auto", tabindex: "-1" });
  const parts = {
    number: element("span", { class: "number" }),
    playIcon: icon("play"),
    cover: makeCover(COVER_PX),
    state: element("span", { class: "unseen" }),
    title: tagText("text"),
    under: tagText("text under"),
    artist: tagText("text"),
    album: link("text"),
    year: element("span"),
    added: element("span"),
    length: element("span"),
    menu: element("button", { type: "button", class: "icon-button", tabindex: "-1", "data-does": "menu" }, icon("menu")),
  };
  parts.play = element("button", { type: "button", class: "row-play", tabindex: "-1", "data-does": "open" }, parts.playIcon);
  const row = element(
    "div",
    { class: "row", role: "row" },
    cell("start", parts.number, parts.cover, parts.play),
    cell("title", parts.state, parts.title, parts.under),
    cell("artist", parts.artist),
    cell("album", parts.album),
    cell("year", parts.year),
    cell("added", parts.added),
    cell("length", parts.length),
    cell("more", parts.menu),
  );
  row.parts = parts;
  return row;
};

// A heading can be found as such by screen readers, although it stands in a row of the grid.
const showHeading = (row, heading) => {
  if (row.shown === heading) return;
  row.shown = heading;
  row.classList.remove("is-current", "is-new", "is-gone");
  const { parts } = row;
  parts.state.textContent = "";
  parts.title.textContent = parts.title.title = heading.heading;
  parts.title.setAttribute("role", "heading");
  parts.title.setAttribute("aria-level", heading.level);
  parts.under.textContent = heading.under ?? "";
  parts.length.textContent = clock(heading.duration_s);
};

const endHeading = ({ title }) => {
  title.removeAttribute("role");
  title.removeAttribute("aria-level");
};

const showTexts = (parts, track, artist) => {
  parts.number.textContent = track.track_number ?? "";
  parts.title.textContent = track.shownTitle ?? track.title;
  parts.title.title = track.title;
  parts.under.textContent = artist;
  parts.artist.textContent = artist;
  parts.artist.title = artist;
  const album = [albumTitle(track.album), track.album_disambiguation && `(${track.album_disambiguation})`].filter(Boolean).join(" ");
  parts.album.textContent = parts.album.title = track.album_id ? album : "";
  if (track.album_id) parts.album.href = addressOf("albums", track.album_id);
  else parts.album.removeAttribute("href");
  parts.year.textContent = track.year ?? "";
  parts.added.textContent = track.added_at ? date(track.added_at) : "";
  parts.length.textContent = clock(track.duration_s);
  parts.play.setAttribute("aria-label", `Play ${track.title}`);
  parts.menu.setAttribute("aria-label", `More for ${track.title}`);
};

// Column headings that sort the list: a click calls `sortBy(sort)`, for instance with "title" or
// "-title". `show(sort)` of the result marks the column by which the list is sorted.
export const sortHeadings = (sortBy) => {
  let shown = "";
  const sorted = new Map();
  const heading = (name, label, key, first = key) => {
    const next = () => (shown === key ? `-${key}` : shown === `-${key}` ? key : first);
    const cell = element(
      "div",
      { class: `cell ${name}`, role: "columnheader" },
      element("button", { type: "button", on: { click: () => sortBy(next()) } }, label),
    );
    sorted.set(key, cell);
    return cell;
  };
  const plain = (name, label) =>
    element("div", { class: `cell ${name}`, role: "columnheader" }, element("span", { class: "unseen" }, label));
  const row = element(
    "div",
    { class: "row heading-row", role: "row", "aria-rowindex": "1" },
    plain("start", "Cover"),
    heading("title", "Title", "title"),
    heading("artist", "Artist", "artist"),
    heading("album", "Album", "album"),
    heading("year", "Year", "year", "-year"),
    heading("added", "Added", "added", "-added"),
    heading("length", "Length", "duration"),
    plain("more", "More"),
  );
  row.show = (sort) => {
    shown = sort;
    for (const [key, cell] of sorted) {
      cell.removeAttribute("aria-sort");
      if (sort === key) cell.setAttribute("aria-sort", "ascending");
      if (sort === `-${key}`) cell.setAttribute("aria-sort", "descending");
    }
  };
  return row;
};
