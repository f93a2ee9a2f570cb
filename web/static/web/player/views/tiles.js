// Albums as tiles in a grid with as many columns as fit.

import { get } from "../api.js";
import { makeCover, showCover } from "../cover.js";
import { element, tagText } from "../element.js";
import { LinkKeys } from "../link-keys.js";
import { refreshInPlace } from "../refresh-in-place.js";
import { addressOf } from "../router.js";
import { PagedRows } from "../sources.js";
import { albumArtist, albumTitle } from "../words.js";
import { WindowedList } from "../windowed-list.js";

const COVER_PX = 160;
const NARROWEST_PX = 176;
const NARROWEST_PHONE_PX = 150;
const PHONE_PX = 600;
const TEXT_PX = 60;

export class AlbumTiles {
  // `parameters`: the query parameters for the API's list of albums.
  constructor(scroller, parameters) {
    this.source = new PagedRows(loader(parameters));
    this.body = element("div", { class: "tiles", role: "list", "aria-label": "Albums" });
    this.list = new WindowedList({ scroller, body: this.body, source: this.source, make, fill: (...args) => this.fill(...args), shape });
    this.keys = new LinkKeys(this.list);
  }

  end() {
    this.source.stop();
    this.list.end();
  }

  refresh() {
    return refreshInPlace(this.list);
  }

  turnTo(parameters) {
    this.source.turnTo(loader(parameters));
  }

  fill(tile, album, index, isSettled) {
    tile.setAttribute("aria-posinset", index + 1);
    tile.setAttribute("aria-setsize", this.source.count ?? -1);
    tile.classList.toggle("is-loading", !album);
    if (!album) {
      tile.shown = null;
      tile.parts.link.removeAttribute("href");
      return;
    }
    const cover = { trackId: album.cover_track_id, coverId: album.cover_id, name: albumTitle(album.title) };
    showCover(tile.parts.cover, cover, "small", isSettled);
    if (tile.shown === album) return;
    tile.shown = album;
    tile.parts.link.href = addressOf("albums", album.id);
    tile.parts.title.textContent = albumTitle(album.title);
    tile.parts.artist.textContent = albumArtist(album.album_artist);
  }
}

const loader = (parameters) => (offset, limit, signal) =>
  get(`albums?${new URLSearchParams({ ...parameters, offset, limit })}`, signal);

const make = () => {
  const parts = {
    cover: makeCover(COVER_PX),
    title: tagText("tile-title"),
    artist: tagText("tile-artist"),
  };
  parts.link = element("a", { class: "tile-link" }, parts.cover, parts.title, parts.artist);
  const tile = element("div", { class: "tile", role: "listitem" }, parts.link);
  tile.parts = parts;
  return tile;
};

const shape = (width) => {
  const columns = Math.max(2, Math.floor(width / (width < PHONE_PX ? NARROWEST_PHONE_PX : NARROWEST_PX)));
  return { columns, height: Math.floor(width / columns) + TEXT_PX };
};
