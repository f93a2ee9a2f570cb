// The shelves of the place Home: a title with Play and a link to the whole list, above a row of tiles
// that scrolls sideways. A shelf without tiles is not shown.

import { get } from "../api.js";
import { artistLinks, artistsOf } from "../artist-links.js";
import { makeCover, showCover } from "../cover.js";
import { element, icon, tagText } from "../element.js";
import { makeHeart, mark } from "../opinion-controls.js";
import { addressOf } from "../router.js";
import { filled, gettext } from "../translation.js";
import { albumTitle, number } from "../words.js";
import { albumTile, artistLine } from "./tiles.js";

const COVER_PX = 160;

// The list that each shelf begins, by its name in the API's answer. `all`: its place and query.
export const SHELVES = {
  added: { title: gettext("Recently added"), all: () => ["albums", { sort: "-added" }] },
  played: { title: gettext("Recently played"), all: () => ["albums", { sort: "-played" }] },
  most_played: { title: gettext("Most played"), all: () => ["albums", { sort: "-plays" }] },
  favourites: { title: gettext("Favourite albums"), all: () => ["albums", { favourite: true, sort: "-favourited" }] },
  favourite_tracks: { title: gettext("Favourite tracks"), all: () => ["tracks", { favourite: true, sort: "-favourited" }], areTracks: true },
  forgotten: { title: gettext("Not heard for long"), all: () => ["albums", { sort: "played" }] },
  random: { title: gettext("At random"), all: (seed) => ["albums", { sort: "random", seed }] },
};

const idsOfAlbum = async (id) => (await get(`tracks/ids?${new URLSearchParams({ album: id, sort: "album" })}`)).body.ids;

// The section of a shelf. `actions`: what stands beside the title.
export const makeSection = (title, items, ...actions) => {
  const heading = element("div", { class: "search-heading" }, element("h2", {}, title), element("span", { class: "home-actions" }, ...actions));
  return element("section", { class: "home-shelf", "aria-label": title, hidden: true }, heading, items);
};

export const linkTo = (address, text, label = text) => element("a", { class: "all", href: address, "aria-label": label }, text);

const allLink = (title, address) => linkTo(address, gettext("All"), filled(gettext("All of “%(title)s”"), { title }));

const tileRow = (title) => element("ul", { class: "home-tiles", role: "list", "aria-label": title });

// Buttons that scroll a row by what fits into it, for a mouse; keys move the focus instead. They are off
// where there is nothing more to see; `row.markEnds` tells them of other tiles.
const scrollButtons = (row, title) => {
  const button = (label, sign) =>
    element(
      "button",
      { type: "button", class: sign < 0 ? "icon-button home-back" : "icon-button home-on", tabindex: "-1", "aria-label": label, title: label, on: { click: () => row.scrollBy({ left: sign * (row.clientWidth - COVER_PX) }) } },
      icon("down"),
    );
  const [back, on] = [button(filled(gettext("Scroll back: %(title)s"), { title }), -1), button(filled(gettext("Scroll on: %(title)s"), { title }), 1)];
  row.markEnds = () => {
    back.disabled = row.scrollLeft < 1;
    on.disabled = row.scrollLeft + row.clientWidth > row.scrollWidth - 1;
  };
  row.addEventListener("scroll", row.markEnds, { passive: true });
  new ResizeObserver(row.markEnds).observe(row);
  return [back, on];
};

// Show `tiles` in `list`; tiles that stay are not moved, so that the list keeps its place.
const showTiles = (list, tiles) => {
  const isSame = tiles.length === list.children.length && tiles.every((tile, at) => tile === list.children[at]);
  if (!isSame) list.replaceChildren(...tiles);
};

export class Shelf {
  rows = [];
  tiles = new Map(); // by the text of the row that each shows

  constructor(name, { title, all, areTracks = false }, page, seed) {
    Object.assign(this, { name, page, areTracks });
    const label = filled(gettext("Play “%(title)s”"), { title });
    const play = element("button", { type: "button", class: "small", "aria-label": label, title: label, on: { click: () => this.play() } }, gettext("Play"));
    this.list = tileRow(title);
    this.element = makeSection(title, this.list, ...scrollButtons(this.list, title), play, allLink(title, addressOf(all(seed)[0], null, all(seed)[1])));
  }

  show(rows) {
    this.rows = rows;
    const before = this.tiles;
    this.tiles = new Map(rows.map((row) => [JSON.stringify(row), row]));
    for (const [key, row] of this.tiles) this.tiles.set(key, before.get(key) ?? this.tile(row));
    showTiles(this.list, [...this.tiles.values()]);
    this.element.hidden = !rows.length;
    requestAnimationFrame(this.list.markEnds); // measures, which would lay the page out for each shelf
  }

