// The address tells the place: which view, of what, and how it is filtered and sorted.

import { layers } from "./layers.js";

const VIEWS = /^\/(?:(tracks|albums|artists|scans)(?:\/([0-9]+))?)?\/?$/;

const REMEMBER_MS = 150;

// `{ view, id, query }`, or null for an address that is none of the player's.
export const placeOf = (url) => {
  const found = VIEWS.exec(url.pathname);
  if (!found || url.origin !== location.origin) return null;
  return { view: found[1] ?? "tracks", id: found[2] ? Number(found[2]) : null, query: url.searchParams };
};

// "/albums/12?sort=title"; what is empty is left out
export const addressOf = (view, id = null, query = {}) => {
  const filled = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const search = new URLSearchParams(filled).toString();
  const path = id === null ? `/${view}` : `/${view}/${id}`;
  return search ? `${path}?${search}` : path;
};

let places = 0;

// Entries of the history with the same mark are one place, with and without layers on top of it.
const newMark = () => `${Date.now()}-${(places += 1)}`;

export class Router {
  // `show(place, scrollTop)` is called whenever the place changes; `scroller` is what scrolls.
  constructor(scroller, show) {
    this.scroller = scroller;
    this.show = show;
    history.scrollRestoration = "manual";
    addEventListener("popstate", ({ state }) => this.step(state));
    document.addEventListener("click", (event) => this.follow(event));
    // So that a reload and the forward button, too, come back to where it was.
    addEventListener("pagehide", () => this.rememberScroll());
    scroller.addEventListener("scroll", () => this.rememberScrollSoon(), { passive: true });
  }

  begin() {
    if (!history.state?.mark) history.replaceState({ ...history.state, mark: newMark() }, "");
    this.showAddress(history.state.scrollTop ?? 0);
    layers.adjust(); // the page may have been loaded again while a layer was open
  }

  go(address) {
    if (layers.isOpen) layers.leave().then(() => this.push(address));
    else this.push(address);
  }

  push(address) {
    this.rememberScroll();
    history.pushState({ mark: newMark() }, "", address);
    this.showAddress(0);
  }

  // Back or forward: to another place, or only to or from a layer on top of this one.
  step(state) {
    const isSamePlace = state?.mark !== undefined && state.mark === this.mark;
    layers.stepped(state);
    if (!isSamePlace) this.showAddress(state?.scrollTop ?? 0);
  }

  // The same place, narrowed down further: no new step for the back button.
  replace(address) {
    history.replaceState(history.state, "", address);
    this.showAddress(0);
  }

  rememberScrollSoon() {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => this.rememberScroll(), REMEMBER_MS);
  }

  rememberScroll() {
    clearTimeout(this.remembering);
    history.replaceState({ ...history.state, scrollTop: this.scroller.scrollTop }, "");
  }

  showAddress(scrollTop) {
    clearTimeout(this.remembering);
    this.mark = history.state?.mark;
    this.show(placeOf(new URL(location.href)), scrollTop);
  }

  // A plain click on a link to one of the player's own places does not load a page.
  follow(event) {
    const link = event.target.closest?.("a[href]");
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented || link.target || !placeOf(new URL(link.href))) return;
    if (link.hash) return; // within the page: past the navigation to the content
    event.preventDefault();
    this.go(link.getAttribute("href"));
  }
}
