// The albums of an artist in sections: the artist's own by their type, and those of others.

import { getAll } from "../api.js";
import { element } from "../element.js";
import { Rows } from "../sources.js";
import { gettext } from "../translation.js";
import { yearAndNote } from "./album-words.js";
import { TileGrid } from "./tiles.js";

const BACKWARDS = ["ArrowUp", "ArrowLeft", "PageUp", "Home"];

const OTHERS = gettext("Appears on");

// The titles of the sections in their order, and which types of a release belong there. An album
// stands in the first section that fits; one without a type among the albums.
const SECTIONS = [
  [gettext("Live"), ["live"]],
  [gettext("Compilations"), ["compilation"]],
  [gettext("EPs"), ["ep"]],
  [gettext("Singles"), ["single"]],
  [gettext("Soundtracks"), ["soundtrack"]],
  [gettext("Other releases"), ["remix", "dj-mix", "mixtape/street", "demo", "broadcast", "interview", "spokenword", "audiobook", "audio drama", "other"]],
];
const ORDER = [gettext("Albums"), gettext("EPs"), gettext("Singles"), gettext("Live"), gettext("Compilations"), gettext("Soundtracks"), gettext("Other releases"), OTHERS];

const sectionOf = ({ release_types: types, compilation }) => {
  const all = compilation ? [...types, "compilation"] : types;
  return SECTIONS.find(([, of]) => all.some((type) => of.includes(type)))?.[0] ?? gettext("Albums");
};

// The artist of the page's heading need not be named again.
const linesOfOwn = ({ first_year: year, disambiguation }) => yearAndNote(year, disambiguation);

// All albums, newest first. `count` is null until they are loaded.
class ArtistAlbums extends Rows {
  isLoaded = false;
  error = null;

  get count() {
    return this.isLoaded ? this.rows.length : null;
  }

  async settled() {
    while (!this.isLoaded && !this.error) {
      await new Promise((resolve) => {
        for (const type of ["change", "fail"]) this.addEventListener(type, resolve, { once: true });
      });
    }
  }
}

export class AlbumSections {
  source = new ArtistAlbums();
  body = element("div", { class: "sections" });
  isAlone = true;
  sections = new Map(); // by title, in the order on the page

  constructor(scroller, artistId) {
    Object.assign(this, { scroller, artistId });
    this.ending = new AbortController();
  }

  // What views call of a WindowedList and of its LinkKeys.
  get list() {
    return this;
  }

  get keys() {
    return this;
  }

  async fetch() {
    const [all, own] = await Promise.all(["artist", "album_artist"].map((filter) => this.albumsBy(filter)));
    return { all, ownIds: new Set(own.map(({ id }) => id)) };
  }

  // Show what `fetch` has found. The body must be in the document: tiles are as wide as it allows.
  show({ all, ownIds }) {
    const place = this.placeInSight();
    this.divide(all, (album) => (ownIds.has(album.id) ? sectionOf(album) : OTHERS));
    this.update();
    this.scrollTo(place);
    this.source.isLoaded = true;
    this.source.set(all);
  }

  albumsBy(filter) {
    return getAll("albums", { [filter]: this.artistId, sort: "-year", artists: true }, this.ending.signal);
  }

  divide(albums, titleOf) {
    const focused = this.focusedId();
    const divided = groupedBy(albums, titleOf);
    for (const title of [...this.sections.keys()]) if (!divided.has(title)) this.remove(title);
    const titles = ORDER.filter((title) => divided.has(title));
    this.sections = new Map(titles.map((title) => [title, this.sections.get(title) ?? this.makeSection(title)]));
    titles.forEach((title, at) => {
      const { element: section, tiles } = this.sections.get(title);
      // To move an element would take the focus from it.
      if (this.body.children[at] !== section) this.body.insertBefore(section, this.body.children[at] ?? null);
      tiles.source.set(divided.get(title));
    });
    this.nameSections(this.isAlone);
    if (focused !== null) this.focusAlbum(focused);
  }

