// The place where people land: shelves of albums and tracks to go on from, and what scans changed.

import { get } from "../api.js";
import { element } from "../element.js";
import { SearchKeys } from "../search-keys.js";
import { gettext } from "../translation.js";
import { ChangesShelf } from "./home-changes.js";
import { ContinueShelf, SHELVES, Shelf } from "./home-shelves.js";
import { emptyLibrary, failure } from "./states.js";

const SHOWN = ["favourites", "plays"];
const REFRESH_MS = 300;
const NO_ROWS = { grid: null };

// By the mark of an entry in the browser's history: the seed of the random albums, and how far each
// shelf was scrolled. Whoever comes back from an album finds Home as it was.
const left = new Map();

export class HomeView {
  title = gettext("Home");
  hasFailed = false;
  asked = 0;

  constructor(page) {
    this.page = page;
    this.mark = history.state?.mark;
    this.left = left.get(this.mark);
    this.seed = this.left?.seed ?? Math.floor(Date.now() / 1000); // the random albums stay while one is here
    this.continue = new ContinueShelf(page);
    this.shelves = Object.entries(SHELVES).map(([name, shelf]) => new Shelf(name, shelf, page, this.seed));
    this.changes = new ChangesShelf(page);
    this.state = element("div");
    this.body = element("div", { class: "home" }, ...[this.continue, ...this.shelves, this.changes].map((shelf) => shelf.element));
    this.keys = new SearchKeys(this.body, NO_ROWS, () => null);
  }

  // What `Views` asks of a list: the number of albums (null until it is known), and when they are here.
  get list() {
    return { source: { count: this.count ?? null, settled: () => this.loading } };
  }

  begin() {
    this.page.container.replaceChildren(element("div", { class: "heading" }, element("h1", {}, this.title)), this.state, this.body);
    this.loading = this.load();
  }

  end() {
    this.hasEnded = true;
    clearTimeout(this.waiting);
    left.set(this.mark, { seed: this.seed, places: this.rows.map((row) => row.scrollLeft) });
    this.continue.end();
  }

  get rows() {
    return [this.continue, ...this.shelves].map(({ list }) => list);
  }

  concerns(changes) {
    return changes.has("album", "track");
  }

  refresh() {
    this.loading = this.load();
    return this.loading;
  }

  // Something of the user's own was changed, here or elsewhere.
  changed(name) {
    if (!SHOWN.includes(name)) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.refresh(), REFRESH_MS);
  }

  async load() {
    const asked = (this.asked += 1);
    const isLate = () => this.hasEnded || asked !== this.asked; // a later answer is on its way
    let found;
    try {
      found = await this.fetch();
    } catch (error) {
      if (!isLate()) this.fail(error);
      return;
    }
    if (!isLate()) this.show(...found);
  }

  // The answer of the API, and what stands above the shelves if there is no album.
  async fetch() {
    const tz = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
    const ask = (parameters) => get(`home?${new URLSearchParams({ artists: true, seed: this.seed, ...parameters })}`);
    // The server may not know the time zone by the name that a newer browser has for it.
    const { body } = await ask({ tz }).catch((error) => (error.status === 422 ? ask({}) : Promise.reject(error)));
    return [body, body.random.count ? null : await emptyLibrary(this.page.scanStatus, "album")];
  }

  show(body, state) {
    const isFirst = this.count === undefined;
    this.hasFailed = false;
    this.count = body.random.count;
    this.state.replaceChildren(...(state ? [state] : []));
    this.keepFocus(() => {
      this.continue.show(body.begun);
      for (const shelf of this.shelves) shelf.show(body[shelf.name].results ?? body[shelf.name]);
      this.changes.show(body.changes);
    });
    if (!isFirst) return;
    this.left?.places.forEach((left, at) => this.rows[at].scrollTo({ left, behavior: "instant" }));
    this.page.loaded();
  }

  // What is shown already stays.
  fail(error) {
    this.hasFailed = true;
    if (!this.count) this.state.replaceChildren(failure(this.title, error, () => this.page.reload()));
  }

  // Call `change`, which may move the element with the focus or take it away.
  keepFocus(change) {
    const { activeElement: focused } = document;
    const { item } = (this.body.contains(focused) && focused.dataset) || {};
    const place = item ? this.keys.stops.indexOf(focused) : -1;
    change();
    if (!item || document.activeElement === focused) return;
    const { stops } = this.keys;
    const next = stops.find(({ dataset }) => dataset.item === item) ?? stops[Math.min(place, stops.length - 1)];
    next?.focus({ preventScroll: true });
  }
}
