// The view of all artists or of the results of a search.

import { get } from "../api.js";
import { makeCover, showCover } from "../cover.js";
import { element, tagText } from "../element.js";
import { LinkKeys } from "../link-keys.js";
import { refreshInPlace } from "../refresh-in-place.js";
import { addressOf } from "../router.js";
import { PagedRows } from "../sources.js";
import { counted } from "../words.js";
import { WindowedList } from "../windowed-list.js";
import { ListPlace } from "./list-place.js";

const ROW_PX = 56;
const TILE_PX = 40;

export class ArtistsView {
  title = "Artists";

  constructor(page) {
    this.page = page;
    this.source = new PagedRows(loader(this.query));
    this.body = element("div", { class: "artists", role: "list", "aria-label": "Artists" });
    this.list = new WindowedList({
      scroller: page.scroller,
      body: this.body,
      source: this.source,
      make: makeRow,
      fill: (row, artist, index) => this.fill(row, artist, index),
      shape: () => ({ columns: 1, height: ROW_PX }),
    });
    this.keys = new LinkKeys(this.list);
    this.place = new ListPlace(page, {
      list: this.list,
      body: this.body,
      noun: "artist",
      clear: () => page.router.go(addressOf("artists")),
    });
    this.place.narrow(this.query);
  }

  get query() {
    return this.page.place.query.get("q") ?? "";
  }

  turnTo() {
    this.place.narrow(this.query);
    this.source.turnTo(loader(this.query));
  }

  begin() {
    this.page.container.replaceChildren(element("div", { class: "heading" }, element("h1", {}, "Artists"), this.place.count), this.place.element);
    this.list.update();
  }

  end() {
    this.source.stop();
    this.list.end();
  }

  refresh() {
    return refreshInPlace(this.list);
  }

  fill(row, artist, index) {
    row.setAttribute("aria-posinset", index + 1);
    row.setAttribute("aria-setsize", this.source.count ?? -1);
    row.classList.toggle("is-loading", !artist);
    if (!artist) row.parts.link.removeAttribute("href");
    if (!artist || row.shown === artist) return;
    row.shown = artist;
    row.parts.link.href = addressOf("artists", artist.id);
    row.parts.name.textContent = artist.name;
    row.parts.facts.textContent = `${counted(artist.album_count, "album")}, ${counted(artist.track_count, "track")}`;
    showCover(row.parts.tile, { name: artist.name });
  }
}

const loader = (q) => (offset, limit, signal) =>
  get(`artists?${new URLSearchParams({ ...(q && { q }), offset, limit })}`, signal);

const makeRow = () => {
  const parts = { tile: makeCover(TILE_PX), name: tagText("text"), facts: element("span", { class: "facts" }) };
  parts.link = element("a", { class: "artist-link" }, parts.tile, parts.name, parts.facts);
  const row = element("div", { class: "artist-row", role: "listitem" }, parts.link);
  row.parts = parts;
  return row;
};
