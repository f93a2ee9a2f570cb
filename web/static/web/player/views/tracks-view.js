// The view of all tracks or of the results of a search or filter, in any order.

import { get } from "../api.js";
import { element, icon, iconButton } from "../element.js";
import { refreshInPlace } from "../refresh-in-place.js";
import { addressOf } from "../router.js";
import { listSettings } from "../list-settings.js";
import { PagedRows } from "../sources.js";
import { fitColumns, wantedFor } from "../track-columns.js";
import { sortHeadings } from "../track-headings.js";
import { TrackRows } from "../track-rows.js";
import { gettext } from "../translation.js";
import { NAMED, namesOf } from "./filter-names.js";
import { kindsNav } from "./kinds.js";
import { LetterStrip } from "./letter-strip.js";
import { listButton } from "./list-dialog.js";
import { ListPlace } from "./list-place.js";
import { isByPlays, noOpinionsYet, OPINION_FILTERS, OPINION_SORTS, OpinionFilter, showsOpinions } from "./opinion-filter.js";

const FILTERS = ["q", "artist", "album", "genre", "genre_id", "composer", "label", "year", ...OPINION_FILTERS];
const SORTS = { artist: gettext("Artist"), title: gettext("Title"), album: gettext("Album"), "-added": gettext("Added last"), "-year": gettext("Year"), duration: gettext("Length"), ...OPINION_SORTS };
const DEFAULT_SORT = "artist";

export class TracksView {
  title = gettext("Tracks");

  constructor(page) {
    this.page = page;
    this.readPlace();
    this.source = new PagedRows(this.loader());
    this.headings = sortHeadings((sort) => this.go({ sort }));
    this.rows = new TrackRows({
      scroller: page.scroller,
      source: this.source,
      label: gettext("Tracks"),
      player: page.player,
      play: (index) => this.play(index),
      menu: (track, at) => page.openMenu(track, at),
      menuOfSeveral: (indexes, at) => page.openMenuOfSeveral(indexes.length, () => this.rows.idsAt(indexes), at),
      allIds: () => this.ids(),
      headings: this.headings,
      hasColumns: true,
    });
    this.letters = new LetterStrip(page.scroller, this.list, { keys: this.keys, address: () => `tracks/letters?${this.parameters({})}` });
    this.columns = listSettings.columns;
    this.onSettings = () => this.changeColumns();
    listSettings.addEventListener("change", this.onSettings);
    this.resizes = new ResizeObserver(() => fitColumns(this.rows.grid, this.rows.grid.clientWidth));
    this.resizes.observe(this.rows.grid);
    this.opinions = new OpinionFilter((change) => this.go(change));
    this.place = new ListPlace(page, {
      list: this.list,
      body: this.rows.grid,
      noun: "track",
      nothing: () => noOpinionsYet(this.filters, "track", () => page.router.go(addressOf("tracks"))),
      clear: () => (this.filters.q ? this.go({ q: "" }) : page.router.go(addressOf("tracks"))),
    });
  }

