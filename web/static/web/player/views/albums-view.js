// The view of all albums or of the results of a search.

import { element } from "../element.js";
import { addressOf } from "../router.js";
import { gettext } from "../translation.js";
import { kindsNav } from "./kinds.js";
import { LetterStrip } from "./letter-strip.js";
import { ListPlace } from "./list-place.js";
import { noOpinionsYet, OPINION_SORTS, OpinionFilter, readOpinions, showsOpinions } from "./opinion-filter.js";
import { AlbumTiles } from "./tiles.js";

const SORTS = { title: gettext("Title"), artist: gettext("Artist"), "-year": gettext("Newest first"), "-added": gettext("Added last"), ...OPINION_SORTS, played: gettext("Heard longest ago"), random: gettext("Random") };
const DEFAULT_SORT = "title";
const newSeed = () => Math.floor(Date.now() / 1000);
const SEED = newSeed(); // used if the URL names none

export class AlbumsView {
  title = gettext("Albums");

  constructor(page) {
    this.page = page;
    this.readPlace();
    this.tiles = new AlbumTiles(page.scroller, this.parameters);
    this.place = new ListPlace(page, {
      list: this.list,
      body: this.tiles.body,
      noun: "album",
      nothing: () => !this.query && noOpinionsYet(this.opinions, "album", () => page.router.go(addressOf("albums"))),
      clear: () => page.router.go(addressOf("albums")),
    });
    this.letters = new LetterStrip(page.scroller, this.list, { keys: this.tiles.keys, address: () => `albums/letters?${new URLSearchParams(this.parameters)}` });
    this.filter = new OpinionFilter((change) => this.go({ ...this.opinions, ...change }));
    this.showPlace();
  }

  readPlace() {
    const { query } = this.page.place;
    this.query = query.get("q") ?? "";
    this.sort = query.get("sort") ?? DEFAULT_SORT;
    this.opinions = readOpinions(query);
    this.parameters = { sort: this.sort, ...this.opinions };
    if (this.sort === "played") this.parameters.played = true; // else what was never heard comes first
    if (this.query) this.parameters.q = this.query;
    if (this.sort === "random") this.parameters.seed = query.get("seed") ?? SEED;
  }

  turnTo() {
    this.readPlace();
    this.showPlace();
    this.select.value = this.sort;
    this.tiles.turnTo(this.parameters);
  }

  showPlace() {
    this.place.narrow(this.query, Boolean(this.query) || showsOpinions(this.opinions));
    this.filter.show(this.opinions);
  }

  get showsOpinions() {
    return showsOpinions(this.opinions, this.sort);
  }

  get list() {
    return this.tiles.list;
  }

  get keys() {
    return this.tiles.keys;
  }

  begin() {
    this.page.container.replaceChildren(
      kindsNav("albums"),
      element("div", { class: "heading" }, element("h1", {}, gettext("Albums")), this.place.count, this.actions()),
      this.place.element,
    );
    this.letters.begin();
    this.list.update();
  }

  end() {
    this.letters.end();
    this.tiles.end();
  }

  get hasFailed() {
    return this.list.source.error !== null;
  }

  concerns(changes) {
    return changes.has("album");
  }

  refresh() {
    return this.tiles.refresh();
  }

  actions() {
    const choices = Object.entries(SORTS).map(([sort, label]) => element("option", { value: sort, selected: sort === this.sort }, label));
    this.select = element("select", { on: { change: () => this.go(this.opinions) } }, ...choices);
    return element("div", { class: "actions" }, ...this.filter.elements, element("label", { class: "is-always" }, element("span", { class: "unseen" }, gettext("Sort by")), this.select));
  }

  // Go to the list with these filters, in the chosen order.
  go(opinions) {
    const sort = this.select.value === DEFAULT_SORT ? "" : this.select.value;
    const seed = sort === "random" ? newSeed() : null; // in the URL, so that Back restores the same order
    this.page.router.go(addressOf("albums", null, { q: this.query, ...opinions, sort, seed }));
  }
}