  tile(row) {
    const item = `${this.name} ${row.id}`;
    if (!this.areTracks) return albumTile(row, { coverPx: COVER_PX, attributes: { "data-item": item } });
    this.page.player.known.put([row]);
    return trackTile(row, item, () => this.play(row.id));
  }

  // Play all that is shown; of tracks, from that of the id `first` on.
  async play(first = null) {
    const { player } = this.page;
    const ids = this.rows.map(({ id }) => id);
    if (this.areTracks) await player.playAll(ids, Math.max(0, ids.indexOf(first)));
    else await player.playAll((await Promise.all(ids.map(idsOfAlbum))).flat());
  }
}

// A tile of a track: a button that plays it, with a heart.
const trackTile = (track, item, play) => {
  const label = filled(gettext("Play %(title)s by %(artist)s"), track);
  const [cover, title, line] = tileParts({ trackId: track.id, coverId: track.cover_id, name: track.album || track.title }, track.title);
  line.append(...artistLinks(track.artist, artistsOf(track), { tabindex: "-1" }));
  const link = element("button", { type: "button", class: "tile-link", "data-item": item, "aria-label": label, on: { click: play } }, cover, title);
  const tile = element("li", { class: "tile" }, link, line, makeHeart({ tabindex: "-1" }));
  mark(tile, "tracks", track.id, track.title);
  return tile;
};

const tileParts = (picture, title, line) => {
  const cover = makeCover(COVER_PX);
  showCover(cover, picture, COVER_PX);
  return [cover, tagText("tile-title", title), tagText("tile-line", line)];
};

// The queue, and the albums that were begun.
export class ContinueShelf {
  begun = [];
  tiles = new Map();

  constructor(page) {
    const title = gettext("Continue listening");
    this.page = page;
    this.list = tileRow(title);
    this.element = makeSection(title, this.list, linkTo(addressOf("history"), gettext("History")));
    this.listening = new AbortController();
    const listen = (target, type) => target.addEventListener(type, () => this.update(), { signal: this.listening.signal });
    for (const type of ["track", "playing"]) listen(page.player, type);
    listen(page.player.queue, "change");
  }

  end() {
    this.listening.abort();
  }

  show(begun) {
    this.begun = begun;
    const before = this.tiles;
    this.tiles = new Map(begun.map((each) => [JSON.stringify(each), each]));
    for (const [key, each] of this.tiles) this.tiles.set(key, before.get(key) ?? this.begunTile(each));
    this.update();
  }

  update() {
    const { player } = this.page;
    const key = player.track && player.queue.length ? `${player.trackId} ${player.isPlaying} ${player.queue.position} ${player.queue.length}` : "";
    if (key !== this.key) this.queueTile = key ? this.tileOfQueue() : null;
    this.key = key;
    const focused = document.activeElement?.dataset.item === "queue" && this.list.contains(document.activeElement);
    showTiles(this.list, [this.queueTile, ...this.tiles.values()].filter(Boolean));
    if (focused) this.queueTile?.querySelector("button").focus({ preventScroll: true });
    this.element.hidden = !this.list.children.length;
  }

  // What is in the queue: plays or pauses.
  tileOfQueue() {
    const { player } = this.page;
    const { track, queue, isPlaying } = player;
    const place = filled(gettext("In the queue, %(place)s of %(count)s"), { place: number(queue.position + 1), count: number(queue.length) });
    const label = filled(isPlaying ? gettext("Pause %(title)s") : gettext("Go on with %(title)s"), track);
    const parts = tileParts({ trackId: track.id, coverId: track.cover_id, name: track.album || track.title }, track.title, track.artist);
    const button = element(
      "button",
      { type: "button", class: "tile-link", "data-item": "queue", "aria-label": `${label}. ${place}`, on: { click: () => player.toggle() } },
      ...parts,
      element("span", { class: "home-go-on" }, icon(isPlaying ? "pause" : "play"), place),
    );
    return element("li", { class: "tile" }, button);
  }

  begunTile({ album, next_track_id: next, next_place: place, track_count: count }) {
    const tile = albumTile(album, { coverPx: COVER_PX, linesOf: () => [artistLine(album), ""], attributes: { "data-item": `begun ${album.id}` } });
    const words = { place: number(place), count: number(count), title: albumTitle(album.title) };
    const label = filled(gettext("Go on with %(title)s at track %(place)s of %(count)s"), words);
    const goOn = async () => {
      const ids = await idsOfAlbum(album.id);
      this.page.player.playAll(ids, Math.max(0, ids.indexOf(next)));
    };
    tile.append(
      element("button", { type: "button", class: "home-go-on", "aria-label": label, title: label, on: { click: goOn } }, icon("play"), filled(gettext("%(place)s of %(count)s"), words)),
    );
    return tile;
  }
}
