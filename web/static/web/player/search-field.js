// The search: as you type, in whichever list is in sight; it lives in the address.

import { addressOf } from "./router.js";

const DEBOUNCE_MS = 120;
const touches = matchMedia("(pointer: coarse)");
const SEARCHED = ["tracks", "albums", "artists"];

export class SearchField {
  constructor(form, router, views) {
    Object.assign(this, { form, router, views });
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

  // Enter plays or opens the first result. On a touch screen it only puts the keyboard away, which
  // covers the results.
  submit() {
    this.search();
    if (touches.matches) this.input.blur();
    else if (this.input.value.trim()) this.withResults((keys) => keys.openFirst());
  }

  // As soon as the results are here, unless somebody typed or went elsewhere meanwhile.
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

  // The place has changed: its search stands in the field, unless what was typed there a moment ago
  // has still to be searched for.
  show(place) {
    this.place = place;
    const query = place?.query.get("q") ?? "";
    if (!this.waiting && this.input.value.trim() !== query) this.input.value = query;
  }

  typed() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.search(), DEBOUNCE_MS);
  }

  clear() {
    this.input.value = "";
    this.search();
  }

  search() {
    clearTimeout(this.waiting);
    this.waiting = null;
    const query = this.input.value.trim();
    const { view = "tracks", id = null, query: old } = this.place ?? {};
    const isList = id === null && SEARCHED.includes(view);
    if (query === (old?.get("q") ?? "") && isList) return;
    if (!query && !isList) return;
    const address = addressOf(isList ? view : "tracks", null, isList ? { ...Object.fromEntries(old), q: query } : { q: query });
    // While a search is being typed each letter is no step of its own for the back button.
    if (isList && old.get("q") && query) this.router.replace(address);
    else this.router.go(address);
  }
}
