// All albums, or those that a search leaves.

import { element } from "../element.js";
import { addressOf } from "../router.js";
import { counted } from "../words.js";
import { emptyLibrary, failure, nothingFound } from "./states.js";
import { AlbumTiles } from "./tiles.js";

const SORTS = { title: "Title", artist: "Artist", "-year": "Newest first", "-added": "Added last", random: "Random" };
const DEFAULT_SORT = "title";

export class AlbumsView {
  title = "Albums";

  constructor(page) {
    this.page = page;
    const { query } = page.place;
    this.query = query.get("q") ?? "";
    this.sort = query.get("sort") ?? DEFAULT_SORT;
    const parameters = { sort: this.sort };
    if (this.query) parameters.q = this.query;
    if (this.sort === "random") parameters.seed = Math.floor(Date.now() / 1000);
    this.tiles = new AlbumTiles(page.scroller, parameters);
    this.tiles.source.addEventListener("change", () => this.loaded());
    this.tiles.source.addEventListener("fail", () => this.failed());
  }

  get list() {
    return this.tiles.list;
  }

  begin() {
    this.count = element("p", { class: "count", role: "status" });
    this.place = element("div", {}, this.tiles.body);
    this.page.container.replaceChildren(
      element("div", { class: "heading" }, element("h1", {}, "Albums"), this.count, this.actions()),
      this.place,
    );
    this.list.update();
  }

  end() {
    this.tiles.end();
  }

  refresh() {
    return this.tiles.refresh();
  }

  actions() {
    const choices = Object.entries(SORTS).map(([sort, label]) => element("option", { value: sort, selected: sort === this.sort }, label));
    const go = () => {
      const sort = select.value === DEFAULT_SORT ? "" : select.value;
      this.page.router.go(addressOf("albums", null, { q: this.query, sort }));
    };
    const select = element("select", { on: { change: go } }, ...choices);
    return element("div", { class: "actions" }, element("label", { class: "is-always" }, element("span", { class: "unseen" }, "Sort by"), select));
  }

  async loaded() {
    const { count } = this.tiles.source;
    this.count.textContent = this.query ? `${counted(count, "album")} found` : counted(count, "album");
    const clear = () => this.page.router.go(addressOf("albums"));
    if (count && this.place.firstElementChild !== this.tiles.body) this.place.replaceChildren(this.tiles.body);
    if (count) this.list.update();
    else if (this.query) this.place.replaceChildren(nothingFound(this.query, clear));
    else this.place.replaceChildren(await emptyLibrary(this.page.scanStatus));
    this.page.loaded();
  }

  failed() {
    if (this.tiles.source.count) return;
    this.place.replaceChildren(failure("The albums", this.tiles.source.error, () => this.page.reload()));
  }
}