  readPlace() {
    const { query } = this.page.place;
    this.filters = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ""]).filter(([, value]) => value));
    this.sort = query.get("sort") ?? DEFAULT_SORT;
  }

  // Change to another search, filter or order. The old rows stay until the first new ones are
  // loaded.
  turnTo() {
    this.readPlace();
    this.showPlace();
    this.rows.selection.set(-1);
    this.source.turnTo(this.loader());
  }

  // The user chose other columns: their rows are loaded anew if these tell more.
  changeColumns() {
    const wanted = JSON.stringify(wantedFor(listSettings.columns));
    const isMore = wanted !== JSON.stringify(wantedFor(this.columns));
    this.columns = listSettings.columns;
    fitColumns(this.rows.grid, this.rows.grid.clientWidth);
    if (!isMore) return;
    this.source.load = this.loader();
    this.refresh();
  }

  get list() {
    return this.rows.list;
  }

  get keys() {
    return this.rows.selection;
  }

  begin() {
    this.heading = element("h1", { dir: "auto" });
    this.showAll = element("a", { class: "button small compact", href: addressOf("tracks"), "aria-label": gettext("Show all tracks"), title: gettext("Show all tracks") }, icon("close"), element("span", {}, gettext("Show all tracks")));
    this.page.container.replaceChildren(
      kindsNav("tracks"),
      element("div", { class: "heading" }, this.heading, this.place.count, this.showAll, this.actions()),
      this.place.element,
    );
    this.showPlace();
    this.letters.begin();
    this.list.update();
  }

  showPlace() {
    const { q, ...narrowed } = this.filters;
    this.place.narrow(q, Object.keys(this.filters).length > 0);
    this.showAll.hidden = !Object.keys(narrowed).length;
    this.headings.show(this.sort);
    this.opinions.show(this.filters);
    this.keep.hidden = !Object.keys(this.filters).length;
    this.select.value = this.sort in SORTS ? this.sort : "other";
    this.showHeading();
  }

  // The heading: the names of the artist, album, genre and so on by which the list is filtered.
  async showHeading() {
    const { filters } = this;
    const show = (...names) => (this.heading.textContent = names.filter(Boolean).join(" · ") || gettext("Tracks"));
    const favourites = filters.favourite === "true" && gettext("Favourites");
    show(filters.genre, filters.year, favourites);
    if (!Object.keys(NAMED).some((filter) => filters[filter])) return;
    const names = Object.values(await namesOf(filters));
    if (this.filters === filters) show(...names, filters.genre, filters.year, favourites);
  }

  // Keep what this list shows as a playlist that renews itself.
  async keepSearch() {
    const { filters, sort } = this;
    const names = await namesOf(filters);
    const name = [filters.q, ...Object.values(names), filters.genre, filters.year, filters.favourite === "true" && gettext("Favourites")].filter(Boolean).join(" · ");
    const { body } = await get(`search/rules?${new URLSearchParams({ q: filters.q ?? "" })}`);
    await this.page.acts.keepSearch(name, filters, sort, names, body.rules?.all);
  }

  end() {
    this.source.stop();
    this.resizes.disconnect();
    listSettings.removeEventListener("change", this.onSettings);
    this.letters.end();
    this.rows.end();
  }

  get hasFailed() {
    return this.source.error !== null;
  }

  // The user heard a track: the order may be another one now.
  async heard() {
    if (isByPlays(this.sort)) await this.refresh();
  }

  get showsOpinions() {
    return showsOpinions(this.filters, this.sort);
  }

  concerns(changes) {
    return changes.has("track");
  }

  // The library has changed: reload the rows and keep the visible ones in place.
  async refresh() {
    const { selection } = this.rows;
    const places = await refreshInPlace(this.list, () => this.allPlaces());
    if (this.list.hasEnded) return;
    const isNear = [...selection.chosen.values()].every((id) => places.has(id));
    const all = isNear ? places : await this.allPlaces();
    selection.follow((id) => all.get(id));
    this.rows.glow((track) => this.source.isFresh(track));
  }

  async allPlaces() {
    return new Map((await this.ids()).map((id, place) => [id, place]));
  }

  async ids() {
    const { body } = await get(`tracks/ids?${this.parameters({})}`);
    return body.ids;
  }

  play(index) {
    this.page.player.playAmong(this.source.row(index).id, () => this.ids());
  }

  parameters(more) {
    return new URLSearchParams({ ...this.filters, sort: this.sort, ...more });
  }

  loader() {
    const { filters, sort } = this;
    const own = { ...wantedFor(listSettings.columns), ...(isByPlays(sort) && { own: true }) };
    return (offset, limit, signal) => get(`tracks?${new URLSearchParams({ ...filters, sort, ...own, offset, limit })}`, signal);
  }

  go(change) {
    const sort = change.sort ?? this.sort;
    const query = { ...this.filters, ...change, sort: sort === DEFAULT_SORT ? "" : sort };
    this.page.router.go(addressOf("tracks", null, query));
  }

  actions() {
    const { player } = this.page;
    const button = (label, act) => element("button", { type: "button", class: "small", disabled: true, on: { click: act } }, label);
    const choices = Object.entries(SORTS).map(([sort, label]) => element("option", { value: sort }, label));
    const other = element("option", { value: "other", hidden: true }, gettext("Other"));
    this.select = element("select", { on: { change: () => this.go({ sort: this.select.value }) } }, ...choices, other);
    const play = button(gettext("Play"), async () => player.playAll(await this.ids()));
    const shuffle = button(gettext("Shuffle"), async () => player.shuffleAll(await this.ids()));
    const addAll = () => this.page.addTo.open({ ids: () => this.ids(), suggested: this.filters.q ?? "" });
    const add = iconButton("add", gettext("Add to a playlist"), addAll, { disabled: true });
    const keeping = gettext("Save as a smart playlist");
    this.keep = element(
      "button",
      { type: "button", class: "small compact", "aria-label": keeping, title: keeping, on: { click: () => this.keepSearch() } },
      icon("smart"),
      element("span", {}, keeping),
    );
    const enable = () => [play, shuffle, add].forEach((each) => (each.disabled = !this.source.count));
    this.source.addEventListener("change", enable);
    return element(
      "div",
      { class: "actions" },
      play,
      shuffle,
      add,
      this.keep,
      element("span", { class: "line-break" }),
      ...this.opinions.elements,
      element("label", { class: "sort-choice" }, element("span", { class: "unseen" }, gettext("Sort by")), this.select),
      listButton(this.page.isStaff),
    );
  }
}
