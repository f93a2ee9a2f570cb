// The search field. It searches the visible list while the user types, elsewhere everything; the URL
// holds the search. The first key is searched at once, further ones at most twenty times in a second.

import { holdCovers } from "./cover.js";
import { addressOf } from "./router.js";
import { gettext } from "./translation.js";

const PACE_MS = 50;
const touches = matchMedia("(pointer: coarse)");
const SEARCHED = ["search", "tracks", "albums", "artists", "genres", "composers", "labels", "decades", "years", "playlists"];

const SEARCHES = {
  tracks: gettext("Search tracks"),
  albums: gettext("Search albums"),
  artists: gettext("Search artists"),
  genres: gettext("Search genres"),
  composers: gettext("Search composers"),
  labels: gettext("Search labels"),
  decades: gettext("Search decades"),
  years: gettext("Search years"),
  playlists: gettext("Search playlists"),
};

export class SearchField {
  constructor(form, router, views) {
    Object.assign(this, { form, router, views });
    views.field = this;
    this.input = form.querySelector("input");
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.press(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  press(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") this.clear();
    if (event.key !== "ArrowDown" || event.altKey) return;
    event.preventDefault();
    this.withResults((keys) => keys.goToFirst());
  }

  // Enter plays or opens the first result. On a touch screen it only hides the keyboard, which
  // covers the results.
  submit() {
    this.search();
    if (touches.matches) this.input.blur();
    else if (this.input.value.trim()) this.withResults((keys) => keys.openFirst());
  }

  // Call `act` as soon as the results are loaded, unless the user typed or left the field
  // meanwhile.
  async withResults(act) {
    this.search();
    const text = this.input.value;
    const keys = await this.views.settledKeys();
    if (keys && this.input.value === text && document.activeElement === this.input) act(keys);
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  // The place has changed: put its search into the field, unless the user has typed something that
  // is not yet searched for. What was typed before the scripts were there is searched now.
  show(place) {
    const isEarly = this.place === undefined && this.input.value.trim() && document.activeElement === this.input;
    this.place = place;
    const query = place?.query.get("q") ?? "";
    this.input.placeholder = this.isList && place.view !== "search" ? (SEARCHES[place.view] ?? gettext("Search")) : gettext("Search everything");
    if (isEarly) setTimeout(() => this.typed());
    else if (!this.waiting && this.input.value.trim() !== query) this.input.value = query;
  }

  // Whether the place is a list, which the field searches.
  get isList() {
    return this.place?.id === null && SEARCHED.includes(this.place.view);
  }

  typed() {
    holdCovers();
    if (this.waiting) return;
    const { value } = this.input;
    this.search();
    this.waiting = setTimeout(() => {
      this.waiting = null;
      if (this.input.value !== value) this.typed();
      else this.show(this.place); // the user may have stepped back meanwhile
    }, PACE_MS);
  }

  // Back to where the user was before the search, if it was typed there; else the list without it.
  clear() {
    const wasSearched = Boolean(this.input.value);
    this.input.value = "";
    clearTimeout(this.waiting);
    this.waiting = null;
    if (!this.router.wasTyped || !this.place?.query.get("q")) {
      this.search();
      if (!wasSearched) this.input.blur();
      return;
    }
    if (this.place.view === "search") this.input.blur();
    this.router.back();
  }

  // Put a further operator or word into the field.
  insert(text) {
    this.input.value = `${this.input.value.trimEnd()} ${text}`.trim();
    this.input.focus();
    this.search();
  }

  search() {
    clearTimeout(this.waiting);
    this.waiting = null;
    const query = this.input.value.trim();
    const { isList } = this;
    const { view, query: old } = this.place ?? {};
    if (query === (old?.get("q") ?? "") && isList) return;
    if (!query && !isList) return;
    const address = addressOf(isList ? view : "search", null, isList ? { ...Object.fromEntries(old), q: query } : { q: query });
    // Typing further letters of a search makes no new history entries.
    if (isList && old.get("q") && query) this.router.replace(address);
    else this.router.go(address, { wasTyped: true });
  }
}
