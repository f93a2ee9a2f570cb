// The address tells the place: which view, of what, and how it is filtered and sorted.

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

export class Router {
  // `show(place, scrollTop)` is called whenever the place changes; `scroller` is what scrolls.
  constructor(scroller, show) {
    this.scroller = scroller;
    this.show = show;
    history.scrollRestoration = "manual";
    addEventListener("popstate", (event) => this.showAddress(event.state?.scrollTop ?? 0));
    document.addEventListener("click", (event) => this.follow(event));
    // So that a reload and the forward button, too, come back to where it was.
    addEventListener("pagehide", () => this.rememberScroll());
    scroller.addEventListener("scroll", () => this.rememberScrollSoon(), { passive: true });
  }

  begin() {
    this.showAddress(history.state?.scrollTop ?? 0);
  }

  go(address) {
    this.rememberScroll();
    history.pushState({}, "", address);
    this.showAddress(0);
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
