// The view that is in sight: which one the place asks for, and what it shares with the page.

import { element } from "../element.js";
import { AlbumView } from "./album-view.js";
import { AlbumsView } from "./albums-view.js";
import { ArtistView } from "./artist-view.js";
import { ArtistsView } from "./artists-view.js";
import { ScansView } from "./scans-view.js";
import { message } from "./states.js";
import { TracksView } from "./tracks-view.js";

const LISTS = { tracks: TracksView, albums: AlbumsView, artists: ArtistsView };
const SINGLE = { albums: AlbumView, artists: ArtistView };

export class Views {
  // `content`: the element that holds the view, and that scrolls.
  constructor({ content, player, scanStatus, isStaff, admin }) {
    Object.assign(this, { scroller: content, player, scanStatus, isStaff, admin });
    this.container = content.querySelector("[data-view]");
    this.announcer = content.querySelector("[data-announce]");
  }

  show(place, scrollTop = 0) {
    const View = this.viewOf(place);
    const isSameList = View && this.current?.constructor === View && this.current.turnTo && this.place !== place;
    this.place = place;
    this.scrollTop = scrollTop;
    if (isSameList) {
      this.current.turnTo();
      return;
    }
    this.current?.end();
    this.scroller.scrollTop = 0;
    this.current = View ? new View(this) : null;
    if (!this.current) {
      this.container.replaceChildren(message("There is nothing here", [element("a", { class: "button", href: "/tracks" }, "All tracks")], "h1"));
      return;
    }
    this.setTitle(this.current.title);
    this.current.begin();
  }

  reload() {
    this.show(this.place, this.scroller.scrollTop);
  }

  async refresh() {
    await this.current?.refresh?.();
  }

  get isEmpty() {
    return this.current?.list?.source.count === 0;
  }

  // The first rows are here: back to where it was scrolled to.
  loaded() {
    if (!this.scrollTop) return;
    const { scrollTop } = this;
    this.scrollTop = 0;
    this.scroller.scrollTop = scrollTop;
  }

  // What screen readers hear when the place has changed.
  setTitle(title) {
    if (this.announcer.textContent !== title) this.announcer.textContent = title;
    this.container.setAttribute("aria-label", title);
  }

  // A key that was pressed outside of any list is for the one in sight.
  takeKey(event) {
    return this.current?.keys?.take(event) ?? false;
  }

  // Wait until the list in sight is what its place asks for. Gives what keys do in it; null where it
  // has no items, or is out of sight again.
  async settledKeys() {
    const { current } = this;
    await current?.list?.source.settled?.();
    return current === this.current && current?.list?.source.count ? current.keys : null;
  }

  viewOf(place) {
    if (!place) return null;
    if (place.view === "scans") return this.isStaff && place.id === null ? ScansView : null;
    return place.id === null ? LISTS[place.view] : SINGLE[place.view];
  }
}
