// Maps URLs to places: the view, the id of its album or artist, and the query with filters and
// order.

import { addressIn, pathBelowBase } from "./addresses.js";
import { layers } from "./layers.js";

const VIEWS = /^(?:(search|radio|tracks|albums|artists|genres|composers|labels|decades|years|folders|playlists|history|statistics|bookmarks|shares|scans|offline)(?:\/([0-9]+))?\/?)?$/;

const REMEMBER_MS = 150;

// The place `{ view, id, query }` of a URL; null if the URL is not one of the player's.
export const placeOf = (url) => {
  const path = url.origin === location.origin ? pathBelowBase(url.pathname) : null;
  const found = path === null ? null : VIEWS.exec(path);
  if (!found) return null;
  return { view: found[1] ?? "home", id: found[2] ? Number(found[2]) : null, query: url.searchParams };
};

// The URL of a place, such as "/albums/12?sort=title" on a server without a base path. Empty values are left out.
export const addressOf = (view, id = null, query = {}) => {
  const filled = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const search = new URLSearchParams(filled).toString();
  const path = addressIn(view === "home" ? "" : id === null ? view : `${view}/${id}`);
  return search ? `${path}?${search}` : path;
};

let places = 0;

// History entries with the same mark belong to one place; they differ in the open layers.
const newMark = () => `${Date.now()}-${(places += 1)}`;

export class Router {
  // `show(place, scrollTop)` is called whenever the place changes; `scroller` is the scrolled
  // element; `scrollTop()` returns how far the view is scrolled, or will be once it has loaded.
  // `isHeard()`: whether this page makes sound.
  constructor(scroller, { show, scrollTop, isHeard }) {
    Object.assign(this, { show, scrollTop, isHeard });
    history.scrollRestoration = "manual";
    addEventListener("popstate", ({ state }) => this.step(state));
    document.addEventListener("click", (event) => this.follow(event));
    // Stored, so that a reload and the forward button restore the scroll position too.
    addEventListener("pagehide", () => this.rememberScroll());
    scroller.addEventListener("scroll", () => this.rememberScrollSoon(), { passive: true });
  }

  begin() {
    if (!history.state?.mark) history.replaceState({ ...history.state, mark: newMark() }, "");
    this.showAddress(history.state.scrollTop ?? 0);
    layers.adjust(); // the page may have been reloaded while a layer was open
  }

  // `state`: what the history entry is to have besides its mark.
  go(address, state = {}) {
    if (layers.isOpen) layers.leave().then(() => this.push(address, state));
    else this.push(address, state);
  }

  push(address, state) {
    this.rememberScroll();
    history.pushState({ ...state, mark: newMark() }, "", address);
    this.showAddress(0);
  }

  // Open a page that is not part of the player, such as that of the account. Music ends with the page
  // that plays it, so while it plays the other page gets a tab of its own.
  leave(address) {
    if (this.isHeard()) open(address, "_blank", "noopener");
    // On a phone an open menu has an entry in the browser's history, and stepping back from it would
    // cancel a navigation that has begun.
    else if (layers.isOpen) layers.leave().then(() => location.assign(address));
    else location.assign(address);
  }

  back() {
    history.back();
  }

  // Whether the search of this place was typed where the step back leads to.
  get wasTyped() {
    return Boolean(history.state?.wasTyped);
  }

  // The user went back or forward: to another place, or only to or from a layer of this place.
  step(state) {
    const isSamePlace = state?.mark !== undefined && state.mark === this.mark;
    layers.stepped(state);
    if (!isSamePlace) this.showAddress(state?.scrollTop ?? 0);
  }

  // Change the URL without a new history entry, while a search is being typed.
  replace(address) {
    try {
      history.replaceState(history.state, "", address);
    } catch {
      // Safari refuses more than a hundred of these in a short time. The next one will be taken.
    }
    this.showAddress(0, new URL(address, location.href));
  }

  rememberScrollSoon() {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => this.rememberScroll(), REMEMBER_MS);
  }

  rememberScroll() {
    clearTimeout(this.remembering);
    history.replaceState({ ...history.state, scrollTop: this.scrollTop() }, "");
  }

  showAddress(scrollTop, url = new URL(location.href)) {
    clearTimeout(this.remembering);
    this.mark = history.state?.mark;
    this.show(placeOf(url), scrollTop);
  }

  // Handle a plain click on a link. One to a place of the player loads no page.
  follow(event) {
    const link = event.target.closest?.("a[href]");
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    if (link.hash) return; // a link within the page: "Skip to the content"
    const isPlace = placeOf(new URL(link.href)) !== null;
    if (!isPlace && !this.isHeard()) return;
    event.preventDefault();
    if (isPlace) this.go(link.getAttribute("href"));
    else this.leave(link.href);
  }
}