  // Albums need no heading where nothing else is on the page.
  nameSections(isAlone) {
    this.isAlone = isAlone;
    for (const [title, { heading }] of this.sections) heading.hidden = isAlone && this.sections.size === 1 && title === gettext("Albums");
  }

  makeSection(title) {
    const leave = (key, from) => this.leave(title, key, from);
    const linesOf = title === OTHERS ? undefined : linesOfOwn;
    const tiles = new TileGrid(this.scroller, new Rows(), { label: title, linesOf, leave });
    const heading = element("h2", {}, title);
    return { tiles, heading, element: element("section", { class: "section" }, heading, tiles.body) };
  }

  remove(title) {
    const section = this.sections.get(title);
    section.tiles.end();
    section.element.remove();
    this.sections.delete(title);
  }

  get grids() {
    return [...this.sections.values()].map(({ tiles }) => tiles);
  }

  // From the first to the last, since the height of one is the place of the next.
  update() {
    for (const { list } of this.grids) list.update();
  }

  end() {
    this.hasEnded = true;
    this.ending.abort();
    for (const grid of this.grids) grid.end();
  }

  // Keys

  take(event) {
    const inSight = this.grids.filter(({ body }) => isInSight(body, this.scroller));
    const grid = inSight.find(({ body }) => body === this.lastBody) ?? inSight[0] ?? this.grids[0];
    this.lastBody = grid?.body;
    return grid?.keys.take(event) ?? false;
  }

  goToFirst() {
    this.grids[0]?.keys.goToFirst();
  }

  openFirst() {
    this.grids[0]?.keys.openFirst();
  }

  // A key leads out of a section at tile `from`: to the next or the previous section, in the same
  // column.
  leave(title, key, from) {
    const { grids } = this;
    const at = [...this.sections.keys()].indexOf(title);
    const isBack = BACKWARDS.includes(key);
    const next = { Home: 0, End: grids.length - 1 }[key] ?? at + (isBack ? -1 : 1);
    const grid = grids[next];
    if (!grid || next === at) return false;
    const { columns } = grid.list.measure();
    const column = from % columns;
    const last = grid.source.count - 1;
    const lastRow = last - (last % columns);
    const targets = { Home: 0, End: last, ArrowRight: 0, ArrowLeft: last };
    grid.keys.goTo(targets[key] ?? Math.min(last, isBack ? lastRow + column : column));
    this.lastBody = grid.body;
    return true;
  }

  // What people look at stays in its place while sections grow.

  focusedId() {
    for (const { list, source } of this.grids) {
      const index = list.focusedIndex();
      if (index >= 0) return source.row(index)?.id ?? null;
    }
    return null;
  }

  focusAlbum(id) {
    for (const { list, source } of this.grids) {
      const index = source.rows.findIndex((album) => album.id === id);
      if (index < 0) continue;
      list.update();
      list.focus(index);
      return;
    }
  }

  placeInSight() {
    if (!this.scroller.scrollTop) return null;
    const grid = this.grids.find(({ body }) => isInSight(body, this.scroller));
    const index = grid?.list.inSight().first;
    const id = grid?.source.row(index)?.id;
    return id === undefined ? null : { id, top: topOf(grid, index) };
  }

  scrollTo(place) {
    if (!place) return;
    for (const grid of this.grids) {
      const index = grid.source.rows.findIndex(({ id }) => id === place.id);
      if (index < 0) continue;
      this.scroller.scrollTop += topOf(grid, index) - place.top;
      return;
    }
  }
}

const groupedBy = (items, keyOf) => {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
};

// Where tile `index` is in the scrolled content.
const topOf = ({ body, list }, index) => {
  const { columns, height } = list.measure();
  return body.offsetTop + Math.floor(index / columns) * height;
};

const isInSight = (body, scroller) => {
  const top = body.offsetTop - scroller.scrollTop;
  return top < scroller.clientHeight && top + body.offsetHeight > 0;
};
