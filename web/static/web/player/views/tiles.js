// Albums as tiles: in a windowed grid with as many columns as fit, as a short list, or one by one.

import { get } from "../api.js";
import { artistLinks } from "../artist-links.js";
import { makeCover, showCover } from "../cover.js";
import { letBeChosen } from "../chosen-tiles.js";
import { element, tagText } from "../element.js";
import { LinkKeys } from "../link-keys.js";
import { makeHeart, mark, unmark } from "../opinion-controls.js";
import { refreshInPlace } from "../refresh-in-place.js";
import { addressOf } from "../router.js";
import { markThing, tileButtons, unmarkThing } from "../tile-buttons.js";
import { PagedRows } from "../sources.js";
import { gettext } from "../translation.js";
import { albumArtist, albumTitle } from "../words.js";
import { WindowedList } from "../windowed-list.js";

const COVER_PX = 200;
const NARROWEST_PX = 176;
const NARROWEST_PHONE_PX = 150;
const PHONE_PX = 600;
const TEXT_PX = 84; // a title of two lines, and two lines more
const PADDING_PX = 8;

const thingOf = ({ id, title }) => ({ kind: "albums", id, name: albumTitle(title) });

// The artists of an album, with links. The Tab key leads from tile to tile; by keys a tile's menu goes there.
export const artistLine = ({ album_artist: text, album_artists: artists = [] }) => artistLinks(albumArtist(text), artists, { tabindex: "-1" });

// The second and the third line of a tile. The third tells an album from another one of its name.
const artistAndNote = (album) => [artistLine(album), album.disambiguation ?? ""];

// A windowed grid of the albums in `source`, named `label` for screen readers. `linesOf(album)`
// returns the two lines below the title, texts or lists of nodes; `leave`: see LinkKeys.
export class TileGrid {
  constructor(scroller, source, { label = gettext("Albums"), linesOf = artistAndNote, leave } = {}) {
    Object.assign(this, { source, linesOf });
    this.coverPx = COVER_PX;
    this.body = element("div", { class: "tiles", role: "list", "aria-label": label });
    this.list = new WindowedList({
      scroller,
      body: this.body,
      source,
      make: makeTile,
      fill: (...args) => this.fill(...args),
      shape: (width) => this.shape(width),
    });
    this.keys = new LinkKeys(this.list, leave, letBeChosen(this.body, source, thingOf));
  }

  end() {
    this.list.end();
  }

  shape(width) {
    const columns = Math.max(2, Math.floor(width / (width < PHONE_PX ? NARROWEST_PHONE_PX : NARROWEST_PX)));
    const columnPx = Math.floor(width / columns);
    if (width) this.coverPx = columnPx - 2 * PADDING_PX; // else the grid is not in the document yet
    return { columns, height: columnPx + TEXT_PX };
  }

  fill(tile, album, index, isSettled) {
    tile.setAttribute("aria-posinset", index + 1);
    tile.setAttribute("aria-setsize", this.source.count ?? -1);
    tile.classList.toggle("is-loading", !album);
    if (album) {
      fillTile(tile, album, this.coverPx, isSettled, this.linesOf);
      return;
    }
    tile.shown = null;
    unmark(tile);
    unmarkThing(tile);
    tile.parts.link.removeAttribute("href");
    tile.parts.second.replaceChildren(); // its links would get the focus in place of the tile
  }
}

export class AlbumTiles extends TileGrid {
  // `parameters`: the query parameters for the API's list of albums.
  constructor(scroller, parameters) {
    super(scroller, new PagedRows(loader(parameters)));
  }

  end() {
    this.source.stop();
    super.end();
  }

  refresh() {
    return refreshInPlace(this.list);
  }

  turnTo(parameters) {
    this.source.turnTo(loader(parameters));
  }
}

const loader = (parameters) => (offset, limit, signal) =>
  get(`albums?${new URLSearchParams({ ...parameters, artists: true, offset, limit })}`, signal);

// A list of a few albums, all of them in the document.
export const tileList = (albums, label, linesOf) => {
  const tiles = albums.map((album) => albumTile(album, { linesOf }));
  return element("ul", { class: "tile-list", role: "list", "aria-label": label }, ...tiles);
};

// An item of a list. `attributes`: further ones of its link.
export const albumTile = (album, { linesOf = artistAndNote, coverPx = COVER_PX, attributes = {} }) => {
  const tile = makeTile("li", null, coverPx);
  for (const [name, value] of Object.entries(attributes)) tile.parts.link.setAttribute(name, value);
  fillTile(tile, album, coverPx, true, linesOf);
  return tile;
};

const makeTile = (tag = "div", role = "listitem", coverPx = COVER_PX) => {
  const parts = {
    cover: makeCover(coverPx),
    title: tagText("tile-title"),
    second: tagText("tile-line"),
    third: tagText("tile-line"),
  };
  parts.link = element("a", { class: "tile-link" }, parts.cover, parts.title);
  const tile = element(tag, { class: "tile", role }, parts.link, parts.second, parts.third, makeHeart({ tabindex: "-1" }), tileButtons());
  tile.parts = parts;
  return tile;
};

const fillTile = (tile, album, coverPx, isSettled, linesOf) => {
  const { parts } = tile;
  const title = albumTitle(album.title);
  showCover(parts.cover, { trackId: album.cover_track_id, coverId: album.cover_id, name: title }, coverPx, isSettled);
  mark(tile, "albums", album.id, title);
  markThing(tile, "albums", album.id, title);
  if (tile.shown === album) return;
  tile.shown = album;
  parts.link.href = addressOf("albums", album.id);
  parts.title.textContent = parts.title.title = title;
  const [second, third] = linesOf(album);
  parts.second.replaceChildren(...[second].flat());
  parts.third.textContent = third;
};
