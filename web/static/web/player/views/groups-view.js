// The view of all artists, genres, composers, labels, years or decades, or of the results of a search.

import { get } from "../api.js";
import { chosenTiles, letBeChosen } from "../chosen-tiles.js";
import { makeCover, showCover } from "../cover.js";
import { element, tagText } from "../element.js";
import { LinkKeys } from "../link-keys.js";
import { makeHeart, mark, unmark } from "../opinion-controls.js";
import { refreshInPlace } from "../refresh-in-place.js";
import { addressOf } from "../router.js";
import { PagedRows } from "../sources.js";
import { markThing, rowButtons, unmarkThing } from "../tile-buttons.js";
import { gettext } from "../translation.js";
import { counted } from "../words.js";
import { WindowedList } from "../windowed-list.js";
import { namesOf } from "./filter-names.js";
import { BROWSED, KINDS, kindsNav } from "./kinds.js";
import { LetterStrip } from "./letter-strip.js";
import { ListPlace } from "./list-place.js";
import { noOpinionsYet, OpinionFilter, readOpinions, showsOpinions } from "./opinion-filter.js";

// Artists may be only those of a genre, a composer and so on, as the pages of these link to.
const ARTIST_FILTERS = ["genre_id", "composer", "label", "year"];
const ROW_PX = 56;
const TILE_PX = 40;

export class GroupsView {
  constructor(page) {
    this.page = page;
    this.view = page.place.view;
    this.kind = KINDS[this.view];
    this.title = this.kind.title;
    this.source = new PagedRows(this.loader());
    this.body = element("div", { class: "artists", role: "list", "aria-label": this.title });
    this.list = new WindowedList({
      scroller: page.scroller,
      body: this.body,
      source: this.source,
      make: makeRow,
      fill: (...args) => this.fill(...args),
      shape: () => ({ columns: 1, height: ROW_PX }),
    });
    this.keys = new LinkKeys(this.list, undefined, letBeChosen(this.body, this.source, ({ id, name }) => ({ kind: this.view, id, name })));
    this.place = new ListPlace(page, {
      list: this.list,
      body: this.body,
      noun: this.kind.noun,
      nothing: () => !this.query && noOpinionsYet(this.opinions, this.kind.noun, () => page.router.go(addressOf(this.view))),
      clear: () => page.router.go(addressOf(this.view)),
    });
    this.letters = this.kind.isPerson ? new LetterStrip(page.scroller, this.list, { keys: this.keys, address: () => `${this.view}/letters?${new URLSearchParams(this.parameters)}` }) : null;
    this.heading = element("h1", { dir: "auto" });
    this.filter = this.kind.isPerson ? new OpinionFilter((change) => this.go({ ...this.opinions, ...change })) : null;
    this.showPlace();
  }

  showPlace() {
    this.place.narrow(this.query, Boolean(this.query) || Object.keys(this.narrowed).length > 0 || showsOpinions(this.opinions));
    this.filter?.show(this.opinions);
    this.showHeading();
  }

  get opinions() {
    return this.kind.isPerson ? readOpinions(this.page.place.query) : {};
  }

  get narrowed() {
    const { query } = this.page.place;
    return this.view === "artists" ? Object.fromEntries(ARTIST_FILTERS.filter((name) => query.get(name)).map((name) => [name, query.get(name)])) : {};
  }

  async showHeading() {
    const { narrowed, page } = this;
    const { place } = page;
    this.heading.textContent = this.title;
    const names = [...Object.values(await namesOf(narrowed)), narrowed.year];
    if (page.place === place) this.heading.textContent = [this.title, ...names].filter(Boolean).join(" · ");
  }

  get showsOpinions() {
    return showsOpinions(this.opinions, this.sort);
  }

  get query() {
    return this.page.place.query.get("q") ?? "";
  }

  get sort() {
    return this.page.place.query.get("sort") ?? this.defaultSort;
  }

  get defaultSort() {
    return Object.keys(this.kind.sorts)[0] ?? "name";
  }

  get parameters() {
    const { query: q, sort, opinions, narrowed } = this;
    return { ...(q && { q }), ...narrowed, ...opinions, sort };
  }

  loader() {
    const { view, parameters } = this;
    return (offset, limit, signal) => get(`${view}?${new URLSearchParams({ ...parameters, offset, limit })}`, signal);
  }

  turnTo() {
    this.showPlace();
    if (this.select) this.select.value = this.sort;
    this.source.turnTo(this.loader());
  }

  begin() {
    const heading = element("div", { class: "heading" }, this.heading, this.place.count, this.actions());
    const parts = BROWSED.includes(this.view) ? [kindsNav(this.view), heading] : [heading];
    this.page.container.replaceChildren(...parts, this.place.element);
    this.letters?.begin();
    this.list.update();
  }

  actions() {
    const { sorts } = this.kind;
    if (!Object.keys(sorts).length) return null;
    const choices = Object.entries(sorts).map(([sort, label]) => element("option", { value: sort, selected: sort === this.sort }, label));
    this.select = element("select", { on: { change: () => this.go(this.opinions) } }, ...choices);
    return element("div", { class: "actions" }, ...(this.filter?.elements ?? []), element("label", { class: "is-always" }, element("span", { class: "unseen" }, gettext("Sort by")), this.select));
  }

  // Go to the list with these filters, in the chosen order.
  go(opinions) {
    const sort = this.select.value === this.defaultSort ? "" : this.select.value;
    this.page.router.go(addressOf(this.view, null, { q: this.query, ...this.narrowed, ...opinions, sort }));
  }

  end() {
    this.source.stop();
    this.letters?.end();
    this.list.end();
  }

  get hasFailed() {
    return this.source.error !== null;
  }

  concerns(changes) {
    return changes.has(...this.kind.shows);
  }

  refresh() {
    return refreshInPlace(this.list);
  }

  fill(row, group, index, isSettled) {
    row.setAttribute("aria-posinset", index + 1);
    row.setAttribute("aria-setsize", this.source.count ?? -1);
    row.classList.toggle("is-loading", !group);
    if (!group) row.parts.link.removeAttribute("href");
    if (!group) unmark(row);
    if (!group) unmarkThing(row);
    if (!group) row.shown = null;
    if (!group) return;
    const artistId = this.kind.isPerson && group.id;
    showCover(row.parts.tile, { artistId, coverId: group.cover_id, name: group.name }, TILE_PX, isSettled);
    chosenTiles.mark(row);
    if (row.shown === group) return;
    row.shown = group;
    markThing(row, this.view, group.id, group.name);
    row.parts.link.href = addressOf(this.view, group.id);
    row.parts.name.textContent = group.name;
    if (this.kind.isPerson) mark(row, "artists", group.id, group.name);
    row.parts.facts.textContent = `${counted(group.album_count, "album")}, ${counted(group.track_count, "track")}`;
  }
}

const makeRow = () => {
  const parts = { tile: makeCover(TILE_PX), name: tagText("text"), facts: element("span", { class: "facts" }) };
  parts.link = element("a", { class: "artist-link" }, parts.tile, parts.name, parts.facts);
  const row = element("div", { class: "artist-row", role: "listitem" }, parts.link, makeHeart({ tabindex: "-1" }), ...rowButtons());
  row.parts = parts;
  return row;
};
